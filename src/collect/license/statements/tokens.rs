//! A stretch of text as the grammar sees it: words, and what stands between them.

use std::ops::Range;

use crate::collect::license::layout::hash_word;
use crate::collect::license::words::{Role, Span, marked_words};
use crate::collect::memo::Hash;

/// What stands between a word and the one before it.
pub(super) mod gap {
    /// A line end.
    pub(crate) const LINE: u16 = 1;
    /// An empty line, or the start of a list item.
    pub(crate) const PARAGRAPH: u16 = 2;
    /// The end of a sentence.
    pub(crate) const SENTENCE: u16 = 4;
    /// A comma.
    pub(crate) const COMMA: u16 = 8;
    /// A slash, a bar or an ampersand.
    pub(crate) const SLASH: u16 = 16;
    /// An opening bracket.
    pub(crate) const OPEN: u16 = 32;
    /// A closing bracket.
    pub(crate) const CLOSE: u16 = 64;
    /// A plus sign right behind the word before.
    pub(crate) const PLUS: u16 = 128;
    /// A colon or an equals sign.
    pub(crate) const COLON: u16 = 256;
    /// White space.
    pub(crate) const SPACE: u16 = 512;
    /// A semicolon.
    pub(crate) const SEMICOLON: u16 = 1024;
    /// A quotation mark or the end of a tag.
    pub(crate) const QUOTE: u16 = 4096;
    /// Something else that is printed, such as a quotation mark or a dash.
    pub(crate) const OTHER: u16 = 2048;
    /// What joins the parts of an identifier: an underscore, or two colons.
    pub(crate) const GLUE: u16 = 8192;
    /// A full stop.
    pub(crate) const DOT: u16 = 32768;
    /// The sign of R and of Debian for "this version or a later one".
    pub(crate) const AT_LEAST: u16 = 16384;
}

/// The words of a stretch of text.
#[derive(Default)]
pub(crate) struct Tokens {
    /// All words, one behind the other.
    letters: String,
    all: Vec<Token>,
    /// What stands behind the last word.
    end: u16,
    /// The addresses that tags of HTML link a word and those behind it to, where a license may be linked.
    links: Vec<(usize, String)>,
}

/// A word.
#[derive(Clone, Copy)]
struct Token {
    /// Where it ends in the letters.
    end: u32,
    /// Its [`hash_word`], which both the names and the license texts are looked up by.
    hash: u32,
    span: Span,
    /// What stands in front of it.
    gap: u16,
    role: Role,
}

impl Tokens {
    /// The words of `text[range]`; their spans count from the start of `text`.
    pub(crate) fn of(text: &str, range: Range<usize>) -> Self {
        let part = &text[range.clone()];
        // English has a word in six bytes, with the marks of comments fewer.
        let words = part.len() / 6 + 8;
        let mut out = Self {
            letters: String::with_capacity(part.len()),
            all: Vec::with_capacity(words),
            end: 0,
            links: Vec::new(),
        };
        let mut behind = 0;
        marked_words(part, true, |word, span, role| {
            let between = &part.as_bytes()[behind.min(span.start as usize)..span.start as usize];
            // Most words of a text.
            let gap = if between == b" " { gap::SPACE } else { gap_of(between, out.last_word()) };
            behind = span.end as usize;
            if between.len() >= LINK
                && BEFORE_LINKS.contains(&out.last_word())
                && let Some(address) = link(between)
            {
                out.links.push((out.all.len(), address.to_owned()));
            }
            // A number that starts a line may also be the version that a sentence goes on with.
            let goes_on = || matches!(out.last_word(), "version" | "versions" | "v" | "or" | "and" | "either");
            let item = role == Role::Bullet && gap & gap::LINE != 0 && !goes_on();
            let word = spelling(word);
            out.letters.push_str(word);
            out.all.push(Token {
                end: out.letters.len() as u32,
                hash: hash_word(word.as_bytes()),
                span: Span { start: span.start + range.start as u32, end: span.end + range.start as u32 },
                gap: if item { gap | gap::PARAGRAPH } else { gap },
                role,
            });
        });
        out.end = gap_of(&part.as_bytes()[behind..], out.last_word()) | gap::PARAGRAPH | gap::LINE;
        out
    }

