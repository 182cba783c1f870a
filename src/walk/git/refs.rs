//! References: `HEAD`, tags and branches, loose and packed (gitrepository-layout(5)).

use std::collections::BTreeMap;
use std::path::Path;

use walkdir::WalkDir;

use super::locate::{Folders, large_file, small_file};
use super::object::Id;

/// What is checked out.
pub(super) struct Head {
    pub(super) branch: Option<String>,
    pub(super) commit: Option<Id>,
}

/// A reference and where it leads.
pub(super) struct Reference {
    pub(super) name: String,
    pub(super) id: Id,
    /// What the tag object behind `id` leads to, where that is recorded.
    pub(super) peeled: Option<Id>,
}

/// What is checked out.
pub(super) fn head(folders: &Folders) -> Head {
    let content = small_file(&folders.own.join("HEAD")).unwrap_or_default();
    match symbolic(&content) {
        Some(target) => {
            Head { branch: target.strip_prefix("refs/heads/").map(str::to_owned), commit: follow(folders, target, 0) }
        }
        None => Head { branch: None, commit: first_id(&content) },
    }
}

/// The object that a short or whole name of a reference leads to, in git's order: tags before branches.
pub(super) fn resolve(folders: &Folders, name: &str) -> Option<Id> {
    if name == "HEAD" {
        return head(folders).commit;
    }
    let places = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
    places.iter().find_map(|place| follow(folders, &format!("{place}{name}"), 0))
}

/// Tags, sorted by name.
pub(super) fn tags(folders: &Folders) -> Vec<Reference> {
    all(folders, "refs/tags/")
}

/// Where every reference leads, tags included, in order of their names.
pub(super) fn tips(folders: &Folders) -> Vec<Id> {
    all(folders, "refs/").into_iter().map(|r| r.peeled.unwrap_or(r.id)).collect()
}

/// References below `prefix`, by their names behind it; a loose one counts over a packed one.
fn all(folders: &Folders, prefix: &str) -> Vec<Reference> {
    let mut found: BTreeMap<String, (Id, Option<Id>)> = BTreeMap::new();
    for packed in packed(folders) {
        if let Some(name) = packed.name.strip_prefix(prefix) {
            found.insert(name.to_owned(), (packed.id, packed.peeled));
        }
    }
    let folder = folders.common.join(prefix);
    for entry in WalkDir::new(&folder).max_depth(32).into_iter().flatten() {
        if !entry.file_type().is_file() {
            continue;
        }
        let Some(name) = below(&folder, entry.path()) else { continue };
        if let Some(id) = follow(folders, &format!("{prefix}{name}"), 0) {
            found.insert(name, (id, None));
        }
    }
    found.into_iter().map(|(name, (id, peeled))| Reference { name, id, peeled }).collect()
}

fn below(folder: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.strip_prefix(folder).ok()?.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

/// Follows a reference, symbolic ones too, to an object.
fn follow(folders: &Folders, name: &str, depth: usize) -> Option<Id> {
    // A name of a hostile repository must not lead to a file elsewhere.
    let sound = name.starts_with("refs/") && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !sound || name.contains(['\\', ':', '\0']) || depth > 5 {
        return None;
    }
    let loose = small_file(&folders.own.join(name)).or_else(|| small_file(&folders.common.join(name)));
    match loose {
        Some(content) => match symbolic(&content) {
            Some(target) => follow(folders, target, depth + 1),
            None => first_id(&content),
        },
        None => packed(folders).into_iter().find(|packed| packed.name == name).map(|packed| packed.id),
    }
}

/// The target of a symbolic reference.
fn symbolic(content: &[u8]) -> Option<&str> {
    std::str::from_utf8(content).ok()?.strip_prefix("ref:").map(str::trim)
}

fn first_id(content: &[u8]) -> Option<Id> {
    Id::from_hex(content.split(u8::is_ascii_whitespace).next()?)
}

/// `packed-refs`: an id and a name on a line, and behind a tag the line of what it leads to (`^id`).
fn packed(folders: &Folders) -> Vec<Reference> {
    let content = large_file(&folders.common.join("packed-refs")).unwrap_or_default();
    let mut found: Vec<Reference> = Vec::new();
    for line in content.split(|b| *b == b'\n') {
        if let Some(peeled) = line.strip_prefix(b"^") {
            if let Some(last) = found.last_mut() {
                last.peeled = Id::from_hex(peeled.trim_ascii());
            }
            continue;
        }
        let Some(space) = line.iter().position(|b| *b == b' ') else { continue };
        let (id, name) = (Id::from_hex(&line[..space]), std::str::from_utf8(line[space..].trim_ascii()));
        if let (Some(id), Ok(name)) = (id, name) {
            found.push(Reference { name: name.to_owned(), id, peeled: None });
        }
    }
    found
}
