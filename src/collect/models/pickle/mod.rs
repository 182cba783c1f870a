//! Pickle: what a stream of pickles imports and calls, found without loading it.

mod imports;
mod joblib;
mod machine;
mod ops;

use machine::{Event, LOADER, Trace, follow};
use ops::{Op, Ops};

use super::verdict::Verdict;
use crate::model::Safety;

/// The magic number that PyTorch's first format starts with, as a pickle of its own.
const TORCH_MAGIC: &[u8] = b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19";

/// How many pickles of one stream are followed.
const MOST_PICKLES: usize = 100_000;

/// Whether `bytes` may be a pickle, by its first bytes: a protocol mark, or an import soon after the start.
pub(super) fn starts(bytes: &[u8]) -> bool {
    is_marked(bytes) || starts_with_import(bytes)
}

/// Whether the bytes start with the mark of a protocol.
pub(super) fn is_marked(bytes: &[u8]) -> bool {
    matches!(bytes, [0x80, 1..=5, ..]) || bytes.strip_prefix(&[0x80, 0]).is_some_and(starts_with_import)
}

/// How many opcodes may stand in front of the first import of a pickle without a mark.
const MOST_BEFORE: usize = 12;

/// Whether the bytes read `cmodule\nname\n`, perhaps behind a few other opcodes, and go on as a pickle does.
fn starts_with_import(bytes: &[u8]) -> bool {
    if !bytes.first().is_some_and(|b| b"ci(]})INSVUXKJMFGL".contains(b)) {
        return false;
    }
    let is_name = |name: &[u8]| {
        !name.is_empty()
            && name.len() < 200
            && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
    };
    let mut ops = Ops::new(bytes, 0);
    for _ in 0..=MOST_BEFORE {
        match ops.next() {
            Ok(Op::Global(module, name) | Op::Inst(module, name)) => {
                let next = bytes.get(ops.at).is_some_and(|b| b"(pqr)S VXUIKJMN]}\x8c.".contains(b));
                return next && is_name(module) && is_name(name);
            }
            Ok(Op::Stop) | Err(_) => return false,
            Ok(_) => {}
        }
    }
    false
}

/// What loading a stream of pickles does. `torch` says that storages may follow the pickles as raw bytes.
pub(super) fn judge(bytes: &[u8], verdict: &mut Verdict) {
    let mut at = 0;
    let is_torch = bytes.get(2..).is_some_and(|rest| rest.starts_with(TORCH_MAGIC));
    if is_torch {
        verdict.format("torch");
    }
    for number in 0..MOST_PICKLES {
        let trace = follow(bytes, at);
        if trace.raw > 0 {
            verdict.format("joblib");
        }
        let before = verdict.safety();
        judge_trace(&trace, bytes, verdict);
        if let Some(why) = &trace.broken {
            // Behind the first pickle there may be data of another kind: of tensors, where PyTorch says so.
            if number == 0 {
                verdict.unread(format!("a broken pickle: {why}"));
            } else if !is_torch && before <= verdict.safety() {
                verdict.unread(format!("{} bytes behind a pickle are no pickle: {why}", bytes.len() - at));
            }
            return;
        }
        at = trace.end;
        // Of PyTorch's first format five pickles are read; what follows is raw.
        if at >= bytes.len() || is_torch && number == 4 {
            return;
        }
        // Padding, behind which more may stand.
        let padding = bytes[at..].iter().take_while(|&&b| b == 0 || b.is_ascii_whitespace()).count();
        if at + padding == bytes.len() {
            return;
        }
        if is_marked(&bytes[at + padding..]) || starts_with_import(&bytes[at + padding..]) {
            at += padding;
        }
    }
    verdict.unread(format!("more than {MOST_PICKLES} pickles in one stream"));
}

fn judge_trace(trace: &Trace, bytes: &[u8], verdict: &mut Verdict) {
    for event in &trace.events {
        match event {
            Event::Import(path) => judge_import(path, verdict),
            Event::Attribute(path) => match imports::safety(path) {
                // The attribute of a harmless object is most often a method of a class.
                Safety::Dangerous => verdict.add(Safety::Dangerous, format!("it reaches {path} by getattr")),
                Safety::Clean => {}
                _ => verdict.add(Safety::Unproven, format!("it reaches {path} by getattr")),
            },
            Event::ComputedImport => {
                verdict
                    .add(Safety::Dangerous, "it imports a name that is put together while it is loaded".to_owned());
            }
            Event::ComputedCall => {
                verdict.add(Safety::Unproven, "it calls what an earlier call gave".to_owned());
            }
            Event::Extension => {
                // What the number stands for is registered by who loads it; nothing that is published needs it.
                verdict.add(Safety::Dangerous, "it imports by a number of copyreg's extension registry".to_owned());
            }
            Event::Spelt(inner) => verdict.nested(inner),
            Event::Unknown(loader) => {
                verdict.unread(format!("it calls {loader} on bytes that it puts together while it is loaded"));
            }
            Event::Opens(class) => verdict.add(Safety::Dangerous, format!("it opens a file by {class}")),
            Event::Nested(loader, start, end) => {
                let inner = bytes.get(*start..*end).unwrap_or_default();
                if loader == LOADER || starts(inner) {
                    verdict.nested(inner);
                }
            }
        }
    }
}

/// What importing a name means.
pub(super) fn judge_import(path: &str, verdict: &mut Verdict) {
    match imports::safety(path) {
        Safety::Clean => {}
        Safety::Dangerous => verdict.add(Safety::Dangerous, format!("it imports {path}")),
        _ => verdict.add(Safety::Unproven, format!("it imports {path}, of which nothing is known")),
    }
}
