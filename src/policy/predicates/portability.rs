//! Whether the tree can be checked out and read everywhere.

use std::collections::HashMap;

use super::Predicate;
use crate::model::Place;
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
        let mut by_fold: HashMap<String, &str> = HashMap::new();
        for file in &context.scene.inventory.files {
            let path = file.path.as_str();
            let twin = by_fold.insert(path.to_lowercase(), path);
            let problem = match twin {
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

/// Why Windows refuses a path.
fn refused(path: &str) -> Option<String> {
    if path.chars().count() > LONGEST {
        return Some(format!("is longer than {LONGEST} characters"));
    }
    for part in path.split('/') {
        let stem = part.split('.').next().unwrap_or_default();
        // Three letters, or three and a number.
        if matches!(stem.len(), 3 | 4) && DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device)) {
            return Some(format!("`{part}` is the name of a device on Windows"));
        }
        if let Some(c) =
            part.chars().find(|c| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\') || c.is_control())
        {
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

    #[test]
    fn windows_refuses_devices_and_characters() {
        assert!(refused("src/aux.c").is_some() && refused("a:b").is_some() && refused("dir./x").is_some());
        assert!(refused("src/auxiliary.c").is_none() && refused("a/.b/c d.txt").is_none());
    }
}
