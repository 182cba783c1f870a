//! What a path says about what it is for.

use std::collections::{BTreeMap, HashSet};
use std::sync::{LazyLock, OnceLock};

use crate::model::RelPath;

static DATA: &str = include_str!("../../policies/facts/paths.toml");

/// Whether a path lies outside folders for vendored code, tests and their data, examples and generated files, and is
/// not named like a test.
pub(crate) fn is_first_party(path: &RelPath) -> bool {
    !is_test_name(path) && !any_folder(path, |part| folders().contains(part))
}

/// Whether one of the folders of a path is meant, or is one of the sets of sources for tests that Maven and Gradle keep
/// below `src`: `src/it`, `src/integTest`.
fn any_folder(path: &RelPath, is_meant: impl Fn(&str) -> bool) -> bool {
    let mut above = "";
    path.folder().split('/').any(|part| {
        let is_set = above == "src" && (part == "it" || part.ends_with("Test") || part.ends_with("Tests"));
        above = part;
        is_set || is_meant(part)
    })
}

/// Whether a source file is named as languages name their tests: `tests.rs`, `parse_test.go`, `test_parse.py`,
/// `parse.spec.ts`, and `parse.t` of Perl, Cram and prove.
pub(super) fn is_test_name(path: &RelPath) -> bool {
    let Some((stem, extension)) = path.name().rsplit_once('.') else { return false };
    if extension == "t" {
        return !stem.is_empty();
    }
    let is_test = matches!(stem, "test" | "tests" | "conftest")
        || stem.starts_with("test_")
        || ["_test", "_tests", ".test", ".spec", "_spec", "Test", "Tests"].iter().any(|end| stem.ends_with(end));
    is_test && is_source(extension)
}

/// Words that say so in the name of a folder, whatever stands beside them: `test_creds`, `fuzz-harness`.
const TEST_WORDS: &[&str] =
    &["test", "tests", "testing", "testsuite", "testdata", "regress", "fuzz", "fixture", "fixtures", "mock", "mocks"];

/// Whether a path lies in a folder for tests and their data or for examples, in one that a template names
/// (`{{cookiecutter.name}}`), or is named like a test.
pub(super) fn is_test(path: &RelPath) -> bool {
    let tests = table().get("tests");
    let is_of_tests = |part: &str| {
        tests.is_some_and(|tests| tests.iter().any(|known| part.eq_ignore_ascii_case(known)))
            || part.split(['_', '-', '.']).any(|word| TEST_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
            || is_of_test_word(part)
            || part.contains("{{")
    };
    is_test_name(path) || is_source(path.extension()) && is_of_test_word(path.stem()) || any_folder(path, is_of_tests)
}

/// Whether a name in mixed case begins or ends with the word: `PackageTests`, `testResources`, `TestNorm`.
fn is_of_test_word(name: &str) -> bool {
    let begins = name.strip_prefix("Test").or_else(|| name.strip_prefix("test"));
    let ends = name.strip_suffix("Tests").or_else(|| name.strip_suffix("Test"));
    begins.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        || ends.is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()))
}

/// Whether a path lies in a folder for the code of others. What a project calls `contrib` may be its own.
pub(super) fn is_vendored(path: &RelPath) -> bool {
    let vendored = table().get("vendored");
    let is_of_others = |part: &str| {
        !part.eq_ignore_ascii_case("contrib")
            && vendored.is_some_and(|names| names.iter().any(|known| part.eq_ignore_ascii_case(known)))
    };
    path.folder().split('/').any(is_of_others)
}

/// Whether a file is a page of a manual: one of a section (`curl.1`), prose named so, and prose or a description of an
/// interface in a folder for documents.
pub(super) fn is_manual(path: &RelPath) -> bool {
    let prose = [
        "yaml", "yml", "json", "md", "mdx", "markdown", "rst", "adoc", "asciidoc", "txt", "html", "tex", "texi",
        "pod", "xml", "docbook", "dbk", "sgml",
    ];
    let pages = ["doc", "docs", "documentation", "man", "manual", "website", "guide", "guides"];
    let extension = path.extension();
    let stem = path.name().strip_suffix(extension).unwrap_or_default().trim_end_matches('.');
    // `curl.1`, and `curl.1.html` that is made of it, but not `libx.so.1`.
    let is_digit = |text: &str| text.len() == 1 && text.bytes().all(|b| b.is_ascii_digit());
    let is_made = extension == "html" && stem.rsplit_once('.').is_some_and(|(_, section)| is_digit(section));
    let is_section = is_digit(extension) && !stem.contains('.') || is_made;
    let is_prose = prose.contains(&extension);
    let is_named = ["manual", "handbook", "guide", "tutorial"].iter().any(|name| stem.eq_ignore_ascii_case(name));
    is_section
        || is_prose && is_named
        || is_prose
            && path.as_str().split('/').rev().skip(1).any(|part| pages.iter().any(|p| part.eq_ignore_ascii_case(p)))
}

