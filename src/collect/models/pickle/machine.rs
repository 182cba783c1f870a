//! Follows what a pickle would do, without doing it.
//!
//! The stack and the memo hold what is known of each value: texts, numbers, names of imported objects, and what calls
//! give. That is enough to know every name that is imported, however it is spelt, and what is called with what.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::ops::{Op, Ops};

/// What is known of a value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(Rc<str>),
    Int(i64),
    /// An imported object: `module.name`.
    Import(Rc<str>),
    /// What a call of an imported object gave, with the arguments.
    Result(Rc<str>, Rc<[Self]>),
    /// At most [`DEEPEST`] tuples and results deep.
    Tuple(Rc<[Self]>),
    Dict(Rc<RefCell<Vec<(Self, Self)>>>),
    /// Bytes at a range of the stream.
    Bytes(usize, usize),
    List,
    Set,
    /// What has neither items nor attributes that could change, nor can be called: `None`, booleans, floats, ...
    Plain,
    Other,
}

/// A tensor's elements, which PyTorch keeps outside of the pickle and names by a persistent id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Storage {
    /// Under which key they are kept.
    pub(in super::super) key: String,
    /// How many there are.
    pub(super) count: u64,
    /// How many bytes they take, where the type of the elements is known.
    pub(in super::super) bytes: Option<u64>,
}

/// What a pickle does that matters.
#[derive(Debug)]
pub(super) enum Event {
    /// It imports `module.name`.
    Import(String),
    /// It imports a name that is put together while it is loaded.
    ComputedImport,
    /// It calls what an earlier call gave.
    ComputedCall,
    /// `getattr` on an import: the dotted path.
    Attribute(String),
    /// It uses a number of `copyreg`'s extension registry.
    Extension,
    /// It calls a loader on bytes that stand in the stream at this range.
    Nested(String, usize, usize),
    /// It calls a loader on bytes that it spells as text.
    Spelt(Vec<u8>),
    /// It calls a loader on bytes that are not known.
    Unknown(String),
    /// It opens a file by this class.
    Opens(String),
}

/// One pickle, followed to its end or to where it breaks.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) events: Vec<Event>,
    /// The offset behind the last opcode that was read.
    pub(super) end: usize,
    /// Why it breaks, when it does.
    pub(super) broken: Option<String>,
    /// The highest protocol that it names.
    pub(super) protocol: u8,
    /// What it gives.
    pub(super) gives: Option<Value>,
    /// Whether it asks its loader for objects by ids, which plain loaders refuse.
    pub(super) persistent: bool,
    /// The tensors that it asks for so.
    pub(super) storages: BTreeSet<Storage>,
    /// How many raw bytes of joblib arrays stand between the opcodes.
    pub(super) raw: usize,
}

/// How deep values are known: deep enough for arrays of joblib, and no deeper, so that dropping them needs no stack.
const DEEPEST: usize = 4;

