//! `.gitmodules` (gitmodules(5)): other repositories that lie in this one. Which commit of them, git's index tells.

use std::ops::Range;

use super::draft::Draft;
use super::forge;
use super::lines::lines;
use crate::collect::SourceFile;
use crate::model::{Evidence, Inventory, Locked, Scope};

/// What submodules are called among lock files.
const SUBMODULES: &str = "git-submodule";

/// Reads the file.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, SUBMODULES);
    let mut open: Option<(Range<usize>, Option<&str>, Option<&str>)> = None;
    for (line, at) in lines(file.text()).chain([("[", 0..0)]) {
        let line = line.trim();
        if line.starts_with('[') {
            if let Some((at, path, url)) = open.take() {
                match (path, url) {
                    (Some(path), Some(url)) => add(&mut draft, file, path, url, at),
                    _ => draft.note(at.start, "a submodule without `path` or `url`"),
                }
            }
            open = line.starts_with("[submodule").then_some((at, None, None));
        } else if let (Some((key, value)), Some((_, path, url))) = (line.split_once('='), &mut open) {
            let value = value.trim().trim_matches('"');
            match key.trim() {
                "path" => *path = Some(value),
                "url" => *url = Some(value),
                _ => {}
            }
        }
    }
    draft.finish(out);
}

fn add(draft: &mut Draft<'_, '_>, file: &SourceFile<'_>, path: &str, url: &str, at: Range<usize>) {
    let found = forge::repository(url, "");
    draft.add(Locked {
        purl: found.purl,
        name: found.name,
        folder: Some(path.to_owned()),
        scope: Some(Scope::Runtime),
        direct: Some(true),
        resolved: Some(found.address),
        region: Some(file.region(at)),
        ..Locked::default()
    });
}

/// Adds the commits from git's index, and makes addresses relative to the checkout's own whole.
pub(super) fn resolve(inventory: &mut Inventory) {
    let Some(repository) = &inventory.repository else { return };
    for lock in inventory.locks.iter_mut().filter(|lock| lock.ecosystem.as_str() == SUBMODULES) {
        let base = lock.place.path.parent();
        for package in &mut lock.packages {
            let Some(path) = package.folder.as_deref().and_then(|folder| base.join(folder)) else { continue };
            let commit = repository.submodules().find(|tracked| tracked.path == path).map(|tracked| &tracked.id);
            let address = package.resolved.as_deref().unwrap_or_default();
            let whole = repository.remote.as_deref().and_then(|remote| relative(remote, address));
            let address = whole.unwrap_or_else(|| address.to_owned());
            let found = forge::repository(&address, commit.map_or("", String::as_str));
            package.purl = found.purl;
            package.name = found.name;
            package.version = commit.cloned().unwrap_or_default();
            package.resolved = Some(found.address);
        }
    }
}

/// An address that starts with `./` or `../`, seen from that of the remote (gitmodules(5), `submodule.<name>.url`).
fn relative(remote: &str, address: &str) -> Option<String> {
    let mut rest = address.trim_start_matches("git+");
    if !rest.starts_with("./") && !rest.starts_with("../") {
        return None;
    }
    let mut base = remote.trim_end_matches('/');
    loop {
        if let Some(after) = rest.strip_prefix("./") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("../") {
            rest = after;
            base = &base[..base.rfind(['/', ':'])?];
        } else {
            return Some(format!("{base}/{rest}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn relative_addresses_start_at_the_remote() {
        let of = |address: &str| relative("https://github.com/org/app.git", address);
        assert_eq!(of("../lib.git").as_deref(), Some("https://github.com/org/lib.git"));
        assert_eq!(of("../../other/lib").as_deref(), Some("https://github.com/other/lib"));
        assert_eq!(of("https://x/y"), None);
        assert_eq!(of("../../../../../../x"), None);
    }
}
