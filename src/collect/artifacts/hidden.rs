//! Characters that hide: those that turn the order in which text is shown (CVE-2021-42574), those that are not shown, and
//! those that carry text that only machines read.
//!
//! Many languages need some of them. Marks of direction stay in peace on a line with letters that run from right to left
//! when each is closed on it; joiners and variation selectors stay where their scripts and emoji use them.

use std::ops::Range;

use super::super::languages::is_source;
use super::super::syntax::{Context, Syntax};
use super::super::{Hit, SourceFile};
use crate::model::{IN_PROSE, TURNED};

/// The characters, so that only files with one of them are looked at.
pub(super) static KEYWORDS: &[&str] = &[
    "\u{202a}",
    "\u{202b}",
    "\u{202c}",
    "\u{202d}",
    "\u{202e}",
    "\u{2066}",
    "\u{2067}",
    "\u{2068}",
    "\u{2069}",
    "\u{200b}",
    "\u{2060}",
    "\u{2061}",
    "\u{2062}",
    "\u{2063}",
    "\u{2064}",
    "\u{3164}",
    "\u{115f}",
    "\u{1160}",
    "\u{ffa0}",
    "\u{180e}",
    "\u{feff}",
    "\u{200c}",
    "\u{200d}",
    "\u{e0020}",
    "\u{e0021}",
    "\u{e0022}",
    "\u{e0023}",
    "\u{e0024}",
    "\u{e0025}",
    "\u{e0026}",
    "\u{e0027}",
    "\u{e0028}",
    "\u{e0029}",
    "\u{e002a}",
    "\u{e002b}",
    "\u{e002c}",
    "\u{e002d}",
    "\u{e002e}",
    "\u{e002f}",
    "\u{e0030}",
    "\u{e0031}",
    "\u{e0032}",
    "\u{e0033}",
    "\u{e0034}",
    "\u{e0035}",
    "\u{e0036}",
    "\u{e0037}",
    "\u{e0038}",
    "\u{e0039}",
    "\u{e003a}",
    "\u{e003b}",
    "\u{e003c}",
    "\u{e003d}",
    "\u{e003e}",
    "\u{e003f}",
    "\u{e0040}",
    "\u{e0041}",
    "\u{e0042}",
    "\u{e0043}",
    "\u{e0044}",
    "\u{e0045}",
    "\u{e0046}",
    "\u{e0047}",
    "\u{e0048}",
    "\u{e0049}",
    "\u{e004a}",
    "\u{e004b}",
    "\u{e004c}",
    "\u{e004d}",
    "\u{e004e}",
    "\u{e004f}",
    "\u{e0050}",
    "\u{e0051}",
    "\u{e0052}",
    "\u{e0053}",
    "\u{e0054}",
    "\u{e0055}",
    "\u{e0056}",
    "\u{e0057}",
    "\u{e0058}",
    "\u{e0059}",
    "\u{e005a}",
    "\u{e005b}",
    "\u{e005c}",
    "\u{e005d}",
    "\u{e005e}",
    "\u{e005f}",
    "\u{e0060}",
    "\u{e0061}",
    "\u{e0062}",
    "\u{e0063}",
    "\u{e0064}",
    "\u{e0065}",
    "\u{e0066}",
    "\u{e0067}",
    "\u{e0068}",
    "\u{e0069}",
    "\u{e006a}",
    "\u{e006b}",
    "\u{e006c}",
    "\u{e006d}",
    "\u{e006e}",
    "\u{e006f}",
    "\u{e0070}",
    "\u{e0071}",
    "\u{e0072}",
    "\u{e0073}",
    "\u{e0074}",
    "\u{e0075}",
    "\u{e0076}",
    "\u{e0077}",
    "\u{e0078}",
    "\u{e0079}",
    "\u{e007a}",
    "\u{e007b}",
    "\u{e007c}",
    "\u{e007d}",
    "\u{e007e}",
    "\u{e0100}",
    "\u{e0101}",
    "\u{e0102}",
    "\u{e0103}",
    "\u{e0104}",
    "\u{e0105}",
    "\u{e0106}",
    "\u{e0107}",
    "\u{e0108}",
    "\u{e0109}",
    "\u{e010a}",
    "\u{e010b}",
    "\u{e010c}",
    "\u{e010d}",
    "\u{e010e}",
    "\u{e010f}",
    "\u{e0130}",
    "\u{e0131}",
    "\u{e0132}",
    "\u{e0133}",
    "\u{e0134}",
    "\u{e0135}",
    "\u{e0136}",
    "\u{e0137}",
    "\u{e0138}",
    "\u{e0139}",
    "\u{e013a}",
    "\u{e013b}",
    "\u{e013c}",
    "\u{e013d}",
    "\u{e013e}",
    "\u{e013f}",
];

