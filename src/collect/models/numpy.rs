//! NumPy's `.npy` (NEP 1): a header, and raw elements or, for arrays of objects, a pickle.

use super::pickle;
use super::verdict::Verdict;

pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// How many arrays of one file are read.
const MOST_ARRAYS: usize = 10_000;

/// Judges a `.npy` file: one array, or several that were saved one behind the other.
pub(super) fn judge(mut bytes: &[u8], verdict: &mut Verdict) {
    for _ in 0..MOST_ARRAYS {
        let Some((header, data)) = split(bytes) else {
            verdict.unread("a NumPy header that is cut off or of an unknown version".to_owned());
            return;
        };
        let array = match array(&String::from_utf8_lossy(header)) {
            Ok(array) => array,
            Err(why) => {
                // Readers may make more of it.
                if pickle::starts(data) {
                    pickle::judge(data, verdict);
                }
                verdict.unread(format!("a NumPy header {why}"));
                return;
            }
        };
        if array.kind.objects {
            pickle::judge(data, verdict);
            return;
        }
        let Some(size) = array.size() else {
            verdict.unread("a NumPy header that announces elements without end".to_owned());
            return;
        };
        let Some(rest) = usize::try_from(size).ok().and_then(|size| data.get(size..)) else {
            verdict.unread(format!("{size} bytes of elements are announced, {} are there", data.len()));
            return;
        };
        if rest.is_empty() {
            return;
        }
        if !rest.starts_with(MAGIC) {
            verdict.unread(format!("{} bytes stand behind the last element", rest.len()));
            return;
        }
        bytes = rest;
    }
    verdict.unread(format!("more than {MOST_ARRAYS} arrays in one file"));
}

/// The header's text and what follows it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, from): (usize, usize) = match bytes.get(6..8)? {
        [1, 0] => (usize::from(u16::from_le_bytes(bytes.get(8..10)?.try_into().ok()?)), 10),
        [2 | 3, 0] => (u32::from_le_bytes(bytes.get(8..12)?.try_into().ok()?) as usize, 12),
        _ => return None,
    };
    let end = from.checked_add(length)?;
    Some((bytes.get(from..end)?, &bytes[end..]))
}

/// What a header says.
struct Array {
    kind: Kind,
    sides: Vec<u64>,
}

impl Array {
    /// How many bytes the elements take.
    fn size(&self) -> Option<u64> {
        self.sides.iter().try_fold(self.kind.size, |size, &side| size.checked_mul(side))
    }
}

/// A type of elements.
#[derive(Clone, Copy, Default)]
struct Kind {
    /// Bytes per element.
    size: u64,
    /// Whether Python objects are in it.
    objects: bool,
}

/// Reads a header: the literal of a dictionary with these three keys and no other, once each.
fn array(header: &str) -> Result<Array, String> {
    let mut reader = Reader { rest: header.trim() };
    let literal = reader.literal(0)?;
    if !reader.rest.is_empty() {
        return Err("with more behind its dictionary".to_owned());
    }
    let Literal::Dict(entries) = literal else { return Err("that is no dictionary".to_owned()) };
    let get = |key: &str| {
        let mut found = entries.iter().filter(|(name, _)| *name == key);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ok(value),
            (None, _) => Err(format!("without {key}")),
            _ => Err(format!("with {key} twice")),
        }
    };
    let (descr, order, shape) = (get("descr")?, get("fortran_order")?, get("shape")?);
    if entries.len() != 3 {
        return Err("with a key that is not known".to_owned());
    }
    let Literal::Word("True" | "False") = order else { return Err("without an order".to_owned()) };
    Ok(Array { kind: kind(descr)?, sides: sides(shape)? })
}

/// The sides of a shape.
fn sides(shape: &Literal<'_>) -> Result<Vec<u64>, String> {
    let Literal::Tuple(sides) = shape else { return Err("whose shape is no tuple".to_owned()) };
    sides
        .iter()
        .map(|side| match side {
            Literal::Word(word) => {
                word.trim_end_matches('L').parse().map_err(|_| "with a side that is no number".into())
            }
            _ => Err("with a side that is no number".to_owned()),
        })
        .collect()
}

/// The type that a description tells: a text such as `<f8`, a pair of such and a shape, or a list of fields.
fn kind(descr: &Literal<'_>) -> Result<Kind, String> {
    match descr {
        Literal::Text(text) => simple(text).ok_or_else(|| format!("with the unknown type {text:?}")),
        Literal::Tuple(parts) => match &parts[..] {
            [inner, shape @ Literal::Tuple(_)] => repeated(kind(inner)?, shape),
            _ => Err("with a type that is not known".to_owned()),
        },
        Literal::List(fields) => {
            let mut whole = Kind::default();
            for field in fields {
                let Literal::Tuple(parts) = field else { return Err("with a field that is no tuple".to_owned()) };
                let field = match &parts[..] {
                    [Literal::Text(_) | Literal::Tuple(_), inner] => kind(inner)?,
                    [Literal::Text(_) | Literal::Tuple(_), inner, shape] => repeated(kind(inner)?, shape)?,
                    _ => return Err("with a field that is not known".to_owned()),
                };
                whole.objects |= field.objects;
                whole.size = whole.size.checked_add(field.size).ok_or("with a type without end")?;
            }
            Ok(whole)
        }
        _ => Err("with a type that is not known".to_owned()),
    }
}

