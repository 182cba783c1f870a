//! Holds the design: arrows point towards `model`, collectors do not know each other, files are opened in few places,
//! and what is registered is documented.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::{Tree, root};

/// What each part of `src/` may use of the others. A part that is not listed here fails the test.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("names", &[]),
    ("walk", &["model"]),
    ("collect", &["model", "walk", "names"]),
    ("advisories", &["model", "collect"]),
    ("online", &["model", "collect"]),
    ("config", &["model"]),
    ("policy", &["model", "config", "names"]),
    ("report", &["model", "names"]),
    ("fix", &["model", "names", "policy"]),
    ("request", &["model", "walk", "collect", "online", "config", "policy"]),
    (
        "lib",
        &[
            "model",
            "names",
            "walk",
            "collect",
            "advisories",
            "online",
            "config",
            "policy",
            "report",
            "fix",
            "request",
        ],
    ),
    // The binary sees the library from outside, as `openclause::…`, and `crate::` is itself.
    ("cli", &["cli"]),
    ("main", &["cli"]),
    // The build script is a crate of its own; it shares two files of the license collector by path.
    ("build", &["words", "layout"]),
];

/// Files that may open files: the walker, the one reader, configuration and packs, reports, and the build script.
const OPENS_FILES: &[&str] = &[
    "src/collect/packages/testing.rs",
    "src/walk/",
    "src/collect/read.rs",
    "src/collect/caches/places.rs",
    "src/advisories/mod.rs",
    "src/online/store.rs",
    "src/config/discover.rs",
    "src/request.rs",
    "src/cli/resolve.rs",
    "src/cli/output.rs",
    "src/cli/action/",
    "src/build/",
];

/// Files that may open connections.
const OPENS_CONNECTIONS: &[&str] = &["src/online/client.rs"];

/// Files that may start another program.
const STARTS_PROGRAMS: &[&str] = &["src/collect/packages/cargo/resolve.rs"];

/// Kinds of evidence that lean on another kind: the first on the second.
const LEANS: &[(&str, &str)] = &[
    // REUSE states copyrights as well, and they are read by the same grammar.
    ("license", "copyright"),
];

/// A source file, without comments and tests.
struct Source {
    path: String,
    code: String,
}

impl Source {
    /// The part it belongs to: the folder or file below `src/`.
    fn part(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap();
        below.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The names behind `prefix`, groups in braces opened: `crate::{a::B, c}` gives `a` and `c`.
    fn names_behind(&self, prefix: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (at, _) in self.code.match_indices(prefix) {
            if self.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
                continue;
            }
            let rest = &self.code[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(group) => names.extend(first_names(group)),
                None => names.extend(ident(rest)),
            }
        }
        names
    }
}

