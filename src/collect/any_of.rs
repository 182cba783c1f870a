//! Short texts that are looked for together.

/// Texts to look for, and which bytes they start with: one pass over a text instead of one for each of them.
///
/// For a handful of short texts in short stretches; what whole files are searched for are the keywords of
/// [`super::Interest`].
pub(super) struct AnyOf {
    texts: &'static [&'static str],
    /// For each byte the texts that start with it, each a bit.
    firsts: [u64; 256],
    /// The same for the byte behind; a text of one byte goes on with any.
    seconds: [u64; 256],
}

impl AnyOf {
    /// The texts, none of which may be empty, and at most 64.
    pub(super) const fn new(texts: &'static [&'static str]) -> Self {
        assert!(texts.len() <= u64::BITS as usize, "each has a bit");
        let (mut firsts, mut seconds, mut n) = ([0; 256], [0; 256], 0);
        while n < texts.len() {
            let text = texts[n].as_bytes();
            firsts[text[0] as usize] |= 1 << n;
            let mut byte = 0;
            while byte < 256 {
                if text.len() == 1 || text[1] as usize == byte {
                    seconds[byte] |= 1 << n;
                }
                byte += 1;
            }
            n += 1;
        }
        Self { texts, firsts, seconds }
    }

    /// Where the first of them in `text` starts.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        // A plain loop: this is asked of nearly every line of some files.
        for (at, (&first, &second)) in bytes.iter().zip(bytes.get(1..).unwrap_or_default()).enumerate() {
            let may = self.firsts[usize::from(first)] & self.seconds[usize::from(second)];
            if may != 0 && self.is_any_at(&bytes[at..], may) {
                return Some(at);
            }
        }
        // What stands behind the end matters to texts of one byte only, which go on with any.
        let last = bytes.len().checked_sub(1)?;
        let may = self.firsts[usize::from(bytes[last])] & self.seconds[0];
        self.is_any_at(&bytes[last..], may).then_some(last)
    }

    /// Whether `bytes` start with one of the texts whose bits are set.
    fn is_any_at(&self, bytes: &[u8], mut may: u64) -> bool {
        while may != 0 {
            if bytes.starts_with(self.texts[may.trailing_zeros() as usize].as_bytes()) {
                return true;
            }
            may &= may - 1;
        }
        false
    }

    /// Whether `text` holds one.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.find(text).is_some()
    }
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
        const ONE: AnyOf = AnyOf::new(&["#", "##"]);
        assert!(ONE.find("a#") == Some(1) && ONE.find("#") == Some(0) && !ONE.is_in("a"));
    }
}
