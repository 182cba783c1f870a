//! Photographs that tell where they were taken.

use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Evidence, Place, Remark};

/// Reads the Exif data of JPEG files.
pub struct Images;

impl Collector for Images {
    fn id(&self) -> &'static str {
        "images"
    }

    fn summary(&self) -> &'static str {
        "Positions in the Exif data of JPEG photographs (Exif 2.32, GPS tags)"
    }

    fn interest(&self) -> Interest {
        let content =
            |head: &[u8]| head.starts_with(b"\xff\xd8\xff") && memchr::memmem::find(head, b"Exif\0\0").is_some();
        Interest { content, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        if has_position(file.raw()) {
            out.push(Evidence::Remark(Remark {
                place: Place::file(file.path.clone()),
                kind: "gps".to_owned(),
                detail: "a position in its Exif data".to_owned(),
            }));
        }
    }
}

/// Whether the Exif data hold a latitude or longitude.
fn has_position(bytes: &[u8]) -> bool {
    position(bytes).unwrap_or(false)
}

/// Follows the first directory of the TIFF data to the GPS directory; `None` where it is cut off.
fn position(bytes: &[u8]) -> Option<bool> {
    let start = memchr::memmem::find(bytes, b"Exif\0\0")? + 6;
    let tiff = &bytes[start..];
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let pair = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let u32_at = |at: usize| {
        let four = tiff.get(at..at + 4)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    };
    // Entries of twelve bytes: tag, type, count, value or offset.
    let entry = |directory: usize, tag: u16| {
        let count = u16_at(directory)?;
        let mut at = (0..usize::from(count)).map(|n| directory + 2 + 12 * n);
        at.find(|&at| u16_at(at) == Some(tag))
    };
    let first = u32_at(4)? as usize;
    const GPS_DIRECTORY: u16 = 0x8825;
    let gps = u32_at(entry(first, GPS_DIRECTORY)? + 8)? as usize;
    // 2 is GPSLatitude, 4 GPSLongitude: three fractions each; cameras without a fix leave zeros.
    let told = [2, 4].into_iter().any(|tag| {
        let Some(at) = entry(gps, tag).and_then(|at| u32_at(at + 8)) else { return false };
        let at = at as usize;
        tiff.get(at..at + 24)
            .is_some_and(|fractions| fractions.chunks_exact(8).any(|f| f[..4].iter().any(|&b| b != 0)))
    });
    Some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG with an Exif segment whose GPS directory has a latitude of `degrees`, written by the letter of Exif.
    pub(super) fn photograph(degrees: u32) -> Vec<u8> {
        let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
        tiff.extend([0, 1, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0]);
        tiff.extend([0, 1, 0, 2, 0, 5, 0, 0, 0, 3, 0, 0, 0, 44, 0, 0, 0, 0]);
        for _ in 0..3 {
            tiff.extend(degrees.to_be_bytes());
            tiff.extend(1u32.to_be_bytes());
        }
        let mut out = b"\xff\xd8\xff\xe1\0\0Exif\0\0".to_vec();
        out.extend(tiff);
        out
    }

    #[test]
    fn a_position_is_found_and_zeros_are_none() {
        assert!(has_position(&photograph(48)));
        assert!(!has_position(&photograph(0)));
        let whole = photograph(48);
        for end in 0..whole.len() {
            has_position(&whole[..end]);
        }
    }
}
