//! Packs: many objects in one file, beside an index of where each starts (gitformat-pack(5), index version 2).

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Mutex;

use flate2::bufread::ZlibDecoder;

use super::index::offset_number;
use super::object::{Hash, Id, Kind};
use super::{GitError, MOST_BYTES};

/// One pack, open.
#[derive(Debug)]
pub(super) struct Pack {
    name: String,
    index: Mutex<File>,
    data: Mutex<File>,
    /// How many ids start with a byte up to this one.
    fanout: Vec<u32>,
    hash: Hash,
}

/// What a pack holds at an offset.
pub(super) enum Packed {
    /// A whole object.
    Whole(Kind, Vec<u8>),
    /// A delta against the object at another offset of the pack.
    OffsetDelta(u64, Vec<u8>),
    /// A delta against another object.
    IdDelta(Id, Vec<u8>),
}

/// Bytes in front of the ids: magic, version, fan-out table.
const HEAD: u64 = 8 + 256 * 4;

impl Pack {
    /// Opens `<name>.idx` and `<name>.pack`; `None` when one is not there or the index is not of version 2.
    pub(super) fn open(index: &Path, hash: Hash) -> Option<Self> {
        let name = index.file_stem()?.to_string_lossy().into_owned();
        let mut file = File::open(index).ok()?;
        let mut head = [0; HEAD as usize];
        file.read_exact(&mut head).ok()?;
        let table = head.strip_prefix(b"\xfftOc\0\0\0\x02")?;
        let fanout: Vec<u32> = table.chunks_exact(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]])).collect();
        let data = File::open(index.with_extension("pack")).ok()?;
        fanout.is_sorted().then_some(Self { name, index: Mutex::new(file), data: Mutex::new(data), fanout, hash })
    }

    /// Where an object starts; `None` when this pack does not hold it.
    pub(super) fn offset_of(&self, id: &Id) -> Option<u64> {
        let first = usize::from(*id.as_bytes().first()?);
        let mut low = if first == 0 { 0 } else { *self.fanout.get(first - 1)? };
        let mut high = *self.fanout.get(first)?;
        let count = u64::from(*self.fanout.last()?);
        let size = self.hash.size() as u64;
        let mut file = lock(&self.index);
        let mut read = |at: u64, into: &mut [u8]| -> Option<()> {
            file.seek(SeekFrom::Start(at)).ok()?;
            file.read_exact(into).ok()
        };
        let mut there = [0; 32];
        while low < high {
            let middle = low + (high - low) / 2;
            let there = &mut there[..self.hash.size()];
            read(HEAD + u64::from(middle) * size, there)?;
            match (*there).cmp(id.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    let offsets = HEAD + count * (size + 4);
                    let mut short = [0; 4];
                    read(offsets + u64::from(middle) * 4, &mut short)?;
                    let short = u32::from_be_bytes(short);
                    if short & 0x8000_0000 == 0 {
                        return Some(u64::from(short));
                    }
                    let mut long = [0; 8];
                    read(offsets + count * 4 + u64::from(short & 0x7fff_ffff) * 8, &mut long)?;
                    return Some(u64::from_be_bytes(long));
                }
            }
        }
        None
    }

    /// Reads what starts at `offset`.
    pub(super) fn read(&self, offset: u64) -> Result<Packed, GitError> {
        let wrong = |why| GitError::malformed(format!("{}, offset {offset}", self.name), why);
        let mut file = lock(&self.data);
        file.seek(SeekFrom::Start(offset)).map_err(|_| wrong("cannot be read"))?;
        let mut source = BufReader::with_capacity(4096, &mut *file);
        let mut byte = || -> Result<u8, GitError> {
            let mut one = [0];
            source.read_exact(&mut one).map_err(|_| wrong("ends early"))?;
            Ok(one[0])
        };
        let first = byte()?;
        let kind = (first >> 4) & 0x07;
        let mut size = u64::from(first & 0x0f);
        let (mut shift, mut more) = (4, first & 0x80 != 0);
        while more {
            let next = byte()?;
            if shift > 53 {
                return Err(wrong("a size that cannot be"));
            }
            size |= u64::from(next & 0x7f) << shift;
            shift += 7;
            more = next & 0x80 != 0;
        }
        if size > MOST_BYTES as u64 {
            return Err(GitError::TooLarge { what: format!("an object in {}", self.name) });
        }
        let size = size as usize;
        match kind {
            1..=4 => {
                let kind = [Kind::Commit, Kind::Tree, Kind::Blob, Kind::Tag][usize::from(kind) - 1];
                Ok(Packed::Whole(kind, inflate(source, size).ok_or_else(|| wrong("does not unpack"))?))
            }
            6 => {
                let mut digits = vec![byte()?];
                while digits.last().is_some_and(|b| b & 0x80 != 0) && digits.len() < 10 {
                    digits.push(byte()?);
                }
                let (back, _) = offset_number(&digits).ok_or_else(|| wrong("an offset that cannot be"))?;
                let base = offset.checked_sub(back as u64).filter(|base| *base < offset);
                let base = base.ok_or_else(|| wrong("a delta against itself"))?;
                Ok(Packed::OffsetDelta(base, inflate(source, size).ok_or_else(|| wrong("does not unpack"))?))
            }
            7 => {
                let mut id = [0; 32];
                let id = &mut id[..self.hash.size()];
                source.read_exact(id).map_err(|_| wrong("ends early"))?;
                let base = Id::take(id, self.hash).ok_or_else(|| wrong("ends early"))?;
                Ok(Packed::IdDelta(base, inflate(source, size).ok_or_else(|| wrong("does not unpack"))?))
            }
            _ => Err(wrong("an object of a kind that is not known")),
        }
    }
}

/// The file behind a lock; a thread that panicked left it whole, for every use seeks first.
fn lock(file: &Mutex<File>) -> std::sync::MutexGuard<'_, File> {
    file.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Unpacks a zlib stream that gives exactly `size` bytes.
pub(super) fn inflate(source: impl std::io::BufRead, size: usize) -> Option<Vec<u8>> {
    // What is claimed is not believed before it is there.
    let mut out = Vec::with_capacity(size.min(1 << 20));
    ZlibDecoder::new(source).take(size as u64 + 1).read_to_end(&mut out).ok()?;
    (out.len() == size).then_some(out)
}
