//! Short texts that are looked for together.

/// Texts to look for, and which bytes they start with: one pass over a text instead of one for each of them.
///
/// For a handful of short texts in short stretches; what whole files are searched for are the keywords of
/// [`super::Interest`].
pub(super) struct AnyOf {
    texts: &'static [&'static str],
    /// Whether one starts with this byte.
    firsts: [bool; 256],
}

impl AnyOf {
    /// The texts, none of which may be empty.
    pub(super) const fn new(texts: &'static [&'static str]) -> Self {
        let (mut firsts, mut n) = ([false; 256], 0);
        while n < texts.len() {
            firsts[texts[n].as_bytes()[0] as usize] = true;
            n += 1;
        }
        Self { texts, firsts }
    }

    /// Where the first of them in `text` starts.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut at = 0;
        // A plain loop: this is asked of nearly every line of some files.
        while at < bytes.len() {
            if self.firsts[usize::from(bytes[at])] && self.texts.iter().any(|one| is_at(&bytes[at..], one.as_bytes()))
            {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// Whether `text` holds one.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.find(text).is_some()
    }
}

/// Whether `bytes` start with `one`; texts of two or three bytes are compared faster here than by a call.
fn is_at(bytes: &[u8], one: &[u8]) -> bool {
    one.len() <= bytes.len() && one.iter().zip(bytes).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several_texts_is_found() {
        const SIGNS: AnyOf = AnyOf::new(&["*/", "-->", "é"]);
        assert_eq!(SIGNS.find("a * / --> */"), Some(6));
        assert_eq!(SIGNS.find("aé"), Some(1));
        assert!(!SIGNS.is_in("a*") && !SIGNS.is_in(""));
    }
}