impl Value {
    /// How deep it is, as far as [`DEEPEST`] and one more.
    fn depth(&self) -> usize {
        match self {
            Self::Tuple(items) | Self::Result(_, items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// What is known of it inside another value. A dictionary may come to hold itself, so it is not known there.
    fn inner(self) -> Self {
        match self {
            Self::Dict(_) => Self::Other,
            value if value.depth() >= DEEPEST => Self::Other,
            value => value,
        }
    }
}

/// A tuple of values, as far as they are known inside one.
fn tuple(items: Vec<Value>) -> Value {
    Value::Tuple(items.into_iter().map(Value::inner).collect())
}

/// How deep arrays of objects may hold arrays of objects.
const DEEPEST_ARRAYS: u8 = 8;

/// The function that reaches any attribute of anything.
const GETATTR: &str = "builtins.getattr";

/// What loads a tensor that was pickled by itself.
pub(super) const LOADER: &str = "torch.storage._load_from_bytes";
/// An array in a file: pickles name the class and build it otherwise, since to call it opens a file.
const MEMMAP: &str = "numpy.memmap";

/// What became of [`GETATTR`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Getattr {
    #[default]
    Unused,
    /// Called, and each time it can be told what it reached.
    Told,
    /// Imported, and not called where it can be seen.
    Imported,
    /// Called, and it cannot be told what it reached.
    Untold,
}

/// How many values a pickle may have on its stack at a time.
const MOST_VALUES: usize = 4_000_000;

struct Machine<'a> {
    bytes: &'a [u8],
    stack: Vec<Value>,
    marks: Vec<usize>,
    memo: HashMap<u64, Value>,
    trace: Trace,
    /// How many arrays of objects this pickle stands in.
    depth: u8,
    getattr: Getattr,
    /// What loaders refuse, though the opcodes behind it can be followed all the same.
    refused: Option<&'static str>,
}

/// Follows the pickle that starts at `at`.
pub(super) fn follow(bytes: &[u8], at: usize) -> Trace {
    follow_at(bytes, at, 0)
}

/// As [`follow`], inside so many arrays of objects.
pub(super) fn follow_at(bytes: &[u8], at: usize, depth: u8) -> Trace {
    let mut machine = Machine {
        bytes,
        stack: Vec::new(),
        marks: Vec::new(),
        memo: HashMap::new(),
        trace: Trace::default(),
        depth,
        getattr: Getattr::Unused,
        refused: None,
    };
    if depth > DEEPEST_ARRAYS {
        machine.trace.broken = Some("arrays of objects are nested too deep".to_owned());
        return machine.trace;
    }
    let mut ops = Ops::new(bytes, at);
    loop {
        let step = ops.next().and_then(|op| machine.step(op, &mut ops));
        machine.trace.end = ops.at;
        match step {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => {
                machine.trace.broken = Some(why);
                break;
            }
        }
        if machine.stack.len() > MOST_VALUES || machine.memo.len() > MOST_VALUES {
            machine.trace.broken = Some("it holds more values than are followed".to_owned());
            break;
        }
    }
    if matches!(machine.getattr, Getattr::Imported | Getattr::Untold) {
        machine.trace.events.push(Event::Import(GETATTR.to_owned()));
    }
    if machine.trace.broken.is_none() {
        machine.trace.broken = machine.refused.map(str::to_owned);
    }
    machine.trace
}

impl<'a> Machine<'a> {
    /// Does one opcode; `false` at the end of the pickle.
    fn step(&mut self, op: Op<'a>, ops: &mut Ops<'a>) -> Result<bool, String> {
        match op {
            Op::Global(module, name) => {
                let (module, name) = (text(module), text(name));
                self.import(&module, &name);
            }
            Op::Inst(module, name) => {
                let args = self.pop_mark()?;
                let (module, name) = (text(module), text(name));
                self.import(&module, &name);
                let callee = self.pop()?;
                self.call(callee, &args);
            }
            Op::StackGlobal => {
                let (name, module) = (self.pop()?, self.pop()?);
                match (module, name) {
                    (Value::Text(module), Value::Text(name)) => self.import(&module, &name),
                    _ => {
                        self.trace.events.push(Event::ComputedImport);
                        self.stack.push(Value::Other);
                    }
                }
            }
            Op::Reduce | Op::NewObj => {
                let (args, callee) = (self.pop()?, self.pop()?);
                self.call(callee, &items(args)?);
            }
            Op::NewObjEx => {
                self.pop()?;
                let (args, callee) = (self.pop()?, self.pop()?);
                self.call(callee, &items(args)?);
            }
            Op::Obj => {
                let mut args = self.pop_mark()?;
                if args.is_empty() {
                    return Err("OBJ without a class".to_owned());
                }
                let callee = args.remove(0);
                self.call(callee, &args);
            }
            Op::Build => {
                let state = self.pop()?;
                let object = self.target(|_| false)?;
                if let Value::Result(name, _) = object
                    && name.ends_with("numpy_pickle.NumpyArrayWrapper")
                {
                    let wrapped = super::joblib::length(&state, self.bytes, ops.at, self.depth + 1)?;
                    self.trace.raw += wrapped.raw;
                    ops.at = wrapped.end;
                    self.trace.events.extend(wrapped.events);
                }
            }
            Op::Extension => {
                self.trace.events.push(Event::Extension);
                self.stack.push(Value::Other);
            }
            Op::Text(text) => self.stack.push(Value::Text(text.into())),
            Op::Bytes(bytes) => {
                let start = ops.at - bytes.len();
                self.stack.push(Value::Bytes(start, ops.at));
            }
            Op::Int(number) => self.stack.push(Value::Int(number)),
            Op::Value => self.stack.push(Value::Plain),
            Op::Persistent => {
                self.trace.persistent = true;
                self.stack.push(Value::Other);
            }
            Op::PersistentPop => {
                let id = self.pop()?;
                self.trace.persistent = true;
                self.trace.storages.extend(storage(&id));
                self.stack.push(Value::Other);
            }
            Op::Mark => self.marks.push(self.stack.len()),
            Op::Stop => {
                self.trace.gives = Some(self.pop()?);
                if !self.stack.is_empty() || !self.marks.is_empty() {
                    self.refused = Some("it leaves values on its stack");
                }
                return Ok(false);
            }
            // POP takes a mark away when that is what lies on top.
            Op::Pop => match self.marks.last() {
                Some(&mark) if mark == self.stack.len() => {
                    self.marks.pop();
                }
                _ => {
                    self.pop()?;
                }
            },
            Op::PopMark => {
                self.pop_mark()?;
            }
            Op::Dup => {
                let top = self.stack.last().cloned().ok_or("the stack is empty")?;
                self.stack.push(top);
            }
            Op::EmptyTuple => self.stack.push(Value::Tuple(Rc::from([]))),
            Op::Tuple => {
                let items = self.pop_mark()?;
                self.stack.push(tuple(items));
            }
            Op::TupleOf(count) => {
                let from = self.stack.len().checked_sub(count).filter(|&from| from >= self.floor());
                let items = self.stack.split_off(from.ok_or("the stack is too short")?);
                self.stack.push(tuple(items));
            }
            Op::EmptyDict => self.stack.push(Value::Dict(Rc::default())),
            Op::Dict => {
                let items = self.pop_mark()?;
                let dict = Value::Dict(Rc::default());
                set_items(&dict, items)?;
                self.stack.push(dict);
            }
            Op::EmptyList => self.stack.push(Value::List),
            Op::EmptySet => self.stack.push(Value::Set),
            Op::List => {
                self.pop_mark()?;
                self.stack.push(Value::List);
            }
            Op::FrozenSet => {
                let items = self.pop_mark()?;
                items.iter().try_for_each(hashable)?;
                self.stack.push(Value::Plain);
            }
            Op::Append => {
                self.pop()?;
                self.target(|value| matches!(value, Value::List))?;
            }
            Op::Appends => {
                self.pop_mark()?;
                self.target(|value| matches!(value, Value::List))?;
            }
            Op::AddItems => {
                let items = self.pop_mark()?;
                items.iter().try_for_each(hashable)?;
                self.target(|value| matches!(value, Value::Set))?;
            }
            Op::SetItem => {
                let (value, key) = (self.pop()?, self.pop()?);
                let dict = self.target(|value| matches!(value, Value::Dict(_)))?.clone();
                set_items(&dict, vec![key, value])?;
            }
            Op::SetItems => {
                let items = self.pop_mark()?;
                let dict = self.target(|value| matches!(value, Value::Dict(_)))?.clone();
                set_items(&dict, items)?;
            }
            Op::Put(key) => {
                let top = self.top()?.clone();
                self.memo.insert(key, top);
            }
            Op::Memoize => {
                let top = self.top()?.clone();
                self.memo.insert(self.memo.len() as u64, top);
            }
            Op::Get(key) => {
                let value = self.memo.get(&key).cloned().ok_or("it gets from the memo what was never put there")?;
                self.stack.push(value);
            }
            Op::Proto(version) if version > 5 => return Err(format!("protocol {version} does not exist")),
            Op::Proto(version) => self.trace.protocol = self.trace.protocol.max(version),
            Op::Frame(is_too_long) => {
                if is_too_long {
                    self.refused = Some("it ends inside a frame");
                }
            }
            Op::Buffer => {
                self.refused = Some("it takes a buffer from outside of the stream");
                self.stack.push(Value::Other);
            }
            Op::ReadOnly => match self.top()? {
                Value::Bytes(..) | Value::Other => {}
                _ => return Err("it protects what is no buffer".to_owned()),
            },
        }
        Ok(true)
    }

