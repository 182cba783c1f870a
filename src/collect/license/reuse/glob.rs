//! The path patterns of `REUSE.toml` and of `dep5`, many at once.

use std::collections::BTreeMap;

use regex::{RegexSet, RegexSetBuilder};

/// Which rules a pattern follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// REUSE 3.3: `*` stops at a slash, `**` and `**/` do not, a backslash takes the next character literally.
    Reuse,
    /// Machine-readable `debian/copyright` 1.0: `*` and `?` match slashes, a backslash takes the next literally.
    Dep5,
}

/// Patterns of one file, matched together.
pub(super) struct Patterns {
    /// Numbers of the patterns without a wildcard, by their path.
    exact: BTreeMap<String, Vec<usize>>,
    globs: RegexSet,
    /// The number of each glob.
    numbers: Vec<usize>,
}

impl Patterns {
    /// Compiles `patterns`; the numbers are their positions.
    ///
    /// # Errors
    /// When the patterns together are too large to be matched.
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p str>, dialect: Dialect) -> Result<Self, regex::Error> {
        let mut exact: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let (mut globs, mut numbers) = (Vec::new(), Vec::new());
        for (number, pattern) in patterns.enumerate() {
            match translate(pattern, dialect) {
                Translated::Exact(path) => exact.entry(path).or_default().push(number),
                Translated::Regex(regex) => {
                    globs.push(regex);
                    numbers.push(number);
                }
            }
        }
        let globs =
            RegexSetBuilder::new(globs).unicode(true).size_limit(64 << 20).dfa_size_limit(16 << 20).build()?;
        Ok(Self { exact, globs, numbers })
    }

    /// The numbers of the patterns that match `path`, in no particular order.
    pub(super) fn matches(&self, path: &str) -> impl Iterator<Item = usize> {
        let exact = self.exact.get(path).into_iter().flatten().copied();
        let globs = self.globs.matches(path);
        let globs: Vec<usize> = globs.iter().map(|at| self.numbers[at]).collect();
        exact.chain(globs)
    }
}

enum Translated {
    Exact(String),
    Regex(String),
}

fn translate(pattern: &str, dialect: Dialect) -> Translated {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let mut literal = String::new();
    let mut regex = String::from("^");
    let mut is_glob = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let taken = match (c, dialect) {
            ('\\', _) => chars.next().unwrap_or('\\'),
            ('*', Dialect::Reuse) if chars.peek() == Some(&'*') => {
                chars.next();
                is_glob = true;
                // `a/**/b` also means `a/b`: the specification lets `**/` match everything, nothing included.
                if chars.peek() == Some(&'/') {
                    chars.next();
                    regex.push_str("(?s:.*/)?");
                } else {
                    regex.push_str("(?s:.*)");
                }
                continue;
            }
            ('*', Dialect::Reuse) => {
                is_glob = true;
                regex.push_str("[^/]*");
                continue;
            }
            ('*' | '?', Dialect::Dep5) => {
                is_glob = true;
                regex.push_str(if c == '*' { "(?s:.*)" } else { "(?s:.)" });
                continue;
            }
            _ => c,
        };
        literal.push(taken);
        regex.push_str(&regex::escape(taken.encode_utf8(&mut [0; 4])));
    }
    regex.push('$');
    if is_glob { Translated::Regex(regex) } else { Translated::Exact(literal) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str, dialect: Dialect) -> bool {
        let patterns = Patterns::new([pattern].into_iter(), dialect).unwrap();
        patterns.matches(path).next().is_some()
    }

    #[test]
    fn reuse_globs() {
        let reuse = |pattern: &str, path: &str| matches(pattern, path, Dialect::Reuse);
        assert!(reuse("a.c", "a.c") && !reuse("a.c", "b/a.c"));
        assert!(reuse("po/*.po", "po/de.po") && !reuse("po/*.po", "po/x/de.po"));
        assert!(reuse("*", ".hidden") && !reuse("*", "a/b"));
        assert!(reuse("**", "a/b/c") && reuse("src/**", "src/a/b.c") && reuse("**.po", "a/b.po"));
        assert!(reuse("a/**/b", "a/x/y/b") && reuse("a/**/b", "a/b") && !reuse("a/**/b", "a/xb"));
        assert!(reuse("a\\*", "a*") && !reuse("a\\*", "ab") && reuse("a\\\\", "a\\"));
        assert!(reuse("a?[b]", "a?[b]") && !reuse("a?", "ab"));
    }

    #[test]
    fn dep5_globs() {
        let dep5 = |pattern: &str, path: &str| matches(pattern, path, Dialect::Dep5);
        assert!(dep5("*", "a/b") && dep5("po/*.po", "po/x/de.po") && dep5("a?c", "abc") && !dep5("a\\?c", "abc"));
    }
}
