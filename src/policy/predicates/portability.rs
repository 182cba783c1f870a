//! Whether the tree can be checked out and read everywhere.

use std::collections::BTreeMap;

use super::Predicate;
use crate::model::{Inventory, Place, RelPath};
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

/// Names that Windows keeps for devices, whatever the extension.
const DEVICES: &[&str] = &[
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

/// Characters of a path that Windows can check out, the drive and folder of the user left out.
const LONGEST: usize = 260;

pub(super) const PATHS: Predicate = Predicate {
    name: "path-not-portable",
    about: "A path collides with another one where case does not count, has a name or character that Windows refuses, or is longer than 260 characters.",
    on: SubjectKind::File,
    fields: &["problem"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        let twins = twins(inventory);
        for (at, file) in inventory.files.iter().enumerate() {
            let path = file.path.as_str();
            let problem = match twins.get(&at) {
                Some(twin) => Some(format!("differs from {twin} in case only")),
                None => refused(path),
            };
            match problem {
                None => judge.pass(),
                Some(problem) => {
                    judge.fail(Failure::new(path, Place::file(file.path.clone())).with("problem", problem))
                }
            }
        }
    },
};

/// For each file, by its index, the one in front of it whose path differs in case only.
fn twins(inventory: &Inventory) -> BTreeMap<usize, &RelPath> {
    // Of two such paths at least one has a capital letter.
    let mut folded: Vec<(String, usize)> = Vec::new();
    for (at, file) in inventory.files.iter().enumerate() {
        let path = file.path.as_str();
        if path.is_ascii() && !path.bytes().any(|byte| byte.is_ascii_uppercase()) {
            continue;
        }
        let lower = path.to_lowercase();
        if lower != path
            && let Some(twin) = inventory.index_of(&RelPath::new(lower.as_str()))
        {
            folded.push((lower.clone(), twin));
        }
        folded.push((lower, at));
    }
    folded.sort_unstable();
    folded.dedup();
    let pairs = folded.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    pairs.map(|pair| (pair[1].1, &inventory.files[pair[0].1].path)).collect()
}

/// Why Windows refuses a path.
fn refused(path: &str) -> Option<String> {
    let is_refused = |c: char| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\') || c.is_control();
    if path.len() > LONGEST && path.chars().count() > LONGEST {
        return Some(format!("is longer than {LONGEST} characters"));
    }
    // Most paths have nothing but these.
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+,@".contains(&byte));
    for part in path.split('/') {
        let stem = &part[..memchr::memchr(b'.', part.as_bytes()).unwrap_or(part.len())];
        // Three letters, or three and a number.
        if matches!(stem.len(), 3 | 4) && DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device)) {
            return Some(format!("`{part}` is the name of a device on Windows"));
        }
        if !is_plain && let Some(c) = part.chars().find(|c| is_refused(*c)) {
            return Some(format!("`{}` cannot be part of a name on Windows", c.escape_default()));
        }
        if part.ends_with(['.', ' ']) {
            return Some(format!("`{part}` ends with a dot or space, which Windows drops"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileKind, FileRecord};

    #[test]
    fn windows_refuses_devices_and_characters() {
        assert!(refused("src/aux.c").is_some() && refused("a:b").is_some() && refused("dir./x").is_some());
        assert!(refused("src/auxiliary.c").is_none() && refused("a/.b/c d.txt").is_none());
    }

    #[test]
    fn paths_that_differ_in_case_are_told_of_the_one_in_front() {
        let files = ["A/b", "Readme", "a/b", "readme", "x/É", "x/é", "z"];
        let record = |path: &&str| FileRecord::new(RelPath::new(*path), FileKind::Binary, 1);
        let inventory = Inventory { files: files.iter().map(record).collect(), ..Inventory::default() };
        let found: Vec<(usize, &str)> = twins(&inventory).iter().map(|(at, path)| (*at, path.as_str())).collect();
        assert_eq!(found, [(2, "A/b"), (3, "Readme"), (5, "x/É")]);
    }
}
