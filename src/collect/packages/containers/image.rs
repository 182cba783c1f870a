//! References to images (the grammar of the `distribution` project's `reference` package): `[host/]path[:tag][@digest]`.

use crate::collect::packages::purl::purl;
use crate::model::{ComponentKind, Locked};

/// A reference, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::collect::packages) struct Image<'t> {
    /// The host of the registry; empty for Docker Hub.
    host: &'t str,
    /// The path in it.
    path: &'t str,
    /// The tag; empty where a digest alone is stated.
    tag: &'t str,
    /// The digest with its algorithm, or nothing.
    digest: &'t str,
}

/// Takes a reference apart; `None` when it is none. Without tag and digest it means `latest`.
pub(in crate::collect::packages) fn parse(text: &str) -> Option<Image<'_>> {
    let text = text.trim();
    let (front, digest) = text.split_once('@').unwrap_or((text, ""));
    let slash = front.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) =
        front[slash..].find(':').map_or((front, ""), |at| (&front[..slash + at], &front[slash + at + 1..]));
    let (host, path) = match name.split_once('/') {
        Some((host, path)) if host.contains(['.', ':']) || host == "localhost" => (host, path),
        _ => ("", name),
    };
    let host = if matches!(host, "docker.io" | "index.docker.io" | "registry-1.docker.io") { "" } else { host };
    let path = if host.is_empty() { path.strip_prefix("library/").unwrap_or(path) } else { path };
    let part = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let tag_fits = tag.is_empty() || tag.len() <= 128 && part(tag.trim_start_matches('_'));
    let digest_fits = digest.is_empty()
        || digest.contains(':') && digest.bytes().all(|b| b.is_ascii_alphanumeric() || b":+._-".contains(&b));
    let host_fits = host.bytes().all(|b| b.is_ascii_alphanumeric() || b".:-".contains(&b));
    let fits = path.split('/').all(part) && tag_fits && digest_fits && host_fits && !front.ends_with(':');
    let tag = if tag.is_empty() && digest.is_empty() { "latest" } else { tag };
    fits.then_some(Image { host, path, tag, digest })
}

impl Image<'_> {
    /// The image as an entry of a lock. A digest says more than a tag, which may move.
    pub(in crate::collect::packages) fn locked(&self) -> Locked {
        let version = if self.digest.is_empty() { self.tag } else { self.digest };
        let tag = if self.digest.is_empty() { "" } else { self.tag };
        let name = if self.host.is_empty() { self.path.to_owned() } else { format!("{}/{}", self.host, self.path) };
        Locked {
            purl: purl("docker", self.path, version, &[("repository_url", self.host), ("tag", tag)]),
            name,
            version: version.to_owned(),
            kind: ComponentKind::Container,
            ..Locked::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_purls() {
        let of = |text: &str| parse(text).map(|i| i.locked().purl);
        for (text, purl) in [
            ("nginx", "pkg:docker/nginx@latest"),
            ("docker.io/library/nginx:1.27", "pkg:docker/nginx@1.27"),
            ("acme/app:v1", "pkg:docker/acme/app@v1"),
            ("ghcr.io/acme/api:1.2.0", "pkg:docker/acme/api@1.2.0?repository_url=ghcr.io"),
            ("localhost:5000/my-app:dev", "pkg:docker/my-app@dev?repository_url=localhost:5000"),
            ("tag7:5000/my-app", "pkg:docker/my-app@latest?repository_url=tag7:5000"),
            ("a@sha256:0123abcd", "pkg:docker/a@sha256:0123abcd"),
            ("a:1@sha256:0123abcd", "pkg:docker/a@sha256:0123abcd?tag=1"),
        ] {
            assert_eq!(of(text).as_deref(), Some(purl), "{text}");
        }
        for text in ["", "a b", "${X}", "a:", "a:$TAG", "/a", "a/", "{{ .image }}", "a@b", "é", ":", "@"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
