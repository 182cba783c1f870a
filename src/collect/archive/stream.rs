//! Compressed streams.

use std::io::Read;

use super::Budget;

/// A compression of one stream of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Raw DEFLATE (RFC 1951), as zip members have it.
    Deflate,
    /// zlib (RFC 1950).
    Zlib,
    /// gzip (RFC 1952).
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// LZMA with the header of `.lzma` files.
    Lzma,
    /// An LZ4 frame.
    Lz4,
}

/// The compression of `bytes` by its magic number; [`Codec::Deflate`] has none.
pub fn sniff_codec(bytes: &[u8]) -> Option<Codec> {
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some(Codec::Gzip),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..] => Some(Codec::Bzip2),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Codec::Xz),
        [0x5d, 0, 0, _, _, ..] if bytes.len() > 13 => Some(Codec::Lzma),
        [0x04, 0x22, 0x4d, 0x18, ..] => Some(Codec::Lz4),
        // CMF and FLG of RFC 1950: DEFLATE with a window of at most 32 KiB, no dictionary, and the check of both.
        [cmf, flg, ..] if cmf & 0x0f == 8 && cmf >> 4 <= 7 && flg & 0x20 == 0 => {
            (u16::from_be_bytes([*cmf, *flg]) % 31 == 0).then_some(Codec::Zlib)
        }
        _ => None,
    }
}

/// Unpacks a stream.
///
/// # Errors
/// What was unpacked before the stream broke or the budget was spent, and why it ended there; or all of it, when more
/// stands behind the stream.
pub fn decompress(codec: Codec, bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, (Vec<u8>, String)> {
    let mut rest = bytes;
    let from = &mut rest;
    let out = match codec {
        Codec::Deflate => read(flate2::bufread::DeflateDecoder::new(from), budget),
        Codec::Zlib => read(flate2::bufread::ZlibDecoder::new(from), budget),
        Codec::Gzip => read(flate2::bufread::MultiGzDecoder::new(from), budget),
        Codec::Bzip2 => read(bzip2::bufread::MultiBzDecoder::new(from), budget),
        Codec::Xz => read(lzma_rust2::XzReader::new(from, true), budget),
        Codec::Lzma => match lzma_rust2::LzmaReader::new_mem_limit(from, 1 << 16, None) {
            Ok(reader) => read(reader, budget),
            Err(e) => return Err((Vec::new(), e.to_string())),
        },
        Codec::Lz4 => lz4(from, budget),
    };
    match out {
        Ok(out) if !rest.is_empty() => Err((out, format!("{} bytes stand behind it", rest.len()))),
        out => out,
    }
}

/// Unpacks frames of LZ4, one behind the other, and leaves what is none.
fn lz4(from: &mut &[u8], budget: &mut Budget) -> Result<Vec<u8>, (Vec<u8>, String)> {
    let mut out = Vec::new();
    while out.is_empty() || sniff_codec(from) == Some(Codec::Lz4) {
        let mut source = Asked { bytes: from, for_too_much: false };
        let result = read(lz4_flex::frame::FrameDecoder::new(&mut source), budget);
        let Asked { bytes, for_too_much } = source;
        *from = bytes;
        match result {
            Ok(frame) => out.extend(frame),
            Err((frame, why)) => {
                out.extend(frame);
                return Err((out, why));
            }
        }
        // Where a block should start, the decoder takes the end of the file for that of the frame.
        if for_too_much {
            return Err((out, "it ends inside a frame".to_owned()));
        }
        if out.is_empty() {
            break;
        }
    }
    Ok(out)
}

/// Bytes of which is known whether more was asked for than there are.
struct Asked<'a> {
    bytes: &'a [u8],
    for_too_much: bool,
}

impl Read for Asked<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        self.for_too_much |= to.len() > self.bytes.len();
        self.bytes.read(to)
    }
}

/// Reads to the end of `reader`, or of the budget.
pub(super) fn read(reader: impl Read, budget: &mut Budget) -> Result<Vec<u8>, (Vec<u8>, String)> {
    let limit = budget.bytes();
    let mut out = Vec::new();
    let result = reader.take(limit + 1).read_to_end(&mut out);
    budget.spend(out.len());
    match result {
        Err(e) => Err((out, e.to_string())),
        Ok(_) if out.len() as u64 > limit => Err((out, "it unpacks to more than is read of one file".to_owned())),
        Ok(_) => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn streams_are_told_by_their_magic_and_unpacked() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(b"some text").unwrap();
        let packed = zlib.finish().unwrap();
        assert_eq!(sniff_codec(&packed), Some(Codec::Zlib));
        assert_eq!(decompress(Codec::Zlib, &packed, &mut Budget::default()).unwrap(), b"some text");
        let (before, _) = decompress(Codec::Zlib, &packed[..packed.len() - 6], &mut Budget::default()).unwrap_err();
        assert!(b"some text".starts_with(&before[..]));
        assert_eq!(sniff_codec(b"plain text"), None);
    }

    #[test]
    fn what_stands_behind_a_stream_and_what_is_missing_of_it_is_told() {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(b"some text").unwrap();
        let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
        lz4.write_all(b"some text").unwrap();
        for (codec, packed) in [(Codec::Zlib, zlib.finish().unwrap()), (Codec::Lz4, lz4.finish().unwrap())] {
            let unpack = |bytes: &[u8]| decompress(codec, bytes, &mut Budget::default());
            assert_eq!(unpack(&packed).unwrap(), b"some text");
            assert_eq!(unpack(&[&packed[..], b"more"].concat()).unwrap_err().0, b"some text");
            assert!(unpack(&packed[..packed.len() - 4]).is_err());
            if codec == Codec::Lz4 {
                assert_eq!(unpack(&[&packed[..], &packed[..]].concat()).unwrap(), b"some textsome text");
            }
        }
    }

    #[test]
    fn the_budget_bounds_what_is_unpacked() {
        let mut zlib = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(&vec![0; 100_000]).unwrap();
        let packed = zlib.finish().unwrap();
        let mut budget = Budget { bytes: 1000, members: 1 };
        let (out, why) = decompress(Codec::Gzip, &packed, &mut budget).unwrap_err();
        assert_eq!((out.len(), budget.bytes()), (1001, 0));
        assert!(why.contains("more than"), "{why}");
    }
}