/// Names of folders by what they are for.
fn table() -> &'static BTreeMap<String, Vec<String>> {
    static TABLE: OnceLock<BTreeMap<String, Vec<String>>> = OnceLock::new();
    TABLE.get_or_init(|| toml::from_str(DATA).unwrap_or_default())
}

/// Names of folders, ASCII case ignored. This is asked of every folder of every file by many rules, and nearly all are
/// told by their length and first letter.
struct Folders {
    names: HashSet<String>,
    /// For each first byte in lower case a bit for each length that a name has.
    lengths: Vec<u64>,
}

impl Folders {
    fn contains(&self, part: &str) -> bool {
        let Some(first) = part.bytes().next() else { return false };
        self.lengths[usize::from(first.to_ascii_lowercase())] >> part.len().min(63) & 1 != 0
            && (self.names.contains(part) || self.names.contains(part.to_ascii_lowercase().as_str()))
    }
}

fn folders() -> &'static Folders {
    static FOLDERS: OnceLock<Folders> = OnceLock::new();
    FOLDERS.get_or_init(|| {
        let names: HashSet<String> = table().values().flatten().cloned().collect();
        let mut lengths = vec![0; 256];
        for name in &names {
            lengths[usize::from(name.bytes().next().unwrap_or_default())] |= 1 << name.len().min(63);
        }
        Folders { names, lengths }
    })
}

/// Whether a folder lies among the documents, where programs are there to be read.
pub(super) fn is_in_documents(folder: &RelPath) -> bool {
    folder.as_str().split('/').any(|part| ["doc", "docs", "documentation"].contains(&part))
}

/// Whether a file is named like the text of a license: `LICENSE`, `LICENSE-MIT`, `COPYING.LESSER`, `MIT-LICENSE.txt`.
/// Source files and texts about the code of others (`LICENSE-3rdparty`) are not.
pub(super) fn is_license_text_name(path: &RelPath) -> bool {
    // The words below begin with one of these, or hold it; hardly any name does.
    let known = |part: &[u8]| {
        matches!(part[0], b'l' | b'L' | b'c' | b'C')
            && (part.eq_ignore_ascii_case(b"licen") || part.eq_ignore_ascii_case(b"copyi"))
    };
    if !path.name().as_bytes().windows(5).any(known) {
        return false;
    }
    let name = path.name().to_ascii_lowercase();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    // `LICENSE.CC` is no program.
    if ["license", "licence", "copying"].contains(&stem)
        && path.extension().bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    {
        return true;
    }
    let prose = ["", "txt", "md", "markdown", "rst", "adoc", "html", "htm", "text"].contains(&extension);
    let words: Vec<&str> = if prose { stem } else { &name }.split(['-', '_', '.', ' ']).collect();
    // `COPYING3` is what the makers of Ada call the text of version 3, and `COPYINGv3` those of Autoconf.
    let bare = |word: &str| {
        let name = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let numbered = if name.len() < word.len() { name.strip_suffix('v') } else { None };
        numbered.unwrap_or(name).to_owned()
    };
    let named =
        words.iter().any(|w| ["license", "licence", "licenses", "copying", "unlicense"].contains(&bare(w).as_str()));
    let others = words.iter().any(|w| {
        ["3rdparty", "3rd", "third", "thirdparty", "vendor", "party", "notices", "dependencies", "header", "template"]
            .contains(w)
    });
    let code = !prose && (is_code(extension) || words.len() > 3);
    named && !others && !code
}

/// Whether a file lies in a folder for license texts that are named by their ids.
pub(super) fn is_in_licenses_folder(path: &RelPath) -> bool {
    path.folder().rsplit('/').next() == Some("LICENSES")
}