    fn import(&mut self, module: &str, name: &str) {
        let full = format!("{}.{name}", modern(module));
        // `getattr` is judged by what it reaches, once it is called.
        if full == GETATTR {
            if self.getattr == Getattr::Unused {
                self.getattr = Getattr::Imported;
            }
        } else {
            self.trace.events.push(Event::Import(full.clone()));
        }
        self.stack.push(Value::Import(full.into()));
    }

    fn call(&mut self, callee: Value, args: &[Value]) {
        let Value::Import(name) = callee else {
            // Python calls whatever a call before gave; harmless pickles never do.
            self.trace.events.push(Event::ComputedCall);
            self.stack.push(Value::Other);
            return;
        };
        if &*name == GETATTR {
            if let [Value::Import(of), Value::Text(attribute), ..] = args {
                let path = format!("{of}.{attribute}");
                self.trace.events.push(Event::Attribute(path.clone()));
                self.stack.push(Value::Import(path.into()));
                self.getattr = if self.getattr == Getattr::Untold { Getattr::Untold } else { Getattr::Told };
                return;
            }
            self.getattr = Getattr::Untold;
        }
        // How protocols below 2 make an object of a class of Python: of its first argument.
        let name = match args {
            [Value::Import(class), ..] if &*name == "copyreg._reconstructor" => class.clone(),
            _ => name,
        };
        match args {
            [Value::Bytes(start, end), ..] => {
                self.trace.events.push(Event::Nested(name.to_string(), *start, *end));
            }
            _ if &*name == LOADER => self.trace.events.push(match args.first().and_then(spelt) {
                Some(bytes) => Event::Spelt(bytes),
                None => Event::Unknown(name.to_string()),
            }),
            [_, ..] if &*name == MEMMAP => self.trace.events.push(Event::Opens(name.to_string())),
            _ => {}
        }
        self.stack.push(Value::Result(name, args.iter().cloned().map(Value::inner).collect()));
    }