/// How many places of one file are told.
const MOST: usize = 50;

/// The longest line, in bytes, that a person reads. What deceives readers deceives nobody on a longer one, as minified
/// bundles have them, where such characters stand in classes of regular expressions and in tables.
const READABLE_LINE: usize = 2_000;

/// Whether a line is binary data in a text of a program, as tools embed files: bytes that are no characters are escaped,
/// and the others are whatever they happen to be.
fn is_binary(line: &str) -> bool {
    memchr::memmem::find_iter(line.as_bytes(), "\\x").take(8).count() == 8
}

/// Finds characters that hide something, at most one place to a line.
pub(super) fn find(file: &SourceFile<'_>, hits: &[Hit]) -> Vec<(Range<usize>, String)> {
    let text = file.text();
    // What Qt's Linguist writes (`app_he.ts`) are texts for people.
    let is_markup = ["<?xml", "<!DOCTYPE TS"].iter().any(|start| text.starts_with(start));
    let source = is_source(&file.path.extension().to_ascii_lowercase()) && !is_markup;
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    let mut starts: Vec<usize> = hits.iter().map(|hit| hit.start as usize).collect();
    starts.sort_unstable();
    let mut syntax = source.then(|| Syntax::new(file.path.extension(), text)).flatten();
    // In comments and strings such characters come with text that was pasted, and change no name.
    let mut is_prose = |at: usize| syntax.as_mut().is_some_and(|syntax| syntax.at(at) != Context::Code);
    let mut line = 0;
    for start in starts {
        let Some(c) = text.get(start..).and_then(|rest| rest.chars().next()) else { continue };
        let this = file.line_at(start);
        if this == line || found.len() == MOST {
            continue;
        }
        let end = start + c.len_utf8();
        let carries_data = matches!(c, '\u{e0020}'..='\u{e007e}' | '\u{e0100}'..='\u{e01ef}');
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if !carries_data && (file.line(this).len() > READABLE_LINE || !turns && is_binary(file.line(this))) {
            continue;
        }
        let what = match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                let words = file.line(this);
                let is_bidirectional = words.chars().any(is_right_to_left);
                // Texts for people may set parts apart; only what overrides the order lies there, and where the letters
                // run from right to left as well it is a slip.
                let lies = matches!(c, '\u{202d}' | '\u{202e}') && !is_bidirectional;
                let is_text = is_bidirectional && is_closed(words);
                // The end of a line ends every mark (UAX #9, rule X8): one with nothing behind it turns nothing.
                let is_last = words.trim_end().ends_with(c) && words.chars().filter(|other| *other == c).count() == 1;
                // One alone in its quotes, with only marks behind those, is a constant that names it.
                let quoted = |at: Option<char>| at.is_some_and(|c| matches!(c, '"' | '\'' | '`'));
                let behind = file.text()[end..].lines().next().unwrap_or_default();
                let is_alone = quoted(text[..start].chars().next_back())
                    && quoted(behind.chars().next())
                    && !behind.chars().any(|c| c.is_alphanumeric());
                ((source || lies)
                    && !is_text
                    && !is_last
                    && !is_alone
                    && is_turned(words)
                    && !is_of_range(text, start, end))
                .then(|| format!("{TURNED} (U+{:04X})", c as u32))
            }
            '\u{e0020}'..='\u{e007e}' => {
                // One alone, as in tables of characters, says nothing.
                let tag = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{e0020}'..='\u{e007e}'));
                let run = tag(text[..start].chars().next_back()) || tag(text[end..].chars().next());
                (run && !is_flag(text, start))
                    .then(|| format!("text in invisible tag characters (U+{:04X})", c as u32))
            }
            '\u{e0100}'..='\u{e01ef}' => {
                let before = text[..start].chars().next_back();
                let next = text[end..].chars().next();
                let run = next.is_some_and(|n| matches!(n, '\u{e0100}'..='\u{e01ef}'));
                (run && !before.is_some_and(is_ideograph))
                    .then(|| format!("data in invisible variation selectors (U+{:04X})", c as u32))
            }
            '\u{3164}' | '\u{115f}' | '\u{1160}' | '\u{ffa0}' => {
                let near = [text[..start].chars().next_back(), text[end..].chars().next()];
                (source
                    && !near.into_iter().flatten().any(is_hangul)
                    && !near.into_iter().flatten().all(|c| c == '"' || c == '\''))
                .then(|| {
                    let place = if is_prose(start) { format!(" in {IN_PROSE}") } else { String::new() };
                    format!("an invisible letter{place} (U+{:04X})", c as u32)
                })
            }
            _ => {
                let name = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
                let inside = name(text[..start].chars().next_back()) && name(text[end..].chars().next());
                (source && inside).then(|| {
                    let place =
                        if is_prose(start) { format!("in a word of {IN_PROSE}") } else { "inside a name".to_owned() };
                    format!("an invisible character {place} (U+{:04X})", c as u32)
                })
            }
        };
        if let Some(what) = what {
            line = this;
            found.push((start..end, what));
        }
    }
    found
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}')
}

