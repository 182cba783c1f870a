//! Words by which people say that something is there for tests or as an example, and stands for nothing in use.

/// The words, in lower case.
const WORDS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "tester",
    "testers",
    "testcase",
    "testcases",
    "testdata",
    "testsuite",
    "selftest",
    "demo",
    "demos",
    "example",
    "examples",
    "sample",
    "samples",
    "dummy",
    "fake",
    "mock",
    "mocks",
    "snakeoil",
    "localhost",
    "selfsigned",
    "insecure",
    "tutorial",
    "tutorials",
    "fixture",
    "fixtures",
    "fuzz",
    "fuzzer",
    "fuzzers",
    "fuzzing",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "microbench",
    "jmh",
    "unencrypted",
    "expired",
    "invalid",
    "bogus",
    "empty",
    "blank",
    "playground",
    "quickstart",
    "regress",
    "regression",
];

/// What words end with that are written in one with such a word (`ovfdemo`). Too many names end in `test`.
const ENDS: &[&str] = &["demo", "example"];

/// Whether a text has such a word. Words end at what is no letter, and where a capital follows a small letter.
pub fn says_stand_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut start = 0;
    (0..=bytes.len()).any(|at| {
        let ends = match bytes.get(at) {
            Some(b) if b.is_ascii_uppercase() => at > start && bytes[at - 1].is_ascii_lowercase(),
            Some(b) => !b.is_ascii_alphabetic(),
            None => true,
        };
        if !ends {
            return false;
        }
        let word = &bytes[start..at];
        start = at + usize::from(bytes.get(at).is_some_and(|b| !b.is_ascii_alphabetic()));
        is_word(word)
    })
}

fn is_word(word: &[u8]) -> bool {
    let is = |known: &&str| word.eq_ignore_ascii_case(known.as_bytes());
    let ends =
        |end: &&str| word.len() > end.len() && word[word.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes());
    (3..=20).contains(&word.len()) && (WORDS.iter().any(is) || ENDS.iter().any(ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_parts_of_words() {
        for text in [
            "ovfdemo.pem",
            "ThriftTest.pfx",
            "crossTest",
            "test_unencrypted.pem",
            "a.localhost.key",
            "TEST_CA_KEY",
            "empty3.kdbx",
            "# for testing only",
            "example",
        ] {
            assert!(says_stand_in(text), "{text}");
        }
        for text in [
            "latest/server.key",
            "minetest.jks",
            "attestation.pem",
            "contest",
            "democracy.key",
            "config/prod.key",
            "",
            "é",
        ] {
            assert!(!says_stand_in(text), "{text}");
        }
    }
}
