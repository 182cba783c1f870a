//! Opens a file once, reads it once, and shows it to the collectors that want it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;

use sha2::{Digest, Sha256};

use super::encoded::hexadecimal;
use super::prefilter::Hits;
use super::{Interest, Options, Prefilter, SourceFile};
use crate::model::{Encoding, Evidence, FileKind, RelPath, SkipReason};
use crate::walk::Entry;

/// How much of a file is read to tell text from binary. Git looks at 8,000 bytes for the same purpose.
const HEAD: usize = 8 * 1024;

/// The buffers of one worker thread, reused from file to file.
pub(super) struct Reader<'p> {
    prefilter: &'p Prefilter,
    interests: Vec<Interest>,
    options: &'p Options,
    /// Folders in which every file's digest is wanted.
    copies: &'p BTreeSet<RelPath>,
    /// Whether collectors want files for the words in them as well.
    words: bool,
    buffer: Vec<u8>,
    hits: Hits,
    name: String,
}

/// Kind, number of bytes read, and the digest where it is wanted.
type Done = (FileKind, u64, Option<String>);

impl<'p> Reader<'p> {
    pub(super) fn new(prefilter: &'p Prefilter, options: &'p Options, copies: &'p BTreeSet<RelPath>) -> Self {
        Self {
            prefilter,
            interests: prefilter.collectors().iter().map(|c| c.interest()).collect(),
            options,
            copies,
            words: true,
            buffer: Vec::new(),
            hits: Hits::default(),
            name: String::new(),
        }
    }

    /// The same for files of which the name alone says who wants them.
    pub(super) fn by_name(self) -> Self {
        Self { words: false, ..self }
    }

    /// Whether a file lies in one of the folders.
    fn is_of_copy(&self, path: &RelPath) -> bool {
        !self.copies.is_empty() && path.parent().ancestors().any(|folder| self.copies.contains(&folder))
    }

    /// A bit for each collector whose interest fulfils the test.
    fn chosen(&self, test: impl Fn(&Interest) -> bool) -> u64 {
        self.interests.iter().enumerate().fold(0, |chosen, (i, interest)| chosen | u64::from(test(interest)) << i)
    }