/// An element that is an array itself.
fn repeated(kind: Kind, shape: &Literal<'_>) -> Result<Kind, String> {
    let sides = match shape {
        Literal::Word(_) => sides(&Literal::Tuple(vec![shape.clone()]))?,
        shape => sides(shape)?,
    };
    let size = Array { kind, sides }.size();
    Ok(Kind { size: size.ok_or("with a type without end")?, ..kind })
}

/// The type that a text names: an order of bytes, a letter, and bytes per element or, for text, characters.
fn simple(text: &str) -> Option<Kind> {
    let text = text.trim_start_matches(['|', '<', '>', '=']);
    if text == "object" || text.strip_prefix('O').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
        return Some(Kind { size: 8, objects: true });
    }
    let letter = text.chars().next().filter(char::is_ascii)?;
    let digits = text[1..].split('[').next().unwrap_or_default();
    let (unit, number) = match (digits, digits.parse::<u64>().ok()) {
        ("", _) => return Some(Kind { size: size_of_letter(letter)?, objects: false }),
        (_, number) => (if letter == 'U' { 4 } else { 1 }, number?),
    };
    let exists = match letter {
        'f' => matches!(number, 2 | 4 | 8 | 10 | 12 | 16),
        'i' | 'u' => matches!(number, 1 | 2 | 4 | 8),
        'c' => matches!(number, 8 | 16 | 20 | 24 | 32),
        'b' | 'B' | '?' => number == 1,
        'm' | 'M' => number == 8,
        'S' | 'U' | 'V' | 'a' => true,
        _ => false,
    };
    exists.then_some(Kind { size: number.checked_mul(unit)?, objects: false })
}

/// Bytes per element of a type that is told by its letter alone, where it is the same on all machines.
fn size_of_letter(letter: char) -> Option<u64> {
    Some(match letter {
        '?' | 'b' | 'B' | 'c' => 1,
        'e' | 'h' | 'H' => 2,
        'f' | 'i' | 'I' => 4,
        'd' | 'q' | 'Q' | 'F' | 'm' | 'M' => 8,
        'D' => 16,
        _ => return None,
    })
}

/// A literal of Python.
#[derive(Clone, Debug)]
enum Literal<'a> {
    Text(&'a str),
    /// A number, `True`, `False` or `None`.
    Word(&'a str),
    Tuple(Vec<Self>),
    List(Vec<Self>),
    Dict(Vec<(&'a str, Self)>),
}

/// How deep literals may be nested.
const DEEPEST: u8 = 16;

/// Reads literals.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Whether this mark comes next; it is passed by.
    fn takes(&mut self, mark: char) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn literal(&mut self, depth: u8) -> Result<Literal<'a>, String> {
        if depth > DEEPEST {
            return Err("that is nested too deep".to_owned());
        }
        if self.takes('(') {
            return self.items(')', depth).map(Literal::Tuple);
        }
        if self.takes('[') {
            return self.items(']', depth).map(Literal::List);
        }
        if self.takes('{') {
            let mut entries = Vec::new();
            while !self.takes('}') {
                let Literal::Text(key) = self.literal(depth + 1)? else {
                    return Err("with a key that is no text".into());
                };
                if !self.takes(':') {
                    return Err("with a key without a value".to_owned());
                }
                entries.push((key, self.literal(depth + 1)?));
                if !self.takes(',') && !self.rest.trim_start().starts_with('}') {
                    return Err("that is no literal".to_owned());
                }
            }
            return Ok(Literal::Dict(entries));
        }
        for prefix in ['u', 'b'] {
            // Prefixes of Python 2 and of bytes.
            if self.rest.starts_with([prefix]) && self.rest[1..].starts_with(['\'', '"']) {
                self.rest = &self.rest[1..];
            }
        }
        for quote in ['\'', '"'] {
            if self.takes(quote) {
                let end = self.rest.find(quote).ok_or("that is no literal")?;
                let text = &self.rest[..end];
                if text.contains('\\') {
                    return Err("of which readers may take different types".to_owned());
                }
                self.rest = &self.rest[end + 1..];
                return Ok(Literal::Text(text));
            }
        }
        let end =
            self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-_.".contains(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if word.is_empty() { Err("that is no literal".to_owned()) } else { Ok(Literal::Word(word)) }
    }

    fn items(&mut self, close: char, depth: u8) -> Result<Vec<Literal<'a>>, String> {
        let mut items = Vec::new();
        while !self.takes(close) {
            items.push(self.literal(depth + 1)?);
            if !self.takes(',') && !self.rest.trim_start().starts_with(close) {
                return Err("that is no literal".to_owned());
            }
        }
        Ok(items)
    }
}
