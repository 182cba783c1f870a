//! Text in the Rich Text Format, in which installers show their license: the words of the text without those of the format.

use std::borrow::Cow;

/// What every such file starts with.
const START: &str = "{\\rtf";
/// Groups whose content is no text, by the word that starts them.
const TABLES: &[&[u8]] =
    &[b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"listtable", b"listoverridetable"];

/// The text with everything that is markup of the Rich Text Format blanked, so that every word keeps its place; any other
/// text as it is. Linear in its length.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.starts_with(START) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    // How many groups are open, and how many were when one began that holds no text.
    let (mut depth, mut silent) = (0usize, None);
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'{' => {
                depth += 1;
                at + 1
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                silent = silent.filter(|open| depth >= *open);
                at + 1
            }
            b'\\' => {
                let (word, end) = control(bytes, at);
                if silent.is_none() && at > 0 && bytes[at - 1] == b'{' && (word == b"*" || TABLES.contains(&word)) {
                    silent = Some(depth);
                }
                end
            }
            _ if silent.is_some() => at + 1,
            _ => {
                at += 1;
                continue;
            }
        };
        let ends_line = bytes[at..end].starts_with(b"\\par") || bytes[at..end].starts_with(b"\\line");
        // A character of several bytes is blanked as a whole: only silent groups have one.
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        if ends_line && silent.is_none() {
            out[at] = b'\n';
        }
        at = end;
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The control word or symbol at a backslash, and where it ends with its number and the space behind it.
fn control(bytes: &[u8], at: usize) -> (&[u8], usize) {
    let start = at + 1;
    let length = bytes[start..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
    if length == 0 {
        // `\'92` is a character by its number.
        let digits = if bytes.get(start) == Some(&b'\'') { 3 } else { 1 };
        let end = (start + digits).min(bytes.len());
        let plain = bytes[start..end].iter().all(u8::is_ascii);
        return (&bytes[start..(start + 1).min(bytes.len())], if plain { end } else { start });
    }
    let mut end = start + length;
    end += usize::from(bytes.get(end) == Some(&b'-'));
    end += bytes[end..].iter().take_while(|b| b.is_ascii_digit()).count();
    end += usize::from(bytes.get(end) == Some(&b' '));
    (&bytes[start..start + length], end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_blanked_and_words_keep_their_places() {
        let text = "{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}\\f0\\fs20 Free \\b software\\par\nfor all\\'85}";
        let found = plain(text);
        assert_eq!(found.len(), text.len());
        assert_eq!(found.split_whitespace().collect::<Vec<_>>(), ["Free", "software", "for", "all"]);
        assert_eq!(found.find("software"), text.find("software"));
        assert!(matches!(plain("rtf {\\b x}"), Cow::Borrowed(_)));
    }

    #[test]
    fn broken_markup_is_no_trouble() {
        for text in ["{\\rtf", "{\\rtf1\\", "{\\rtf1\\'", "{\\rtf1}}}\\par", "{\\rtf1{\\*é}\\é é"] {
            assert_eq!(plain(text).len(), text.len());
        }
    }
}
