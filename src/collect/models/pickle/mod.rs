//! Pickle: what a stream of pickles imports and calls, found without loading it.

mod imports;
mod joblib;
mod machine;
mod ops;

use std::collections::BTreeSet;

pub(super) use machine::Storage;
use machine::{Event, LOADER, Trace, Value, follow};
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

/// Whether what breaks as a pickle starts as other files do: a Type 1 font in binary form, where the length of a segment
/// and `%!` follow, and a program of SunOS, where the number of the kind of program does.
pub(super) fn is_other(bytes: &[u8]) -> bool {
    let is_font = bytes.starts_with(&[0x80, 1]) && bytes.get(6..8) == Some(b"%!");
    is_font || matches!(bytes, [0x80, 1..=3, 1, 0x07 | 0x08 | 0x0b, ..])
}

/// Whether the bytes start with the mark of a protocol.
pub(super) fn is_marked(bytes: &[u8]) -> bool {
    matches!(bytes, [0x80, 1..=5, ..]) || bytes.strip_prefix(&[0x80, 0]).is_some_and(starts_with_import)
}

/// Whether the bytes start with the mark of a protocol that does not exist, and go on as a pickle does: to its end, or
/// for [`MANY`] opcodes.
pub(super) fn is_marked_wrong(bytes: &[u8]) -> bool {
    if !matches!(bytes, [0x80, 6..=255, ..]) {
        return false;
    }
    let mut ops = Ops::new(bytes, 2);
    for _ in 0..MANY {
        match ops.next() {
            Ok(Op::Stop) => return ops.at == bytes.len(),
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    true
}

/// Whether the bytes read as opcodes of the text of protocol 0 which keep values for later, as pickles alone do.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let mut ops = Ops::new(bytes, 0);
    let kept = (0..MANY).map_while(|_| ops.next().ok()).filter(|op| matches!(op, Op::Put(_))).count();
    kept > 1
}

/// So many opcodes in a row are no chance.
const MANY: usize = 16;

/// How many opcodes may stand in front of the first import of a pickle without a mark.
const MOST_BEFORE: usize = 500;

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

/// How many pickles PyTorch's first format has: magic number, version, the system that wrote it, the object, and the
/// keys of its tensors, whose elements follow.
const TORCH_PICKLES: usize = 5;

/// What loading a stream of pickles does.
pub(super) fn judge(bytes: &[u8], verdict: &mut Verdict) {
    let mut at = 0;
    let is_torch = bytes.get(2..).is_some_and(|rest| rest.starts_with(TORCH_MAGIC));
    if is_torch {
        verdict.format("torch");
    }
    let mut storages = BTreeSet::new();
    for number in 0..MOST_PICKLES {
        let mut trace = follow(bytes, at);
        if trace.raw > 0 {
            verdict.format("joblib");
        }
        judge_trace(&trace, bytes, verdict);
        if let Some(why) = &trace.broken {
            verdict.unread(if number == 0 || is_torch {
                format!("a broken pickle: {why}")
            } else {
                format!("{} bytes behind a pickle are no pickle: {why}", bytes.len() - at)
            });
            return;
        }
        if trace.persistent && !is_torch && !verdict.persistent {
            verdict
                .unread("it asks for objects by persistent ids, which only a loader of its own resolves".to_owned());
        }
        storages.append(&mut trace.storages);
        at = trace.end;
        if is_torch {
            let is_right = match (number, &trace.gives) {
                (1, Some(Value::Int(version))) => *version == 1001,
                (1, _) => false,
                (4, given) => matches!(given, Some(Value::List | Value::Other)),
                _ => true,
            };
            if !is_right {
                verdict.unread(format!("its pickle number {} is not what PyTorch writes there", number + 1));
                return;
            }
            if number + 1 == TORCH_PICKLES {
                elements(&storages, &bytes[at..], verdict);
                return;
            }
            if at >= bytes.len() {
                verdict.unread("it ends before its tensors".to_owned());
                return;
            }
            continue;
        }
        // White space, behind which more may stand.
        let space = bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        if at + space == bytes.len() {
            verdict.storages.append(&mut storages);
            return;
        }
        let padding = bytes[at..].iter().take_while(|&&b| b == 0 || b.is_ascii_whitespace()).count();
        if at + padding == bytes.len() {
            verdict.unread(format!("{padding} bytes of padding stand behind a pickle"));
            return;
        }
        if is_marked(&bytes[at + padding..]) || starts_with_import(&bytes[at + padding..]) {
            at += padding;
        }
    }
    verdict.unread(format!("more than {MOST_PICKLES} pickles in one stream"));
}

/// Whether `rest` is the elements of these tensors, each behind their number, as far as their types are known.
fn elements(storages: &BTreeSet<Storage>, mut rest: &[u8], verdict: &mut Verdict) {
    for storage in storages {
        let Some((count, data)) = rest.split_first_chunk::<8>() else {
            verdict.unread("it ends before its tensors".to_owned());
            return;
        };
        if u64::from_le_bytes(*count) != storage.count {
            verdict.unread(format!("the tensor {} has another length than the pickle says", storage.key));
            return;
        }
        let Some(bytes) = storage.bytes else { return };
        let Some(behind) = usize::try_from(bytes).ok().and_then(|bytes| data.get(bytes..)) else {
            verdict.unread(format!("the tensor {} is cut off", storage.key));
            return;
        };
        rest = behind;
    }
    if !rest.is_empty() {
        verdict.unread(format!("{} bytes stand behind the last tensor", rest.len()));
    }
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
