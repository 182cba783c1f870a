//! Patches to the code of others: `patches/*.patch`, `[patch]` of Cargo, `replace` of Go.

use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Evidence, Inventory, Patch, RelPath};

/// Reads patches.
pub struct Patches;

/// How much of a patch file can be its head, in lines.
const HEAD: usize = 60;

fn is_patch(name: &str, path: &RelPath) -> bool {
    let ending = name.ends_with(".patch") || name.ends_with(".diff");
    ending && path.parent().as_str().split('/').any(|folder| folder == "patches")
}

impl Collector for Patches {
    fn id(&self) -> &'static str {
        "patches"
    }

    fn summary(&self) -> &'static str {
        "Patches to the code of others, and whether they lead to a change upstream: patch files, [patch] of Cargo, replace of Go"
    }

    fn interest(&self) -> Interest {
        let names = |name: &str, path: &RelPath| name == "cargo.toml" || name == "go.mod" || is_patch(name, path);
        Interest { names, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        match file.name {
            "cargo.toml" => entries(file, |line| line.starts_with("[patch"), "=", out),
            "go.mod" => entries(file, |line| line.starts_with("replace"), "=>", out),
            _ => {
                // Git's own lines at the foot of a patch have no addresses, and those of the change are none of the head.
                let head: Vec<&str> =
                    file.text().lines().take(HEAD).take_while(|line| !line.starts_with("@@")).collect();
                let linked = head.iter().any(|line| is_link(line));
                let place = file.place_of_line(1);
                let what = file.path.name().to_owned();
                out.push(Evidence::Patch(Patch { place, what, linked }));
            }
        }
    }

    fn assemble(&self, inventory: &mut Inventory) {
        inventory.patches.sort();
    }
}

/// Whether a line leads to a change upstream, or says that there is none.
fn is_link(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "https://",
        "http://",
        "forwarded:",
        "origin:",
        "upstream",
        "cve-",
        "backport",
        "cherry picked",
        "not for",
        "commit ",
    ];
    let lower = line.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
        || lower
            .split_whitespace()
            .any(|word| word.len() > 1 && word.starts_with('#') && word[1..].bytes().all(|b| b.is_ascii_digit()))
}

/// Entries of a section that replace a dependency by something else than a folder of this tree, which is a fork with a
/// reason to be told. A comment in front of the entry or of the section, or on its line, tells.
fn entries(file: &SourceFile<'_>, opens: fn(&str) -> bool, sign: &str, out: &mut Vec<Evidence>) {
    let mut is_open = false;
    let mut comments = false;
    let mut section = false;
    for (number, line) in (1_u32..).zip(file.text().lines()) {
        let bare = line.trim();
        if bare.starts_with('#') || bare.starts_with("//") {
            comments |= is_link(bare);
            continue;
        }
        if bare.is_empty() {
            comments = false;
            continue;
        }
        let starts = opens(bare);
        if starts {
            is_open = true;
            section = comments;
        } else if bare.starts_with('[') || bare == ")" {
            is_open = false;
        }
        let entry = is_open && bare.contains(sign) && !bare.starts_with('[');
        if entry {
            let (what, target) = bare.split_once(sign).unwrap_or((bare, ""));
            let is_remote =
                if sign == "=>" { !target.trim().starts_with(['.', '/']) } else { target.contains("git") };
            let tail = bare.split_once(" //").or_else(|| bare.split_once(" #")).map_or("", |(_, tail)| tail);
            if is_remote {
                let what = what.trim().trim_start_matches("replace ").trim().to_owned();
                let linked = section || comments || is_link(tail);
                out.push(Evidence::Patch(Patch { place: file.place_of_line(number), what, linked }));
            }
        }
        if starts && sign == "=>" && !bare.ends_with('(') {
            is_open = false;
        }
        comments = false;
    }
}