/// Whether an extension is that of a source file, in lower case.
pub(crate) fn is_source(extension: &str) -> bool {
    const SOURCE: &[&str] = &[
        "rs", "go", "py", "pyi", "pyx", "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "c", "h", "cc", "cpp",
        "cxx", "hh", "hpp", "hxx", "java", "kt", "kts", "scala", "rb", "php", "cs", "fs", "vb", "swift", "m", "mm",
        "sh", "bash", "zsh", "fish", "ps1", "pl", "pm", "lua", "r", "jl", "hs", "ml", "mli", "ex", "exs", "erl",
        "hrl", "clj", "cljs", "dart", "zig", "nim", "v", "sv", "vhd", "vhdl", "vue", "svelte", "css", "scss", "less",
        "sql", "proto", "asm", "s", "el", "vim", "tcl", "groovy", "gradle", "f", "f90", "pas", "adb", "ads", "cu",
        "cl",
    ];
    // Asked of every file by many rules.
    static SET: LazyLock<HashSet<&str, foldhash::fast::RandomState>> =
        LazyLock::new(|| SOURCE.iter().copied().collect());
    SET.contains(extension)
}

/// Whether an extension is that of a source or data file, in lower case.
fn is_code(extension: &str) -> bool {
    const DATA: &[&str] = &[
        "json", "toml", "yml", "yaml", "xml", "lock", "cfg", "ini", "in", "tmpl", "hbs", "png", "svg", "csv", "tsv",
        "ico", "gif", "jpg", "license", "spdx", "rdf", "pdf", "gz", "xz", "zip", "patch", "diff",
    ];
    is_source(extension) || DATA.contains(&extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_license_texts() {
        for name in [
            "LICENSE",
            "LICENSE-MIT",
            "LICENSE.md",
            "COPYING.LESSER",
            "MIT-LICENSE.txt",
            "UNLICENSE",
            "License.APACHE2",
            "COPYING3",
            "COPYINGv3",
            "LICENSE.CC",
        ] {
            assert!(is_license_text_name(&RelPath::new(name)), "{name}");
        }
        for name in
            ["license.rs", "LICENSE-3rdparty.csv", "licenses.json", "THIRD-PARTY-LICENSES.txt", "relicense.md"]
        {
            assert!(!is_license_text_name(&RelPath::new(name)), "{name}");
        }
    }

    #[test]
    fn folders_tell_first_party_files() {
        assert!(is_first_party(&RelPath::new("src/lib.rs")));
        for set in ["src/it/a/pom.xml", "x/src/integTest/resources/pom.xml", "app/src/FooTests/a.swift"] {
            assert!(!is_first_party(&RelPath::new(set)) && is_test(&RelPath::new(set)), "{set}");
        }
        assert!(
            is_first_party(&RelPath::new("it/src/main/a.java")) && is_first_party(&RelPath::new("kotlinTest/a.kt"))
        );
        assert!(!is_first_party(&RelPath::new("tests.rs")) && !is_first_party(&RelPath::new("a/parse_test.go")));
        assert!(!is_first_party(&RelPath::new("jose-util/jose-util.t")) && is_test(&RelPath::new("lib/Parse.t")));
        assert!(is_first_party(&RelPath::new("a/latest.go")) && is_first_party(&RelPath::new("test_data.md")));
        assert!(!is_first_party(&RelPath::new("crates/a/Tests/data.rs")));
        assert!(!is_first_party(&RelPath::new("third_party/zlib/zlib.h")));
        assert!(is_manual(&RelPath::new("cli/docs/swarm/join.md")) && is_manual(&RelPath::new("man/x.8")));
        assert!(is_manual(&RelPath::new("MANUAL.md")) && is_manual(&RelPath::new("rclone.1")));
        assert!(is_manual(&RelPath::new("html/postconf.5.html")) && !is_manual(&RelPath::new("html/index.html")));
        assert!(!is_manual(&RelPath::new("lib/libx.so.1")) && !is_manual(&RelPath::new("manual.rs")));
        assert!(is_manual(&RelPath::new("man/x.network.xml")) && !is_manual(&RelPath::new("conf/x.xml")));
        assert!(!is_manual(&RelPath::new("README.md")) && !is_manual(&RelPath::new("docs/conf.py")));
        assert!(is_test(&RelPath::new("a/Tests/fixtures/mix.exs")) && is_test(&RelPath::new("t/certs/server.key")));
        assert!(is_test(&RelPath::new("src/test_creds/ca.key")) && is_test(&RelPath::new("regress/rsa.prv")));
        assert!(!is_test(&RelPath::new("src/latest/ca.key")) && !is_test(&RelPath::new("attestation/a.go")));
        assert!(!is_test(&RelPath::new("third_party/zlib/zlib.h")) && !is_test(&RelPath::new("src/t.rs")));
    }
}