    fn last_word(&self) -> &str {
        self.all.len().checked_sub(1).map_or("", |last| self.word(last))
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// A word in lower case; empty behind the last.
    pub(crate) fn word(&self, at: usize) -> &str {
        let Some(token) = self.all.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.all[at - 1].end };
        &self.letters[start as usize..token.end as usize]
    }

    /// The last byte of a word; 0 behind the last word.
    pub(crate) fn last_byte(&self, at: usize) -> u8 {
        let end = self.all.get(at).map_or(0, |token| token.end as usize);
        end.checked_sub(1).map_or(0, |last| self.letters.as_bytes()[last])
    }

    /// The [`hash_word`] of a word; that of no word behind the last.
    pub(crate) fn hash(&self, at: usize) -> u32 {
        self.all.get(at).map_or(hash_word(b""), |token| token.hash)
    }

    /// Where a word stands.
    pub(crate) fn span(&self, at: usize) -> Span {
        self.all[at].span
    }

    /// What part a word plays.
    pub(crate) fn role(&self, at: usize) -> Role {
        self.all[at].role
    }

    /// Whether what stands before word `at` has one of these marks; the number of words asks for what stands behind
    /// the last.
    pub(super) fn gap(&self, at: usize, marks: u16) -> bool {
        let gap = match self.all.get(at) {
            Some(token) => token.gap,
            None if at == self.all.len() => self.end,
            None => 0,
        };
        gap & marks != 0
    }

    /// Whether a sentence or paragraph ends before word `at`.
    pub(super) fn breaks_sentence(&self, at: usize) -> bool {
        self.gap(at, gap::SENTENCE | gap::PARAGRAPH)
    }

    /// The words that a link starts at, in order, and the address of each.
    pub(super) fn links(&self) -> impl Iterator<Item = (usize, &str)> {
        self.links.iter().map(|(at, address)| (*at, address.as_str()))
    }

    /// Whether a line ends behind word `at` and the next one may go on with the same word.
    pub(crate) fn is_hyphenated(&self, at: usize) -> bool {
        self.gap(at + 1, gap::LINE) && self.gap(at + 1, gap::OTHER) && !self.breaks_sentence(at + 1)
    }

    /// Whether there is white space before word `at`.
    pub(super) fn is_spaced(&self, at: usize) -> bool {
        self.gap(at, gap::SPACE | gap::LINE)
    }

    /// Feeds everything that the grammar and the texts depend on to a hash: words, roles and gaps, no places.
    pub(crate) fn key(&self) -> u128 {
        let mut hash = Hash::default();
        hash.write(self.letters.as_bytes());
        for token in &self.all {
            hash.word(u64::from(token.end) | u64::from(token.gap) << 32 | (token.role as u64) << 48);
        }
        for (at, address) in &self.links {
            hash.word(*at as u64);
            hash.write(address.as_bytes());
        }
        hash.word(u64::from(self.end));
        hash.finish()
    }
}

/// Words that no item of a list ends with: the dash behind them is the mark of a comment's next line.
const UNFINISHED: &[&str] = &["a", "an", "at", "by", "in", "its", "of", "the", "this", "to", "with", "your"];

/// A link to a page has so many bytes at least.
const LINK: usize = 20;
/// Words in front of a link that it may be what something is licensed under.
const BEFORE_LINKS: &[&str] = &["under", "the", "of", "a", "an", "following"];

/// The address of the link that opens between two words.
fn link(between: &[u8]) -> Option<&str> {
    let tag = memchr::memmem::find(between, b"<a ").or_else(|| memchr::memmem::find(between, b"<A "))?;
    let tag = &between[tag + 3..];
    let tag = &tag[..memchr::memchr(b'>', tag)?];
    let value = tag.windows(5).position(|run| run.eq_ignore_ascii_case(b"href="))? + 5;
    let quote = *tag.get(value).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let value = &tag[value + 1..];
    std::str::from_utf8(&value[..memchr::memchr(quote, value)?]).ok()
}

/// The hash of a run of numbers of words, to remember what the run holds by.
pub(crate) fn hash_numbers(numbers: &[u16]) -> u128 {
    let mut hash = Hash::default();
    let (chunks, rest) = numbers.as_chunks::<4>();
    let together = |numbers: &[u16]| numbers.iter().fold(0, |all, number| all << 16 | u64::from(*number));
    chunks.iter().for_each(|chunk| hash.word(together(chunk)));
    hash.word(together(rest));
    hash.word(numbers.len() as u64);
    hash.finish()
}