    /// Where the values since the last mark begin.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn pop(&mut self) -> Result<Value, String> {
        if self.stack.len() <= self.floor() {
            return Err("the stack is empty".to_owned());
        }
        self.stack.pop().ok_or_else(|| "the stack is empty".to_owned())
    }

    fn top(&self) -> Result<&Value, String> {
        self.stack.last().ok_or_else(|| "the stack is empty".to_owned())
    }

    /// What is on top, to be given items or a state: an object, or a plain value that `takes` them.
    fn target(&self, takes: fn(&Value) -> bool) -> Result<&Value, String> {
        match self.top()? {
            value @ (Value::Import(_) | Value::Result(..) | Value::Other) => Ok(value),
            value if takes(value) => Ok(value),
            _ => Err("it changes what cannot change so".to_owned()),
        }
    }

    fn pop_mark(&mut self) -> Result<Vec<Value>, String> {
        let mark = self.marks.pop().ok_or("there is no mark on the stack")?;
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }
}

/// The arguments in a tuple; what is no tuple is one argument that nothing is known of.
fn items(args: Value) -> Result<Rc<[Value]>, String> {
    match args {
        Value::Tuple(items) => Ok(items),
        Value::Result(..) | Value::Other => Ok(Rc::from([Value::Other])),
        _ => Err("it calls with what is no tuple".to_owned()),
    }
}

/// Whether a value may be a key or a member of a set.
fn hashable(value: &Value) -> Result<(), String> {
    match value {
        Value::List | Value::Set | Value::Dict(_) => Err("a key in it may change".to_owned()),
        _ => Ok(()),
    }
}

/// The tensor that PyTorch asks for by this id: `('storage', class, key, device, number of elements, ...)`.
fn storage(id: &Value) -> Option<Storage> {
    let Value::Tuple(parts) = id else { return None };
    let [Value::Text(kind), class, Value::Text(key), _, Value::Int(count), ..] = &**parts else { return None };
    if &**kind != "storage" {
        return None;
    }
    let size = match class {
        Value::Import(class) => element_size(class.rsplit('.').next().unwrap_or_default()),
        _ => None,
    };
    let count = u64::try_from(*count).ok()?;
    Some(Storage { key: key.to_string(), count, bytes: size.and_then(|size| count.checked_mul(size)) })
}

/// Bytes per element of PyTorch's classes of storages.
fn element_size(class: &str) -> Option<u64> {
    Some(match class {
        "ByteStorage" | "CharStorage" | "BoolStorage" | "UntypedStorage" => 1,
        "ShortStorage" | "HalfStorage" | "BFloat16Storage" => 2,
        "IntStorage" | "FloatStorage" => 4,
        "LongStorage" | "DoubleStorage" | "ComplexFloatStorage" => 8,
        "ComplexDoubleStorage" => 16,
        _ => return None,
    })
}

/// Bytes that protocols below 3 spell as a text in Latin-1, `_codecs.encode(text, 'latin1')`.
fn spelt(value: &Value) -> Option<Vec<u8>> {
    let Value::Result(name, args) = value else { return None };
    match (&**name, &**args) {
        ("_codecs.encode", [Value::Text(text), Value::Text(encoding)]) if &**encoding == "latin1" => {
            text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
        }
        _ => None,
    }
}

/// Puts keys and values, which stand in turn, into a dictionary.
fn set_items(dict: &Value, items: Vec<Value>) -> Result<(), String> {
    let mut items = items.into_iter();
    while let Some(key) = items.next() {
        let value = items.next().ok_or("a dictionary has a key without a value")?;
        if let Value::Dict(entries) = dict {
            hashable(&key)?;
            entries.borrow_mut().push((key.inner(), value.inner()));
        }
    }
    Ok(())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\r').to_owned()
}

/// The name in Python 3 of a module of Python 2, as `pickle` maps them for protocols below 3.
fn modern(module: &str) -> &str {
    match module {
        "__builtin__" | "exceptions" => "builtins",
        "copy_reg" => "copyreg",
        "cPickle" | "_pickle" => "pickle",
        "commands" => "subprocess",
        "SocketServer" => "socketserver",
        "BaseHTTPServer" | "SimpleHTTPServer" | "CGIHTTPServer" => "http.server",
        "xmlrpclib" | "SimpleXMLRPCServer" | "DocXMLRPCServer" => "xmlrpc",
        "anydbm" | "dumbdbm" | "gdbm" | "whichdb" | "dbhash" => "dbm",
        other => other,
    }
}
