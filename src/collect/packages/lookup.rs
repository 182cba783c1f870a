//! Formats of manifests and lock files, and which of them a file has.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use super::formats::FORMATS;
use crate::collect::SourceFile;
use crate::model::{Evidence, RelPath};

/// A manifest or lock file format.
pub struct Format {
    /// A stable name in kebab-case; its fixtures are in `fixtures/packages/<id>/`.
    pub id: &'static str,
    /// What it is and what is read from it, in one sentence.
    pub summary: &'static str,
    /// Which files have it.
    pub files: &'static [File],
    /// Reads one file of it. Must not panic on any input, must take linear time, and must leave a note
    /// ([`crate::collect::malformed`]) where the file does not follow the format.
    pub read: fn(&SourceFile<'_>, &mut Vec<Evidence>),
}

/// Which files have a format. Names are in lower case, and so is the name that they are compared with.
pub enum File {
    /// The file of this name.
    Name(&'static str),
    /// Files whose name ends with a dot and this word (without a dot), where the function, asked with the name in lower
    /// case and the path, says so.
    Extension(&'static str, fn(&str, &RelPath) -> bool),
    /// Files whose name begins with this word and a dot, or, where it has no ending, a dash or underscore.
    Stem(&'static str),
    /// The file of this name, where the function says so of its path.
    NameIn(&'static str, fn(&RelPath) -> bool),
    /// Files in a folder of this name, where the function says so of their path.
    Folder(&'static str, fn(&RelPath) -> bool),
    /// Files of any other name with one of these endings (`""` for none) that hold this text, in lower case; listed in
    /// [`super::formats::TEXTS`] too.
    Text(&'static str, &'static [&'static str]),
}

/// Indexes of [`FORMATS`] and of their files, by name, by extension and by folder.
#[derive(Default)]
struct Lookup {
    names: HashMap<&'static str, (usize, usize)>,
    names_in: HashMap<&'static str, Vec<(usize, usize)>>,
    extensions: HashMap<&'static str, Vec<(usize, usize)>>,
    folders: HashMap<&'static str, Vec<(usize, usize)>>,
    stems: HashMap<&'static str, (usize, usize)>,
}

static LOOKUP: LazyLock<Lookup> = LazyLock::new(|| {
    let mut lookup = Lookup::default();
    for (format, entry) in FORMATS.iter().enumerate() {
        for (rank, file) in entry.files.iter().enumerate() {
            match file {
                File::Name(name) => {
                    lookup.names.entry(name).or_insert((format, rank));
                }
                File::Extension(word, _) => lookup.extensions.entry(word).or_default().push((format, rank)),
                File::Stem(word) => {
                    lookup.stems.entry(word).or_insert((format, rank));
                }
                File::NameIn(name, _) => lookup.names_in.entry(name).or_default().push((format, rank)),
                File::Folder(name, _) => lookup.folders.entry(name).or_default().push((format, rank)),
                File::Text(..) => {}
            }
        }
    }
    lookup
});

/// The format of a file by its name in lower case and its path, and which of the format's files it is. Takes the same
/// time for any number of formats.
pub(super) fn format_of(name: &str, path: &RelPath) -> Option<(usize, usize)> {
    if let Some(&found) = LOOKUP.names.get(name) {
        return Some(found);
    }
    let wanted = |&(format, rank): &(usize, usize)| match &FORMATS[format].files[rank] {
        File::Extension(_, wanted) => wanted(name, path),
        File::NameIn(_, wanted) | File::Folder(_, wanted) => wanted(path),
        File::Name(_) | File::Stem(_) | File::Text(..) => false,
    };
    let folder = path.as_str().rsplit('/').nth(1).and_then(|folder| LOOKUP.folders.get(folder));
    let extension = name.rsplit_once('.').and_then(|(_, extension)| LOOKUP.extensions.get(extension));
    [LOOKUP.names_in.get(name), folder, extension]
        .into_iter()
        .flatten()
        .find_map(|candidates| candidates.iter().copied().find(wanted))
        .or_else(|| LOOKUP.stems.get(stem(name)?).copied())
        .or_else(|| renamed(name))
}

/// What stands in front of the ending of a name, or of its last part where it has none (`dockerfile-alpine`).
fn stem(name: &str) -> Option<&str> {
    Some(name.split_once('.').or_else(|| name.split_once(['-', '_']))?.0)
}

/// The format of a lock file under a name of its own (`legacy-package-lock.json`). It comes behind all names of the
/// format, so that it binds only where no proper one lies.
fn renamed(name: &str) -> Option<(usize, usize)> {
    let rests = name.match_indices(['-', '_', '.']).map(|(at, _)| &name[at + 1..]);
    let found = rests.filter(|rest| rest.contains("lock")).find_map(|rest| LOOKUP.names.get(rest));
    found.map(|&(format, _)| (format, usize::MAX))
}

/// The format that is known by a text which a file with this ending holds.
pub(super) fn format_with(text: &str, ending: &str) -> Option<usize> {
    let is = |file: &File| matches!(file, File::Text(known, endings) if *known == text && endings.contains(&ending));
    FORMATS.iter().position(|format| format.files.iter().any(is))
}

/// What stands behind the last dot of a name; empty where there is none.
pub(super) fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Whether the name of a file, in lower case, and its path tell its format.
pub(in crate::collect) fn is_named(name: &str, path: &RelPath) -> bool {
    format_of(name, path).is_some()
}

/// Whether a file of this name, in lower case, may be one that is known by a text it holds.
pub(in crate::collect) fn may_hold(name: &str) -> bool {
    static ENDINGS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let texts = FORMATS.iter().flat_map(|format| format.files).filter_map(|file| match file {
            File::Text(_, endings) => Some(*endings),
            _ => None,
        });
        texts.flatten().copied().collect()
    });
    ENDINGS.contains(ending(name))
}
