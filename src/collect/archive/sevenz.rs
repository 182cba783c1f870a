//! 7-Zip, by the crate `sevenz-rust2`: LZMA, LZMA2, bzip2 and stored members, and by hand those of DEFLATE.

use std::borrow::Cow;
use std::io::Cursor;

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, EncoderMethod, Password};

use super::{Budget, Codec, Flaw, Member, TOO_MANY, Target, crc32, decompress, stream};

/// How long the header in front of the packed data is.
const SIGNATURE: u64 = 32;

/// The members of a 7-Zip file.
pub(super) fn members<'a>(bytes: &'a [u8], budget: &mut Budget) -> (Vec<Member<'a>>, Option<Flaw>) {
    let mut out = Vec::new();
    let archive = match Archive::read(&mut Cursor::new(bytes), &Password::empty()) {
        Ok(archive) => archive,
        Err(e) => return (out, Some(Flaw::loss(e.to_string()))),
    };
    let mut wrong = behind(bytes);
    for block in 0..archive.blocks.len() {
        let result = match deflated(&archive, block, bytes) {
            Some(packed) => inflate(&archive, block, packed, budget, &mut out),
            None => unpack(&archive, block, bytes, budget, &mut out),
        };
        wrong = result.err().map(Flaw::loss).or(wrong);
    }
    for (entry, block) in archive.files.iter().zip(&archive.stream_map.file_block_index) {
        if block.is_none() && !entry.is_directory() {
            if !budget.member() {
                return (out, Some(Flaw::loss(TOO_MANY)));
            }
            out.push(member(entry, Ok(Cow::Borrowed(&[]))));
        }
    }
    (out, wrong)
}

/// What stands behind the header, which is the last part of an archive and whose place its first bytes tell.
fn behind(bytes: &[u8]) -> Option<Flaw> {
    let number = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    let end = number(12)?.checked_add(number(20)?)?.checked_add(SIGNATURE)?;
    let more = (bytes.len() as u64).checked_sub(end).filter(|&more| more > 0)?;
    Some(Flaw::blemish(format!("{more} bytes stand behind its end")))
}

fn member<'a>(entry: &ArchiveEntry, content: Result<Cow<'a, [u8]>, String>) -> Member<'a> {
    Member { name: entry.name().to_owned(), content, doubt: None }
}

/// Unpacks the members of a block.
fn unpack<'a>(
    archive: &Archive,
    block: usize,
    bytes: &'a [u8],
    budget: &mut Budget,
    out: &mut Vec<Member<'a>>,
) -> Result<(), String> {
    let (password, mut source) = (Password::empty(), Cursor::new(bytes));
    let mut wrong = None;
    let decoder = BlockDecoder::new(1, block, archive, &password, &mut source);
    let result = decoder.for_each_entries(&mut |entry, data| {
        if entry.is_directory() {
            return Ok(true);
        }
        if !budget.member() {
            wrong = Some(TOO_MANY.to_owned());
            return Ok(false);
        }
        let content = stream::read(data, budget).map(Cow::Owned).map_err(|(_, why)| why);
        // The members of a block are one stream, of which nothing more can be read.
        wrong = content.as_ref().err().cloned();
        out.push(member(entry, content));
        Ok(wrong.is_none())
    });
    wrong.or(result.err().map(|e| e.to_string())).map_or(Ok(()), Err)
}

/// The packed bytes of a block that is compressed by DEFLATE and by nothing else.
fn deflated<'a>(archive: &Archive, block: usize, bytes: &'a [u8]) -> Option<&'a [u8]> {
    let [coder] = &archive.blocks[block].coders[..] else { return None };
    if coder.encoder_method_id() != EncoderMethod::ID_DEFLATE {
        return None;
    }
    let map = &archive.stream_map;
    let stream = *map.block_first_pack_stream_index().get(block)?;
    let offset = *map.pack_stream_offsets().get(stream)?;
    let start = usize::try_from(archive.pack_pos().checked_add(offset)?.checked_add(SIGNATURE)?).ok()?;
    let size = usize::try_from(*archive.pack_sizes().get(stream)?).ok()?;
    bytes.get(start..start.checked_add(size)?)
}