/// One spelling for words that people spell in two ways.
fn spelling(word: &str) -> &str {
    if !word.starts_with("li") {
        return word;
    }
    match word {
        "licence" => "license",
        "licences" => "licenses",
        "licenced" => "licensed",
        "licencing" => "licensing",
        "liscense" | "lisence" | "licens" | "lincense" | "licnese" => "license",
        _ => word,
    }
}

/// Words behind which a full stop ends no sentence, nor the mark that is a part of a company's name.
const SHORT: &[&str] =
    &["v", "ver", "vers", "version", "inc", "no", "lic", "rev", "i", "e", "g", "n", "foundation", "yahoo"];

/// The marks of what stands between two words.
fn gap_of(bytes: &[u8], before: &str) -> u16 {
    let mut out = 0;
    let mut blank_since_line = false;
    let mut escaped = false;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'\n' => {
                out |= gap::LINE;
                if blank_since_line {
                    out |= gap::PARAGRAPH;
                }
                (blank_since_line, escaped) = (true, false);
            }
            b' ' | b'\t' | b'\r' => out |= gap::SPACE,
            // An entity or a tag that was skipped as a whole.
            b'<' if bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/') => {
                let end = memchr::memchr(b'>', &bytes[at..]).map_or(bytes.len(), |n| at + n);
                let name = bytes[at + 1..end].trim_ascii_start();
                let block = [
                    b"p".as_slice(),
                    b"/p",
                    b"li",
                    b"br",
                    b"/h",
                    b"/t",
                    b"td",
                    b"div",
                    b"/div",
                    b"tr",
                    b"h1",
                    b"h2",
                    b"h3",
                    b"/li",
                ];
                if block.iter().any(|tag| name.get(..tag.len()).is_some_and(|n| n.eq_ignore_ascii_case(tag))) {
                    out |= gap::PARAGRAPH;
                }
                // A license ends with its element, whatever number the next one holds.
                let field = [b"/license".as_slice(), b"/licence", b"/name"];
                if field.iter().any(|tag| name.get(..tag.len()).is_some_and(|n| n.eq_ignore_ascii_case(tag))) {
                    out |= gap::SENTENCE;
                }
                out |= gap::SPACE;
                at = end;
            }
            // An item of a list.
            b'-' if blank_since_line
                && bytes.get(at + 1) == Some(&b' ')
                && at > 0
                && matches!(bytes[at - 1], b'\n' | b' ')
                && !UNFINISHED.contains(&before) =>
            {
                out |= gap::OTHER | gap::PARAGRAPH;
            }
            // The comment leader of Fortran; `/*!` is that of a banner.
            b'!' if blank_since_line && !bytes[..at].ends_with(b"/*") => out |= gap::OTHER,
            // A plus, a space or a slash of an address, as in `badge/license-MPL%202.0` and `badge/license-MIT%2FISC`.
            b'%' if bytes[at..].starts_with(b"%20") => {
                out |= gap::SPACE;
                at += 2;
            }
            b'%' if at == 0 && matches!(&bytes[at..], [_, b'2', b'B' | b'b', ..]) => {
                out |= gap::PLUS;
                at += 2;
            }
            b'%' if matches!(&bytes[at..], [_, b'2', b'F' | b'f', ..]) => {
                out |= gap::SLASH;
                at += 2;
            }
            b'.' | b'!' | b'?' => {
                let next = bytes.get(at + 1).copied();
                let ends = next.is_none_or(|b| {
                    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b')' | b'<' | b'\\' | b'*' | b'`')
                });
                let dots = byte == b'.' && bytes.get(at.wrapping_sub(1)) == Some(&b'.');
                // A comment of a manual page, which a dot starts.
                let roff = byte == b'.' && next == Some(b'\\') && at > 0 && bytes[at - 1] == b'\n';
                if ends && at + 1 < bytes.len() && !dots && !roff && (byte == b'?' || !SHORT.contains(&before)) {
                    out |= gap::SENTENCE;
                }
                out |= gap::OTHER | if byte == b'.' { gap::DOT } else { 0 };
            }
            b',' => out |= gap::COMMA,
            // The comment leader of C++ and Go.
            b'/' if blank_since_line && bytes.get(at + 1) == Some(&b'/') => {
                out |= gap::OTHER;
                at += 1;
            }
            b'/' | b'|' | b'&' => out |= gap::SLASH,
            b'(' | b'[' | b'{' => out |= gap::OPEN,
            b')' | b']' | b'}' => out |= gap::CLOSE,
            b'+' if at == 0 => out |= gap::PLUS,
            b'_' => out |= gap::OTHER | gap::GLUE,
            b':' if bytes.get(at + 1) == Some(&b':') => out |= gap::COLON | gap::GLUE,
            // `if (license === 'MIT')` compares, and states nothing of what stands before it.
            b'=' if !blank_since_line && bytes.get(at + 1) == Some(&b'=') => {
                out |= gap::OTHER | gap::SENTENCE;
                at += bytes[at + 1..].iter().take_while(|b| **b == b'=').count();
            }
            b':' | b'=' => out |= gap::COLON,
            b'>' if bytes.get(at + 1) == Some(&b'=') => {
                out |= gap::AT_LEAST;
                at += 1;
            }
            b'"' | b'\'' | b'`' | b'>' => {
                out |= gap::QUOTE;
                // The line of a string and the line of the source that holds it are one.
                blank_since_line &= !escaped;
            }
            b';' => out |= gap::SEMICOLON,
            b'\\' if bytes.get(at + 1) == Some(&b'n') => {
                out |= gap::LINE;
                if blank_since_line {
                    out |= gap::PARAGRAPH;
                }
                (blank_since_line, escaped) = (true, true);
                at += 1;
            }
            _ => match wide_mark(&bytes[at..]) {
                Some(mark) => {
                    out |= mark;
                    at += 2;
                }
                None => out |= gap::OTHER,
            },
        }
        at += 1;
    }
    out
}

