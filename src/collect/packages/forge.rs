//! Packages that are repositories: their purls by the address of the repository and the commit or tag.

use super::purl::{purl, purl_from, with_subpath, without_credentials};

/// A repository at a commit or tag.
pub(super) struct Repository {
    /// Its purl: of the forge's own type for the great forges, else `pkg:generic` with a `vcs_url`.
    pub(super) purl: String,
    /// Owner and name on a great forge, else the last part of the address.
    pub(super) name: String,
    /// Where it is fetched from, as SPDX writes it.
    pub(super) address: String,
}

/// The repository at an address, as git takes addresses (`https:`, `ssh:`, `git@host:path`), with or without `git+` in
/// front; `reference` is a commit or tag, or empty.
pub(super) fn repository(address: &str, reference: &str) -> Repository {
    let address = without_credentials(address.trim().trim_start_matches("git+").trim_end_matches('/'));
    let scp = address.split_once("://").is_none().then(|| address.split_once(':')).flatten();
    let (host, path) = match (address.split_once("://"), scp) {
        (Some((_, rest)), _) => rest.split_once('/').unwrap_or((rest, "")),
        (None, Some((host, path))) => (host, path),
        (None, None) => ("", address.as_ref()),
    };
    let host = host.rsplit('@').next().unwrap_or(host).trim_start_matches("www.");
    let path = path.trim_start_matches('/').trim_end_matches('/').trim_end_matches(".git");
    let kind = match host {
        "github.com" => "github",
        "gitlab.com" => "gitlab",
        "bitbucket.org" => "bitbucket",
        _ => "generic",
    };
    let full = match scp {
        Some((host, path)) => format!("git+ssh://{host}/{}", path.trim_start_matches('/')),
        None => format!("git+{address}"),
    };
    if kind != "generic" && path.contains('/') {
        let name = if kind == "github" {
            path.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")
        } else {
            path.to_owned()
        };
        return Repository { purl: purl(kind, &name, reference, &[]), name, address: full };
    }
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    let source = if reference.is_empty() { full.clone() } else { format!("{full}#{reference}") };
    // A path relative to the checkout's own address tells no place.
    let purl = if host.is_empty() {
        purl("generic", &name, reference, &[])
    } else {
        purl_from("generic", &name, reference, &source)
    };
    Repository { purl, name, address: full }
}

/// As [`repository`], a folder of it.
pub(super) fn folder_of(address: &str, reference: &str, folder: &str) -> Repository {
    let mut found = repository(address, reference);
    found.purl = with_subpath(found.purl, folder);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn great_forges_have_types_of_their_own() {
        let of = |address: &str, reference: &str| repository(address, reference).purl;
        assert_eq!(of("https://github.com/Org/Repo.git", "v1"), "pkg:github/org/repo@v1");
        assert_eq!(of("git@github.com:org/repo.git", ""), "pkg:github/org/repo");
        assert_eq!(of("git+ssh://git@gitlab.com/a/b/c.git", "0f"), "pkg:gitlab/a/b/c@0f");
        assert_eq!(
            of("https://u:p@git.example.org/x/lib.git", "0f"),
            "pkg:generic/lib@0f?vcs_url=git%2Bhttps://git.example.org/x/lib.git%400f"
        );
        assert_eq!(of("../lib.git", ""), "pkg:generic/lib");
        for odd in ["", ":", "://", "@", "git+", "github.com", "https://github.com"] {
            of(odd, "x");
        }
    }
}
