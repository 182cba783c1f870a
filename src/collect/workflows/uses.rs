//! What `uses:` names, images, and the versions behind them.

use crate::model::is_commit_id;

/// What `uses:` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Uses<'a> {
    /// A folder of the same repository.
    Local(&'a str),
    /// An image.
    Image(Image<'a>),
    /// Another repository.
    Repository(Repository<'a>),
}

/// A repository, a path in it, and a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repository<'a> {
    /// `owner/name`.
    pub(super) slug: &'a str,
    /// The path below it.
    pub(super) path: Option<&'a str>,
    /// What stands behind `@`; empty when nothing does.
    pub(super) version: &'a str,
}

impl<'a> Uses<'a> {
    /// Reads what stands behind `uses:`; `None` when it names nothing.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with("./") || text.starts_with("$/") {
            return Some(Self::Local(text));
        }
        if let Some(image) = text.strip_prefix("docker://") {
            return Some(Self::Image(Image::parse(image)));
        }
        let (path, version) = text.rsplit_once('@').unwrap_or((text, ""));
        let slash = path.find('/')?;
        let end = path[slash + 1..].find('/').map_or(path.len(), |at| slash + 1 + at);
        let below = path.get(end + 1..);
        Some(Self::Repository(Repository { slug: &path[..end], path: below, version }))
    }
}

impl<'a> Repository<'a> {
    /// Whether this is `owner/name`, or `owner/name/path`, letter case ignored in all but the path.
    pub(super) fn is(self, known: &str) -> bool {
        match (self.path, known.match_indices('/').nth(1)) {
            (None, None) => self.slug.eq_ignore_ascii_case(known),
            (Some(path), Some((at, _))) => self.slug.eq_ignore_ascii_case(&known[..at]) && path == &known[at + 1..],
            _ => false,
        }
    }

    /// Whether the version is the full id of a commit.
    pub(super) fn is_commit(self) -> bool {
        is_commit_id(self.version)
    }
}

/// A reference to a container image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Image<'a> {
    /// The name without registry, tag and digest.
    pub(super) name: &'a str,
    /// The tag, when no digest is given.
    pub(super) tag: Option<&'a str>,
    /// What stands behind `@`.
    pub(super) digest: Option<&'a str>,
}

impl<'a> Image<'a> {
    /// Reads a reference.
    pub(super) fn parse(text: &'a str) -> Self {
        let text = text.trim();
        let is_registry = |host: &str| host == "localhost" || host.contains(['.', ':']);
        let rest = match text.split_once('/') {
            Some((host, rest)) if is_registry(host) => rest,
            _ => text,
        };
        if let Some((name, digest)) = rest.split_once('@') {
            return Self { name, tag: None, digest: Some(digest) };
        }
        let (name, tag) = rest.split_once(':').map_or((rest, None), |(name, tag)| (name, Some(tag)));
        Self { name, tag: tag.filter(|tag| !tag.is_empty()), digest: None }
    }

    /// Whether no version is asked for.
    pub(super) fn is_latest(&self) -> bool {
        matches!(self.tag, None | Some("latest"))
    }

    /// Why an image without a digest is not always the same.
    pub(super) fn movable(&self) -> &'static str {
        if self.is_latest() { "is whatever is latest" } else { "is not pinned to a digest: the tag can be moved" }
    }
}

/// A version of one to three numbers, with or without `v`.
pub(super) fn version(text: &str) -> Option<[u64; 3]> {
    let mut out = [0; 3];
    let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
    for (i, slot) in out.iter_mut().enumerate() {
        match parts.next() {
            Some(part) if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) => {
                *slot = part.parse().ok()?
            }
            None if i > 0 => break,
            _ => return None,
        }
    }
    parts.next().is_none().then_some(out)
}

/// The version that a comment behind a pinned action names: `# v1.2.3`, `# tag=v1`, `# ratchet:a/b@v1`.
pub(super) fn version_of_comment(comment: &str) -> Option<[u64; 3]> {
    let text = comment.trim_start_matches('#').trim_start();
    if let Some(name) = text.strip_prefix("ratchet:") {
        return version(name.split_once('@')?.1);
    }
    let text = match text.split_once(['=', ':']) {
        Some((label, rest)) if ["tag", "version", "ver"].contains(&label.trim_end()) => rest.trim_start(),
        _ => text,
    };
    version(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_uses_names_is_told_apart() {
        assert_eq!(Uses::parse("./a"), Some(Uses::Local("./a")));
        let image = Image { name: "alpine", tag: Some("3.8"), digest: None };
        assert_eq!(Uses::parse("docker://alpine:3.8"), Some(Uses::Image(image)));
        let deep = Repository { slug: "a/b", path: Some("c/d"), version: "v1" };
        assert_eq!(Uses::parse("a/b/c/d@v1"), Some(Uses::Repository(deep)));
        assert!(deep.is("A/B/c/d") && !deep.is("a/b"));
        assert_eq!(Uses::parse("checkout@v1"), None);
        let bare = Repository { slug: "a/b", path: None, version: "" };
        assert_eq!(Uses::parse("a/b@"), Some(Uses::Repository(bare)));
    }

    #[test]
    fn images_have_tags_and_digests() {
        let of = |text| {
            let image = Image::parse(text);
            (image.name, image.tag, image.digest)
        };
        assert_eq!(of("localhost:5000/a/b:1"), ("a/b", Some("1"), None));
        assert_eq!(of("ghcr.io/a/b@sha256:0"), ("a/b", None, Some("sha256:0")));
        assert_eq!(of("ubuntu"), ("ubuntu", None, None));
    }

    #[test]
    fn versions_are_read_of_refs_and_comments() {
        assert_eq!(version("v6"), Some([6, 0, 0]));
        assert_eq!(version("1.2.3"), Some([1, 2, 3]));
        assert_eq!(version("1.2.3.4"), None);
        assert_eq!(version("main"), None);
        assert_eq!(version_of_comment("# v4.1"), Some([4, 1, 0]));
        assert_eq!(version_of_comment("# tag=v2"), Some([2, 0, 0]));
        assert_eq!(version_of_comment("# ratchet:actions/checkout@v3"), Some([3, 0, 0]));
        assert_eq!(version_of_comment("# pinned on purpose"), None);
    }
}