/// What the mark says that Chinese and Japanese text has at the start of `bytes`, three bytes wide.
fn wide_mark(bytes: &[u8]) -> Option<u16> {
    Some(match std::str::from_utf8(bytes.get(..3)?).ok()? {
        "：" => gap::COLON,
        "，" | "、" => gap::COMMA,
        "；" => gap::SEMICOLON,
        "。" | "！" | "？" => gap::SENTENCE | gap::OTHER,
        "（" | "「" | "《" => gap::OPEN,
        "）" | "」" | "》" => gap::CLOSE,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_tell_sentences_lists_and_paragraphs_apart() {
        let text = "GPL v. 2+, see\n * it (now). Next/last\n *\n * end";
        let tokens = Tokens::of(text, 0..text.len());
        let words: Vec<&str> = (0..tokens.len()).map(|n| tokens.word(n)).collect();
        assert_eq!(words, ["gpl", "v", "2", "see", "it", "now", "next", "last", "end"]);
        assert!(!tokens.gap(2, gap::SENTENCE) && tokens.gap(3, gap::PLUS) && tokens.gap(3, gap::COMMA));
        assert!(tokens.gap(4, gap::LINE) && !tokens.breaks_sentence(4));
        assert!(tokens.gap(5, gap::OPEN) && tokens.gap(6, gap::SENTENCE) && tokens.gap(7, gap::SLASH));
        assert!(tokens.gap(8, gap::PARAGRAPH));
    }

    #[test]
    fn the_lines_of_strings_and_of_manual_pages_are_lines() {
        let paragraph = |text: &str| {
            let tokens = Tokens::of(text, 0..text.len());
            (tokens.gap(1, gap::PARAGRAPH), tokens.gap(1, gap::SENTENCE))
        };
        assert_eq!(paragraph("\"or\\n\"\n\"at\\n\""), (false, false));
        assert_eq!(paragraph("\"or \\n\"\n    \"at\\n\""), (false, false));
        assert!(paragraph("\"or\\n\"\n\"\\n\"\n\"at\\n\"").0);
        assert!(paragraph("\"or\\n\\nat\"").0);
        assert_eq!(paragraph(".\\\" the\n.\\\" License"), (false, false));
    }

    #[test]
    fn the_key_does_not_depend_on_where_the_words_stand() {
        let text = "xx\n# Licensed under MIT.\n  # Licensed  under MIT.\n";
        let one = Tokens::of(text, 3..25);
        let two = Tokens::of(text, 25..text.len());
        assert_eq!(one.key(), two.key());
        assert_ne!(one.key(), Tokens::of("Licensed under BSD.\n", 0..20).key());
    }
}
