//! Keras in HDF5, and TensorFlow's SavedModel.

use memchr::memmem;

use super::json;
use super::protobuf::{self, Shape};
use super::verdict::Verdict;
use crate::model::Safety;

/// The signature of HDF5.
pub(super) const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Whether an HDF5 file has an attribute or group by which Keras keeps a model or its weights; tables and measurements of
/// science are in HDF5, too.
pub(super) fn is_keras(bytes: &[u8]) -> bool {
    const NAMES: &[&[u8]] =
        &[b"model_config", b"weight_names", b"layer_names", b"keras_version", b"_layer_checkpoint_dependencies"];
    NAMES.iter().any(|name| memmem::find(bytes, name).is_some())
}

/// Where an HDF5 file starts: at once, or behind a block for the user of 512 bytes, 1024, and so on.
pub(super) fn hdf5_start(bytes: &[u8]) -> Option<usize> {
    let blocks = (0..20).map(|n| if n == 0 { 0 } else { 256usize << n });
    blocks.take_while(|&at| at < bytes.len()).find(|&at| bytes[at..].starts_with(HDF5))
}

/// Judges an HDF5 file: whether it is whole, and the model description that Keras keeps in an attribute, where HDF5
/// stores it as one run of bytes.
pub(super) fn hdf5(bytes: &[u8], verdict: &mut Verdict) {
    if let Err(why) = superblock(bytes) {
        verdict.unread(why);
    }
    descriptions(bytes, verdict);
    if let Some(file) = external_link(bytes) {
        verdict.add(Safety::Unproven, format!("a link in it leads to the file {file}"));
    }
}

/// Whether the superblock (HDF5 file format, II.A) is right, and the file as long as it tells.
fn superblock(bytes: &[u8]) -> Result<(), String> {
    const BROKEN: &str = "an HDF5 header that is cut off or of an unknown version";
    let number = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?));
    let byte = |at: usize| bytes.get(at).copied().ok_or(BROKEN);
    let version = byte(8)?;
    // Where addresses begin, and how long they are; where the end of the file stands, and where the root group.
    let (base, widths, end, root) = match version {
        0 | 1 => {
            let base = 24 + usize::from(version) * 4;
            (base, (byte(13)?, byte(14)?), base + 16, base + 40)
        }
        2 | 3 => (12, (byte(9)?, byte(10)?), 28, 36),
        _ => return Err(BROKEN.to_owned()),
    };
    if widths != (8, 8) {
        return Err("an HDF5 header with addresses of another width than is read".to_owned());
    }
    let (base, end, root) = (number(base).ok_or(BROKEN)?, number(end).ok_or(BROKEN)?, number(root).ok_or(BROKEN)?);
    let length = bytes.len() as u64;
    // Behind a block for the user, the end counts from the start of the file, and addresses from the base.
    let whole = length.saturating_add(base);
    if end > whole {
        return Err(format!("it ends {} bytes early", end - whole));
    }
    if end != length && end < whole {
        return Err(format!("{} bytes stand behind its end", whole - end));
    }
    if base != 0 {
        return Ok(());
    }
    let leads_to = |address: Option<u64>, mark: &[u8]| {
        let at = address.and_then(|address| bytes.get(usize::try_from(address).ok()?..));
        at.is_some_and(|at| at.starts_with(mark))
    };
    // An object header of version 1 or, by its signature, of version 2.
    let is_header = |address| leads_to(Some(address), &[1, 0]) || leads_to(Some(address), b"OHDR");
    let is_right = if version < 2 {
        // Where the entry says so, the tree and the names of the group stand behind it.
        let entry = 24 + usize::from(version) * 4 + 40;
        let has_tree = number(entry + 8).is_some_and(|kind| kind & 0xffff_ffff == 1);
        is_header(root)
            && (!has_tree || leads_to(number(entry + 16), b"TREE") && leads_to(number(entry + 24), b"HEAP"))
    } else {
        let sum = bytes.get(44..48).and_then(|four| four.try_into().ok()).map(u32::from_le_bytes);
        if sum != Some(lookup3(&bytes[..44.min(bytes.len())])) {
            return Err("an HDF5 header that does not have its checksum".to_owned());
        }
        is_header(root)
    };
    if is_right { Ok(()) } else { Err("an HDF5 header that does not lead to a root group".to_owned()) }
}

/// Bob Jenkins' hash `lookup3`, `hashlittle` with zero for the start, which HDF5 takes for checksums.
fn lookup3(bytes: &[u8]) -> u32 {
    let start = 0xdead_beefu32.wrapping_add(bytes.len() as u32);
    let (mut a, mut b, mut c) = (start, start, start);
    let mut blocks = bytes.chunks(12).peekable();
    while let Some(block) = blocks.next() {
        let mut twelve = [0; 12];
        twelve[..block.len()].copy_from_slice(block);
        let word = |at: usize| u32::from_le_bytes([twelve[at], twelve[at + 1], twelve[at + 2], twelve[at + 3]]);
        a = a.wrapping_add(word(0));
        b = b.wrapping_add(word(4));
        c = c.wrapping_add(word(8));
        if blocks.peek().is_some() {
            for turn in [4, 6, 8, 16, 19, 4] {
                a = a.wrapping_sub(c) ^ c.rotate_left(turn);
                c = c.wrapping_add(b);
                (a, b, c) = (b, c, a);
            }
        } else {
            for turn in [14, 11, 25, 16, 4, 14, 24] {
                c = (c ^ b).wrapping_sub(b.rotate_left(turn));
                (a, b, c) = (b, c, a);
            }
            // Seven turns of three words end one turn on.
            (a, b, c) = (c, a, b);
        }
    }
    c
}