    /// Reads the file and lets the collectors look at it.
    ///
    /// # Errors
    /// The reason, as kind and in words, when the file cannot be opened or read, is larger than the limit, or is no
    /// longer a regular file.
    pub(super) fn read(&mut self, entry: &Entry, out: &mut Vec<Evidence>) -> Result<Done, (SkipReason, String)> {
        self.name.clear();
        self.name.extend(entry.path.name().chars().flat_map(char::to_lowercase));
        let named = self.chosen(|interest| (interest.names)(&self.name, &entry.path));
        let wants_digest = self.options.digests.contains(&entry.path) || self.is_of_copy(&entry.path);

        let limit = self.options.limits.file_size;
        if entry.size > limit {
            return Err((
                SkipReason::TooLarge,
                format!("{} bytes, more than the limit of {limit} (--max-file-size)", entry.size),
            ));
        }
        let unreadable = |e: std::io::Error| (SkipReason::Unreadable, e.to_string());
        let file = File::open(&entry.absolute).map_err(unreadable)?;
        self.buffer.clear();
        // A file is read as far as it was listed, which saves asking for more behind its end. What tells no size, as some
        // file systems do not, is read to its end, so the limit is held here as well.
        let size = if entry.size == 0 { limit + 1 } else { entry.size };
        let mut source = file.take(size);
        (&mut source).take(HEAD as u64).read_to_end(&mut self.buffer).map_err(unreadable)?;
        if self.buffer.is_empty() {
            return Ok((FileKind::Empty, 0, wants_digest.then(|| sha256(&[]))));
        }
        let encoding = sniff(&self.buffer);
        let by_content = self.chosen(|interest| (interest.content)(&self.buffer));
        let wanted_binary = by_content | named & self.chosen(|interest| interest.binary);
        if encoding.is_none() && wanted_binary == 0 && !wants_digest {
            return Ok((FileKind::Binary, self.buffer.len() as u64, None));
        }
        if self.buffer.len() == HEAD {
            self.buffer.reserve((entry.size as usize).saturating_sub(HEAD).min(limit as usize));
            source.read_to_end(&mut self.buffer).map_err(unreadable)?;
        }
        let read = self.buffer.len() as u64;
        if read > limit {
            return Err((SkipReason::TooLarge, format!("more than the limit of {limit} bytes (--max-file-size)")));
        }
        let digest = wants_digest.then(|| sha256(&self.buffer));
        let Some(encoding) = encoding else {
            let kind = FileKind::Binary;
            let file = SourceFile::binary_file(&entry.path, &self.name, &kind, &self.buffer);
            for (i, collector) in self.prefilter.collectors().iter().enumerate() {
                if wanted_binary >> i & 1 != 0 {
                    collector.collect(&file, &[], out);
                }
            }
            return Ok((kind, read, digest));
        };

        let (encoding, text) = decode(encoding, &self.buffer);
        let kind = FileKind::Text(encoding);
        if self.words {
            self.prefilter.scan(text.as_bytes(), &mut self.hits);
        }
        let file = SourceFile::text_file(&entry.path, &self.name, &kind, &text)
            .with_raw(&self.buffer)
            .with_ignored_parts(!self.words || self.hits.ignore());
        for (i, collector) in self.prefilter.collectors().iter().enumerate() {
            let is_chosen = (named | by_content) >> i & 1 != 0;
            let hits = self.hits.of(i);
            if is_chosen || !hits.is_empty() {
                collector.collect(&file, hits, out);
            }
        }
        Ok((kind, read, digest))
    }
}

/// What the first bytes of a text are encoded in; `None` for binary data.
fn sniff(head: &[u8]) -> Option<Encoding> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Some(Encoding::Utf16);
    }
    memchr::memchr(0, head).is_none().then_some(Encoding::Utf8)
}

/// The text of a file that [`sniff`] took for text; what is not UTF-8 is read as Windows-1252, so nothing is lost.
fn decode(guess: Encoding, bytes: &[u8]) -> (Encoding, std::borrow::Cow<'_, str>) {
    use std::borrow::Cow;
    if guess == Encoding::Utf16 {
        let little = bytes[0] == 0xff;
        let units = bytes[2..].chunks_exact(2).map(|pair| {
            let pair = [pair[0], pair[1]];
            if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
        });
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        return (Encoding::Utf16, Cow::Owned(text));
    }
    match simdutf8::basic::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(text) => (Encoding::Utf8, Cow::Borrowed(text)),
        Err(_) => (Encoding::Legacy, Cow::Owned(bytes.iter().map(|&b| windows_1252(b)).collect())),
    }
}

/// One byte of Windows-1252; the five bytes it leaves undefined stand for the control character of the same number.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_binary_by_content() {
        assert_eq!(sniff(b"plain"), Some(Encoding::Utf8));
        assert_eq!(sniff(b"\x7fELF\x02\x01\x01\x00"), None);
        assert_eq!(sniff(b"\xff\xfeA\x00"), Some(Encoding::Utf16));
    }

    #[test]
    fn every_encoding_is_decoded() {
        assert_eq!(decode(Encoding::Utf8, b"\xef\xbb\xbfab"), (Encoding::Utf8, "ab".into()));
        assert_eq!(decode(Encoding::Utf8, b"caf\xe9 \x80"), (Encoding::Legacy, "café €".into()));
        assert_eq!(decode(Encoding::Utf16, b"\xff\xfeA\x00\x42\x00\x43"), (Encoding::Utf16, "AB".into()));
        assert_eq!(decode(Encoding::Utf16, b"\xfe\xff\x00A"), (Encoding::Utf16, "A".into()));
    }
}
