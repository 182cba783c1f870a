//! Which folders a workspace names as its members.

use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::model::RelPath;

/// The member patterns of a workspace (folders, or globs of them; with `!` in front, those taken out again), resolved
/// against its own folder.
pub(super) struct Members {
    base: RelPath,
    included: Folders,
    excluded: Folders,
}

/// How many glob patterns of one workspace are used. Real ones have a handful, and each costs when it is compiled.
const MOST_GLOBS: usize = 1000;

impl Members {
    /// Takes the patterns of the workspace in the folder `base`. A malformed glob names nothing.
    pub(super) fn new(base: &RelPath, patterns: &[String]) -> Self {
        let included = patterns.iter().filter(|p| !p.starts_with('!')).map(String::as_str);
        let excluded = patterns.iter().filter_map(|p| p.strip_prefix('!'));
        Self { base: base.clone(), included: Folders::new(base, included), excluded: Folders::new(base, excluded) }
    }

    /// Whether a pattern names the folder.
    pub(super) fn include(&self, folder: &RelPath) -> bool {
        self.included.name(&self.base, folder)
    }

    /// Whether the folder, or one above it, is excluded and the folder itself is not named.
    pub(super) fn exclude(&self, folder: &RelPath) -> bool {
        if self.included.plain.contains(folder) {
            return false;
        }
        let mut at = folder.clone();
        while !self.excluded.name(&self.base, &at) {
            if at.as_str().is_empty() {
                return false;
            }
            at = at.parent();
        }
        true
    }
}

/// A set of folders by path or glob.
struct Folders {
    plain: BTreeSet<RelPath>,
    globs: GlobSet,
}

impl Folders {
    fn new<'p>(base: &RelPath, patterns: impl Iterator<Item = &'p str>) -> Self {
        let mut plain = BTreeSet::new();
        let mut globs = GlobSetBuilder::new();
        let mut count = 0;
        for pattern in patterns {
            if !pattern.contains(['*', '?', '[', '{']) {
                plain.extend(base.join(pattern));
                continue;
            }
            count += 1;
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            if count <= MOST_GLOBS
                && let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build()
            {
                globs.add(glob);
            }
        }
        Self { plain, globs: globs.build().unwrap_or_default() }
    }

    fn name(&self, base: &RelPath, folder: &RelPath) -> bool {
        if self.plain.contains(folder) {
            return true;
        }
        let below = folder.is_within(base).then(|| folder.as_str()[base.as_str().len()..].trim_start_matches('/'));
        !self.globs.is_empty() && below.is_some_and(|rest| self.globs.is_match(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_globs_and_exclusions() {
        let of = |list: &[&str]| {
            let list: Vec<String> = list.iter().map(|p| (*p).to_owned()).collect();
            Members::new(&RelPath::new("web"), &list)
        };
        let at = |path: &str| RelPath::new(path);
        let members = of(&["./app", "packages/*", "!packages/old", "!attic"]);
        assert!(members.include(&at("web/app")) && members.include(&at("web/packages/a")));
        assert!(
            !members.include(&at("web/packages/a/b")) && !members.include(&at("app")) && !members.include(&at("web"))
        );
        assert!(members.exclude(&at("web/packages/old")) && members.exclude(&at("web/attic/x/y")));
        assert!(!members.exclude(&at("web/packages/a")) && !members.exclude(&at("attic")));
        assert!(of(&["**"]).include(&at("web/a/b")));
        assert!(!of(&["app", "!app"]).exclude(&at("web/app")), "a named member stays one");
    }
}