/// The file that an external link leads to: a link message of version 1 and type 64 (HDF5 file format, IV.A.2.g), whose
/// lengths and texts must fit, since weights hold these bytes by chance.
fn external_link(bytes: &[u8]) -> Option<String> {
    memchr::memchr_iter(64, bytes).find_map(|at| {
        let flags = *bytes.get(at.checked_sub(1)?)?;
        if bytes.get(at.checked_sub(2)?) != Some(&1) || flags & 0xe8 != 8 {
            return None;
        }
        let start = at + 1 + usize::from(flags & 4 != 0) * 8 + usize::from(flags & 16 != 0);
        let width = 1 << (flags & 3);
        let number = |at: usize, width: usize| {
            Some(bytes.get(at..at + width)?.iter().rev().fold(0usize, |n, b| n.wrapping_shl(8) | usize::from(*b)))
        };
        let name = number(start, width).filter(|length| (1..256).contains(length))?;
        let target = start + width + name;
        let is_text =
            |part: &[u8]| !part.is_empty() && part.iter().all(|b| b.is_ascii_graphic() || *b >= 0x80 || *b == b' ');
        let length = number(target, 2).filter(|length| (5..4096).contains(length))?;
        let value = bytes.get(target + 2..target + 2 + length)?.strip_prefix(&[0])?.strip_suffix(&[0])?;
        let (file, object) = value.split_at(memchr::memchr(0, value)?);
        let fits = is_text(&bytes[start + width..target]) && is_text(file) && is_text(&object[1..]);
        fits.then(|| String::from_utf8_lossy(file).into_owned())
    })
}

/// Looks at each model description in a file of another format.
fn descriptions(bytes: &[u8], verdict: &mut Verdict) {
    // Wherever it stands, and whatever else is broken.
    let names_lambda = memmem::find_iter(bytes, b"\"Lambda\"").any(|at| {
        let before = bytes[..at].trim_ascii_end();
        before.strip_suffix(b":").is_some_and(|before| before.trim_ascii_end().ends_with(b"\"class_name\""))
    });
    if names_lambda {
        verdict.add(Safety::Dangerous, json::LAMBDA.to_owned());
    }
    let mut behind = 0;
    for at in memmem::find_iter(bytes, b"{\"class_name\"") {
        if at < behind {
            continue;
        }
        let mut values = serde_json::Deserializer::from_slice(&bytes[at..]).into_iter::<serde_json::Value>();
        match values.next() {
            Some(Ok(value)) => json::walk(&value, verdict),
            _ => {
                // A description that cannot be parsed is searched as text.
                if memmem::find(&bytes[at..], b"\"Lambda\"").is_some() {
                    verdict.add(Safety::Dangerous, json::LAMBDA.to_owned());
                }
                verdict.unread("a description that is no JSON".to_owned());
                return;
            }
        }
        behind = at + values.byte_offset();
    }
}

/// Operations of TensorFlow that reach outside of the graph.
const OPERATIONS: &[(&str, &str)] = &[
    ("EagerPyFunc", "calls Python"),
    ("PyFunc", "calls Python"),
    ("PyFuncStateless", "calls Python"),
    ("ReadFile", "reads any file"),
    ("WriteFile", "writes any file"),
    ("MatchingFiles", "lists files"),
    ("PrintV2", "may write to a file"),
];

/// `NodeDef`, and messages of which nothing inside is looked at.
static PLAIN: Shape = Shape(&[]);
/// `GraphDef`, with its nodes and its library.
static GRAPH: Shape = Shape(&[(1, &PLAIN), (2, &PLAIN)]);
/// `MetaGraphDef`, with its description and its graph.
static META_GRAPH: Shape = Shape(&[(1, &PLAIN), (2, &GRAPH)]);
/// `SavedModel`.
static SAVED_MODEL: Shape = Shape(&[(2, &META_GRAPH)]);

/// Judges a SavedModel: the operations in its graph, and the descriptions of Keras layers.
pub(super) fn saved_model(bytes: &[u8], verdict: &mut Verdict) {
    if let Err(why) = protobuf::check(bytes, &SAVED_MODEL) {
        verdict.unread(why);
    }
    for (operation, does) in OPERATIONS {
        // `NodeDef.op` is field 2, a text: its key, its length, the name.
        let mut field = vec![0x12, operation.len() as u8];
        field.extend_from_slice(operation.as_bytes());
        if memmem::find(bytes, &field).is_some() {
            let safety = if *operation == "PrintV2" { Safety::Unproven } else { Safety::Dangerous };
            verdict.add(safety, format!("the operation {operation} {does}"));
        }
    }
    descriptions(bytes, verdict);
}
