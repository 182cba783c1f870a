//! Paths as reports show them.

use std::borrow::Cow;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// A path relative to the scanned root: `/`-separated on every system, never absolute, never with `..`.
///
/// The root itself is the empty path. A file name that is not valid Unicode survives: each offending byte is
/// written `\xHH`, so two different names never look the same. Ordered by its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(from = "String")]
pub struct RelPath {
    text: Box<str>,
    /// Where the last component starts; paths are asked for their parts very often.
    name: u32,
}

impl Serialize for RelPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl From<String> for RelPath {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl RelPath {
    /// Takes a text that is already relative and `/`-separated.
    pub fn new(path: impl Into<Box<str>>) -> Self {
        let text = path.into();
        // No system has paths of four gigabytes.
        let name = memchr::memrchr(b'/', text.as_bytes()).map_or(0, |slash| slash as u32 + 1);
        Self { text, name }
    }

    /// Expresses `path` relative to `root`; `None` when it does not lie below it.
    pub fn below(root: &Path, path: &Path) -> Option<Self> {
        if let Some(relative) = below_as_written(root, path) {
            return Some(Self::new(relative));
        }
        let relative = path.strip_prefix(root).ok()?;
        let mut out = String::new();
        for part in relative.components() {
            match part {
                std::path::Component::Normal(name) => {
                    if !out.is_empty() {
                        out.push('/');
                    }
                    out.push_str(&escape(name));
                }
                std::path::Component::CurDir => {}
                _ => return None,
            }
        }
        Some(Self::new(out))
    }

    /// The whole path as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The last component; empty for the root.
    pub fn name(&self) -> &str {
        &self.text[self.name as usize..]
    }

    /// The file name without its last extension (`LICENSE.txt` gives `LICENSE`, `.env` gives `.env`).
    pub fn stem(&self) -> &str {
        let name = self.name();
        match memchr::memrchr(b'.', name.as_bytes()) {
            Some(0) | None => name,
            Some(dot) => &name[..dot],
        }
    }

    /// The text behind the last dot of the file name, without the dot; empty when there is none.
    pub fn extension(&self) -> &str {
        let name = self.name();
        match memchr::memrchr(b'.', name.as_bytes()) {
            Some(0) | None => "",
            Some(dot) => &name[dot + 1..],
        }
    }

    /// The folder that holds this path; the root's parent is the root.
    pub fn parent(&self) -> Self {
        Self::new(self.folder())
    }

    /// The [`RelPath::parent`] as text.
    pub fn folder(&self) -> &str {
        &self.text[..(self.name as usize).saturating_sub(1)]
    }

    /// This path and all that hold it, the root last.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(Some(self.clone()), |at| (!at.text.is_empty()).then(|| at.parent()))
    }

    /// Whether `folder` is the [`RelPath::parent`] of this path, without making that.
    pub fn lies_in(&self, folder: &Self) -> bool {
        self.folder() == &*folder.text
    }

    /// How many components the path has; a file at the root has one.
    pub fn depth(&self) -> usize {
        if self.text.is_empty() { 0 } else { self.text.bytes().filter(|byte| *byte == b'/').count() + 1 }
    }

    /// Whether this path is `folder` or lies below it.
    pub fn is_within(&self, folder: &Self) -> bool {
        folder.text.is_empty()
            || self.text.strip_prefix(&*folder.text).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Resolves `target` (as written in a link, `/`-separated) against this path taken as a folder, by text alone.
    ///
    /// `None` when the target climbs out of the scanned root.
    pub fn join(&self, target: &str) -> Option<Self> {
        let mut parts: Vec<&str> = self.text.split('/').filter(|p| !p.is_empty()).collect();
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        Some(Self::new(parts.join("/")))
    }
}

impl std::fmt::Display for RelPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.text.is_empty() { "." } else { &self.text })
    }
}

/// What of `path` stands behind `root`, where that is a relative path already, as nearly always.
fn below_as_written<'p>(root: &Path, path: &'p Path) -> Option<&'p str> {
    let rest = path.to_str()?.strip_prefix(root.to_str()?)?.strip_prefix('/')?;
    let is_name = |part: &str| !matches!(part, "" | "." | "..");
    (std::path::MAIN_SEPARATOR == '/' && rest.split('/').all(is_name)).then_some(rest)
}

/// A file name as text, with every byte that is not valid Unicode written `\xHH`.
fn escape(name: &std::ffi::OsStr) -> Cow<'_, str> {
    match name.to_str() {
        Some(text) => Cow::Borrowed(text),
        None => {
            let mut out = String::new();
            for chunk in name.as_encoded_bytes().utf8_chunks() {
                out.push_str(chunk.valid());
                for byte in chunk.invalid() {
                    out.push_str(&format!("\\x{byte:02X}"));
                }
            }
            Cow::Owned(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_path() {
        let p = RelPath::new("a/b/LICENSE.txt");
        assert_eq!((p.name(), p.stem(), p.extension(), p.depth()), ("LICENSE.txt", "LICENSE", "txt", 3));
        assert_eq!(p.parent().as_str(), "a/b");
        assert_eq!(RelPath::new(".env").extension(), "");
        assert_eq!(RelPath::new("x").parent().as_str(), "");
    }

    #[test]
    fn ancestors_end_with_the_root() {
        let of = |path: &str| RelPath::new(path).ancestors().map(|p| p.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(of("a/b/c.txt"), ["a/b/c.txt", "a/b", "a", ""]);
        assert_eq!(of(""), [""]);
    }

    #[test]
    fn join_resolves_and_never_climbs_out() {
        let folder = RelPath::new("docs/en");
        assert_eq!(folder.join("../img/a.png").map(|p| p.as_str().to_owned()), Some("docs/img/a.png".into()));
        assert_eq!(folder.join("../../../etc/passwd"), None);
    }

    #[test]
    fn within_compares_whole_components() {
        assert!(RelPath::new("vendor/a").is_within(&RelPath::new("vendor")));
        assert!(!RelPath::new("vendored/a").is_within(&RelPath::new("vendor")));
        assert!(RelPath::new("a").is_within(&RelPath::default()));
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_unicode_stay_distinct() {
        use std::os::unix::ffi::OsStrExt;
        let root = Path::new("/r");
        let of = |bytes: &[u8]| RelPath::below(root, &root.join(std::ffi::OsStr::from_bytes(bytes)));
        assert_eq!(of(b"caf\xe9").map(|p| p.as_str().to_owned()), Some("caf\\xE9".into()));
        assert_ne!(of(b"a\xff"), of(b"a\xfe"));
    }
}
