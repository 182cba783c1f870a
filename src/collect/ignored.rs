//! REUSE ignore blocks: parts of a file whose license and copyright statements do not speak of the file.

use std::ops::Range;

use memchr::memmem;

/// The parts of one text between `REUSE-IgnoreStart` and `REUSE-IgnoreEnd` (REUSE 3.3, "Ignore block").
///
/// A block that is not closed reaches to the end of the text.
#[derive(Default)]
pub struct Ignored(Vec<Range<usize>>);

impl Ignored {
    /// Finds the blocks; linear in the text.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut blocks = Vec::new();
        let mut from = 0;
        let start = memmem::Finder::new("REUSE-IgnoreStart");
        while let Some(at) = start.find(&bytes[from..]) {
            let begin = from + at;
            let end = memmem::find(&bytes[begin..], b"REUSE-IgnoreEnd").map_or(bytes.len(), |n| begin + n);
            blocks.push(begin..end);
            from = end;
        }
        Self(blocks)
    }

    /// Whether `offset` lies in a block.
    pub fn contains(&self, offset: usize) -> bool {
        let next = self.0.partition_point(|block| block.start <= offset);
        next > 0 && offset < self.0[next - 1].end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_and_an_open_one_reaches_to_the_end() {
        let text = "a REUSE-IgnoreStart b REUSE-IgnoreEnd c REUSE-IgnoreStart d";
        let ignored = Ignored::of(text);
        let inside = |letter: char| ignored.contains(text.find(&format!(" {letter}")).unwrap() + 1);
        assert!(!ignored.contains(0) && !inside('c'));
        assert!(inside('b') && ignored.contains(text.len() - 1));
    }
}