/// The first identifier of each item of a group, up to its closing brace.
fn first_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' | ',' if depth == 0 => {
                names.extend(ident(group[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn ident(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(root().join("src")).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry.path();
        let is_test = ["tests.rs", "sample.rs"].iter().any(|name| entry.file_name() == *name)
            || path.components().any(|part| part.as_os_str() == "tests");
        if path.extension().is_some_and(|e| e == "rs") && !is_test {
            let text = std::fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.push(Source { path: relative(path), code: code.join("\n") });
        }
    }
    assert!(found.len() > 20, "the sources are where they are looked for");
    found
}

fn relative(path: &Path) -> String {
    let below = path.strip_prefix(root()).unwrap();
    below.components().map(|part| part.as_os_str().to_str().unwrap()).collect::<Vec<_>>().join("/")
}

#[test]
fn arrows_point_towards_the_model() {
    let mut wrong = Vec::new();
    for source in sources() {
        let part = source.part();
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == part) else {
            wrong.push(format!("{}: a part that the design does not know", source.path));
            continue;
        };
        for used in source.names_behind("crate::") {
            if used != part && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: {part} uses {used}", source.path));
            }
        }
        if part != "main"
            && part != "cli"
            && source.code.contains("openclause::")
            && source.code.contains("use openclause::")
        {
            wrong.push(format!("{}: the library does not import itself", source.path));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn kinds_of_evidence_do_not_know_each_other() {
    let kind_of = |source: &Source| -> Option<String> {
        let below = source.path.strip_prefix("src/collect/")?;
        Some(below.split('/').next().unwrap().trim_end_matches(".rs").to_owned())
    };
    // A part of `collect` with a collector in it is a kind of evidence; the other parts are for all.
    let kinds: BTreeSet<String> =
        sources().iter().filter(|s| s.code.contains(" Collector for ")).filter_map(kind_of).collect();
    assert!(kinds.contains("license"), "{kinds:?}");
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(kind) = kind_of(&source).filter(|kind| kinds.contains(kind)) else { continue };
        let below = source.path.strip_prefix("src/collect/").unwrap();
        // `super::` leads to `collect` from a file of its own, one more for each folder.
        let up = "super::".repeat(below.split('/').filter(|part| *part != "mod.rs").count());
        let mut used = source.names_behind("crate::collect::");
        used.extend(source.names_behind(&up));
        for other in used.intersection(&kinds) {
            if *other != kind && !LEANS.contains(&(kind.as_str(), other.as_str())) {
                wrong.push(format!("{} uses {other}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_are_opened_and_programs_started_in_few_places() {
    let mut wrong = Vec::new();
    for source in sources() {
        let may = |list: &[&str]| list.iter().any(|place| source.path.starts_with(place));
        for word in ["std::fs", "File::open", "fs::read", "OpenOptions", "read_dir", "WalkDir", "WalkBuilder"] {
            if source.code.contains(word) && !may(OPENS_FILES) {
                wrong.push(format!("{}: {word}", source.path));
            }
        }
        for word in ["std::process::Command", "process::Command", "MetadataCommand"] {
            if source.code.contains(word) && !may(STARTS_PROGRAMS) {
                wrong.push(format!("{}: {word}", source.path));
            }
        }
        for word in ["println!", "print!", "stdout()", "stderr()"] {
            if source.code.contains(word) && !matches!(source.part(), "cli" | "build") {
                wrong.push(format!("{}: {word}", source.path));
            }
        }
        for word in ["TcpStream", "UdpSocket", "ureq", "reqwest", "hyper::"] {
            if source.code.contains(word) && !may(OPENS_CONNECTIONS) {
                wrong.push(format!("{}: {word}: nothing leaves the machine", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<String> = sources()
        .into_iter()
        .map(|source| source.path)
        .filter(|path| !std::fs::read_to_string(root().join(path)).unwrap().starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn every_format_and_collector_is_documented() {
    let tree = Tree::new(&[]);
    for command in ["formats", "collectors", "rules"] {
        let json = tree.run(&[command, "--format", "json"]).expect(0).json();
        let rows = json.as_array().unwrap();
        assert!(!rows.is_empty(), "{command}");
        let mut seen = BTreeSet::new();
        for row in rows {
            let name = row.get("id").or(row.get("name")).unwrap().as_str().unwrap();
            let words = row.get("summary").or(row.get("why")).unwrap().as_str().unwrap();
            assert!(words.len() > 10, "{command}: {name} says too little: {words}");
            assert!(seen.insert(name.to_owned()), "{command}: {name} is there twice");
        }
        let human = tree.run(&[command]).expect(0).out;
        assert_eq!(human.lines().count(), rows.len(), "{command}: one line each");
    }
}

#[test]
fn every_rule_can_be_explained() {
    let tree = Tree::new(&[]);
    let rules = tree.run(&["rules", "--format", "json"]).expect(0).json();
    for rule in rules.as_array().unwrap() {
        let id = rule["id"].as_str().unwrap();
        let text = tree.run(&["explain", id]).expect(0).out;
        for field in ["title", "why", "help"] {
            assert!(text.contains(rule[field].as_str().unwrap().trim_end()), "{id} without its {field}: {text}");
        }
    }
}

#[test]
fn names_behind_a_prefix_are_found_in_groups() {
    let code = "use crate::{a::{B, C}, d};\nuse crate::e::F; xcrate::no; crate::g()".to_owned();
    let source = Source { path: "src/x.rs".to_owned(), code };
    assert_eq!(source.names_behind("crate::"), ["a", "d", "e", "g"].map(str::to_owned).into());
}