/// As [`unpack`], by DEFLATE.
fn inflate<'a>(
    archive: &Archive,
    block: usize,
    packed: &[u8],
    budget: &mut Budget,
    out: &mut Vec<Member<'a>>,
) -> Result<(), String> {
    let (content, mut wrong) = match decompress(Codec::Deflate, packed, budget) {
        Ok(content) => (content, None),
        Err((content, why)) => (content, Some(why)),
    };
    const WRONG_SUM: &str = "it does not have the checksum of its header";
    let sum = |bytes: &[u8]| u64::from(crc32(bytes));
    let whole = &archive.blocks[block];
    if whole.has_crc && whole.crc != sum(&content) {
        wrong = wrong.or(Some(WRONG_SUM.to_owned()));
    }
    let mut rest = &content[..];
    // The files of a block stand together; from the first on, or an archive of many blocks would be gone through once for
    // each.
    let map = &archive.stream_map;
    let first = map.block_first_file_index.get(block).copied().unwrap_or(archive.files.len());
    let files = archive.files.iter().zip(&map.file_block_index).skip(first);
    for (entry, _) in files.take_while(|(_, at)| **at == Some(block)) {
        if entry.is_directory() {
            continue;
        }
        if !budget.member() {
            return Err(TOO_MANY.to_owned());
        }
        let Some((content, behind)) = usize::try_from(entry.size()).ok().and_then(|size| rest.split_at_checked(size))
        else {
            let why = wrong.unwrap_or_else(|| "it ends inside a member".to_owned());
            out.push(member(entry, Err(why.clone())));
            return Err(why);
        };
        rest = behind;
        if entry.has_crc && entry.crc != sum(content) {
            wrong = wrong.or(Some(WRONG_SUM.to_owned()));
        }
        out.push(member(entry, Ok(Cow::Owned(content.to_vec()))));
    }
    if wrong.is_none() && !rest.is_empty() {
        wrong = Some("more is packed than its members take".to_owned());
    }
    wrong.map_or(Ok(()), Err)
}

/// The names of the members of a 7-Zip file.
pub(super) fn targets(bytes: &[u8], budget: &mut Budget) -> Vec<Target> {
    let Ok(archive) = Archive::read(&mut Cursor::new(bytes), &Password::empty()) else { return Vec::new() };
    let files = archive.files.iter().take_while(|_| budget.member());
    files.map(|entry| Target { name: entry.name().to_owned(), link: None }).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A 7-Zip file with one member `a`, packed as one stream by this method (7zFormat.txt of the LZMA SDK).
    fn archive(method: &[u8], packed: &[u8], content: &[u8]) -> Vec<u8> {
        let sum = |bytes: &[u8]| crc32(bytes).to_le_bytes();
        // Header, MainStreamsInfo: PackInfo with one stream, UnPackInfo with one folder of one coder, its size and sum.
        let mut header = vec![1, 4, 6, 0, 1, 9, packed.len() as u8, 0, 7, 11, 1, 0, 1, method.len() as u8];
        header.extend(method);
        header.extend([12, content.len() as u8, 10, 1]);
        header.extend(sum(content));
        // SubStreamsInfo, FilesInfo: one file, its name in UTF-16.
        header.extend([0, 8, 0, 0, 5, 1, 17, 5, 0, b'a', 0, 0, 0, 0, 0]);
        let mut start = (packed.len() as u64).to_le_bytes().to_vec();
        start.extend((header.len() as u64).to_le_bytes());
        start.extend(sum(&header));
        [b"7z\xbc\xaf\x27\x1c\0\x04", &sum(&start)[..], &start[..], packed, &header[..]].concat()
    }

    #[test]
    fn members_are_read_by_each_method_and_flaws_are_told() {
        let content = b"some text, some text";
        let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        deflate.write_all(content).unwrap();
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
        bzip2.write_all(content).unwrap();
        for (method, packed) in [
            (EncoderMethod::ID_COPY, content.to_vec()),
            (EncoderMethod::ID_DEFLATE, deflate.finish().unwrap()),
            (EncoderMethod::ID_BZIP2, bzip2.finish().unwrap()),
        ] {
            let bytes = archive(method, &packed, content);
            let (found, flaw) = members(&bytes, &mut Budget::default());
            assert_eq!(flaw, None, "{method:?}");
            assert_eq!((found[0].name.as_str(), found[0].content.as_deref()), ("a", Ok(&content[..])), "{method:?}");
            let longer = [&bytes[..], b"x"].concat();
            let (found, flaw) = members(&longer, &mut Budget::default());
            assert!(found[0].content.is_ok() && flaw.is_some_and(|flaw| !flaw.loses), "{method:?}");
            let mut other = packed.clone();
            other[packed.len() / 2] ^= 1;
            let (_, flaw) = members(&archive(method, &other, content), &mut Budget::default());
            assert!(flaw.is_some_and(|flaw| flaw.loses), "{method:?}");
        }
    }
}