/// Whether anything on a line can be shown in another order: with neither letters nor marks that run from right to left
/// every level of the line is even, and nothing is reversed (UAX #9, rule L2).
fn is_turned(line: &str) -> bool {
    line.chars().any(|c| matches!(c, '\u{202b}' | '\u{202e}' | '\u{2067}') || is_right_to_left(c))
}

/// Whether a line closes every mark of direction that it opens.
fn is_closed(line: &str) -> bool {
    let (mut embedded, mut isolated) = (0i32, 0i32);
    let mut sound = true;
    for c in line.chars() {
        match c {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => embedded += 1,
            '\u{202c}' => embedded -= 1,
            '\u{2066}'..='\u{2068}' => isolated += 1,
            '\u{2069}' => isolated -= 1,
            _ => {}
        }
        sound &= embedded >= 0 && isolated >= 0;
    }
    sound && embedded == 0 && isolated == 0
}

/// Whether tag characters spell the flag of a region: a black flag, tags, and the tag that ends them (UTS #51).
fn is_flag(text: &str, at: usize) -> bool {
    let tag = |c: &char| matches!(c, '\u{e0020}'..='\u{e007e}');
    let flag = text[..at].chars().rev().take(8).find(|c| !tag(c)) == Some('\u{1f3f4}');
    let end = text[at..].chars().take(8).find(|c| !tag(c)) == Some('\u{e007f}');
    flag && end
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether the character between `start` and `end` begins or ends a range of a class of characters (`[\u{2027}\u{202a}-\u{d7ff}]`):
/// a hyphen beside it, and behind that a character of another script, which nobody overlooks.
fn is_of_range(text: &str, start: usize, end: usize) -> bool {
    let is_far = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !matches!(c, '\u{2000}'..='\u{206f}'));
    let mut behind = text[end..].chars();
    let mut before = text[..start].chars().rev();
    behind.next() == Some('-') && is_far(behind.next()) || before.next() == Some('-') && is_far(before.next())
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{ffa0}'..='\u{ffdc}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Encoding, FileKind, RelPath};

    fn of(name: &str, text: &str) -> Vec<String> {
        let path = RelPath::new(name);
        let kind = FileKind::Text(Encoding::Utf8);
        let file = SourceFile::text_file(&path, name, &kind, text);
        let mut hits = Vec::new();
        for (n, keyword) in KEYWORDS.iter().enumerate() {
            hits.extend(text.match_indices(keyword).map(|(at, _)| Hit { keyword: n as u16, start: at as u32 }));
        }
        find(&file, &hits).into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn what_hides_in_source_is_found() {
        assert_eq!(of("a.c", "/* \u{202e} } \u{2066}if (admin)\u{2069} \u{2066} begin */").len(), 1);
        assert_eq!(of("a.js", "let us\u{200b}er = 1;").len(), 1);
        assert_eq!(of("a.js", "const { timeout,\u{3164}} = req;").len(), 1);
        assert_eq!(of("a.md", "hello \u{e0048}\u{e0069}").len(), 1);
        assert_eq!(of("a.js", "x(`\u{fe00}\u{e0100}\u{e0101}\u{e0102}`)").len(), 1);
    }

    #[test]
    fn a_constant_that_is_such_a_character_turns_nothing() {
        assert!(of("a.py", "RIGHT, LEFT = x, \"\u{202e}\"").is_empty());
        assert!(of("a.js", "const marks = ['\u{202e}'];").is_empty());
        assert_eq!(of("a.js", "if (level == 'user\u{202e}')").len(), 1);
        assert_eq!(of("a.js", "x = '\u{202e}'; if (admin) {").len(), 1);
    }

    #[test]
    fn languages_that_need_them_are_left_in_peace() {
        assert!(of("a.py", "s = '\u{202b}\u{05e9}\u{05dc}\u{05d5}\u{05dd}\u{202c}'").is_empty());
        assert!(of("a.py", "s = '\u{1f468}\u{200d}\u{1f469}'").is_empty());
        assert!(of("a.fa.md", "\u{0645}\u{06cc}\u{200c}\u{062e}").is_empty());
        assert!(of("a.txt", "\u{feff}x \u{200b} y").is_empty());
        assert!(of("a.md", "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}").is_empty());
        let bundle = format!("{}[\u{2027}\u{202a}-\u{d7ff}]", "x=1;".repeat(READABLE_LINE));
        assert!(of("a.js", &bundle).is_empty(), "a line that nobody reads");
        assert!(of("a.el", "(?\" \"\u{201c}\" \"\u{e0022}\")").is_empty(), "a table of characters");
        assert!(of("a.js", "x = /[!-\\[\u{2027}\u{202a}-\u{d7ff}\u{f900}]/").is_empty(), "a range of characters");
        assert_eq!(of("a.js", "x = 1; /* \u{202e}-a */").len(), 1);
        assert!(of("a.php", "/** Chinese (\u{202a}\u{4e2d}\u{6587}\u{202c}) */").is_empty(), "nothing is reversed");
        assert!(of("a.ini", "x=\"\u{202e}\u{0645}\u{0646} %1\"").is_empty(), "a text for people");
        assert_eq!(of("a.ini", "x=\u{202e}nimda").len(), 1);
        assert!(of("a.txt", "85b38 \u{202e}\n").is_empty(), "a table of characters");
        let linguist = "<?xml version=\"1.0\"?>\n<translation>\u{202b}\u{05e9} - x</translation>\n";
        assert!(of("a_he.ts", linguist).is_empty());
        assert_eq!(of("a_he.ts", &linguist[22..]).len(), 1);
        assert!(of("a.ftl", "x = \u{2068}name\u{2069}").is_empty());
        let data = r"\x00\x1f\x8b\x08\xff\xfe\x01\x02";
        assert!(of("a.go", &format!("x = \"{data}a\u{ffa0}b\"")).is_empty(), "a file embedded in a program");
        assert_eq!(
            of("a.go", &format!("x = \"{data}\u{202e}\"")).len(),
            1,
            "marks that turn the order deceive there too"
        );
        assert_eq!(of("a.py", "s = '\u{202b}\u{05e9}'").len(), 1, "a mark that is left open");
    }
}
