//! Package URLs, written in canonical form as the purl specification (ECMA-427) asks.

use crate::collect::encoded::percent_encoded;

/// Writes a purl. `name` carries the namespace in front of its last `/`; an empty version, empty qualifier values and places
/// on somebody's machine are left out. Qualifiers may come in any order.
pub(super) fn purl(kind: &str, name: &str, version: &str, qualifiers: &[(&str, &str)]) -> String {
    // A subspec is a part of its pod.
    if let Some((pod, subspec)) = name.split_once('/').filter(|_| kind == "cocoapods") {
        return with_subpath(purl(kind, pod, version, qualifiers), subspec);
    }
    let mut out = format!("pkg:{kind}");
    let name = normal_name(kind, name);
    for segment in name.split('/').filter(|s| !s.is_empty()) {
        out.push('/');
        out.push_str(&percent_encoded(segment, ":"));
    }
    if !version.is_empty() {
        out.push('@');
        out.push_str(&percent_encoded(version, ":"));
    }
    let tells = |value: &str| !value.is_empty() && !is_on_machine(value);
    let mut qualifiers: Vec<_> = qualifiers.iter().filter(|(_, value)| tells(value)).collect();
    qualifiers.sort();
    for (at, (key, value)) in qualifiers.into_iter().enumerate() {
        out.push(if at == 0 { '?' } else { '&' });
        out.push_str(key);
        out.push('=');
        // The official test suite leaves slashes of qualifier values as they are.
        out.push_str(&percent_encoded(value, ":/"));
    }
    out
}

/// A purl with the part of the package that is meant (a subspec, a folder) behind it.
pub(super) fn with_subpath(mut purl: String, subpath: &str) -> String {
    for (at, segment) in subpath.split('/').filter(|s| !matches!(*s, "" | "." | "..")).enumerate() {
        purl.push(if at == 0 { '#' } else { '/' });
        purl.push_str(&percent_encoded(segment, ":"));
    }
    purl
}

/// A purl that has no version with this one; `None` for one that has.
pub(super) fn with_version(purl: &str, version: &str) -> Option<String> {
    let (front, rest) = purl.split_at(purl.find(['?', '#']).unwrap_or(purl.len()));
    (!front.is_empty() && !front.contains('@')).then(|| format!("{front}@{}{rest}", percent_encoded(version, ":")))
}

/// The purl of a package whose origin is told by a source address, as lock files and manifests write it: empty for
/// the default registry, else `git+…#commit`, `registry+…`, `sparse+…`, the address of an archive, a path, or
/// qualifiers as a purl has them, with their question mark (`?uuid=…`).
pub(super) fn purl_from(kind: &str, name: &str, version: &str, source: &str) -> String {
    if let Some(qualifiers) = source.strip_prefix('?') {
        let pairs: Vec<(&str, &str)> = qualifiers.split('&').filter_map(|pair| pair.split_once('=')).collect();
        return purl(kind, name, version, &pairs);
    }
    let (vcs, file);
    let qualifier = if source.is_empty() {
        ("", "")
    } else if let Some(index) = source.strip_prefix("registry+").or_else(|| source.strip_prefix("sparse+")) {
        ("repository_url", index)
    } else if is_git(source) || ["hg+", "svn+", "bzr+"].iter().any(|system| source.starts_with(system)) {
        vcs = vcs_url(source);
        ("vcs_url", vcs.as_str())
    } else if source.contains("://") || source.starts_with("file:") {
        ("download_url", source)
    } else {
        file = format!("file:{source}");
        ("download_url", file.as_str())
    };
    purl(kind, name, version, &[qualifier])
}

/// Whether a source address names a git repository.
pub(super) fn is_git(source: &str) -> bool {
    source.starts_with("git+") || source.starts_with("git:")
}

/// Whether an address is a place on the machine of whoever wrote it, which tells nobody else anything: an absolute path, or a
/// `file:` address of one.
pub(super) fn is_on_machine(address: &str) -> bool {
    let address = address.strip_prefix("git+").unwrap_or(address);
    let path = address.strip_prefix("file:").map_or(address, |path| path.strip_prefix("//").unwrap_or(path));
    let mut start = path.chars();
    let drive = matches!(
        (start.next(), start.next(), start.next()),
        (Some('a'..='z' | 'A'..='Z'), Some(':'), Some('/' | '\\'))
    );
    path.starts_with(['/', '\\', '~']) || drive
}

/// The address without user name and password: lock files hold the tokens of careless people, and a bill of
/// materials is handed on. The user `git` of an ssh address is no secret and stays.
pub(super) fn without_credentials(source: &str) -> std::borrow::Cow<'_, str> {
    let Some(start) = source.find("://").map(|at| at + 3) else { return source.into() };
    let authority_end = source[start..].find(['/', '?', '#']).map_or(source.len(), |at| start + at);
    match source[start..authority_end].rfind('@') {
        Some(at) if &source[start..start + at] != "git" => {
            format!("{}{}", &source[..start], &source[start + at + 1..]).into()
        }
        _ => source.into(),
    }
}

/// The form that SPDX and purl give to the address of a commit: `git+https://host/repository@commit`.
fn vcs_url(source: &str) -> String {
    let (address, fragment) = source.split_once('#').unwrap_or((source, ""));
    let (address, query) = address.split_once('?').unwrap_or((address, ""));
    let reference = if fragment.is_empty() {
        query.split('&').find_map(|pair| pair.split_once('=')).map_or("", |(_, value)| value)
    } else {
        fragment
    };
    if reference.is_empty() { address.to_owned() } else { format!("{address}@{reference}") }
}

/// The name in the form in which names of the ecosystem are the same.
pub(crate) fn comparable<'n>(kind: &str, name: &'n str) -> std::borrow::Cow<'n, str> {
    // NuGet keeps the spelling and ignores the case.
    if kind == "nuget" { name.to_lowercase().into() } else { normal_name(kind, name) }
}

/// The name in the spelling that the purl type prescribes.
fn normal_name<'n>(kind: &str, name: &'n str) -> std::borrow::Cow<'n, str> {
    match kind {
        "npm" | "composer" | "hex" | "github" | "githubactions" | "golang" | "docker" | "gitlab" | "bitbucket"
        | "deb" | "apk" | "alpm" | "luarocks"
            if name.chars().any(char::is_uppercase) =>
        {
            name.to_lowercase().into()
        }
        "pypi" => super::python::normal_name(name).into(),
        "pub" if name.chars().any(|c| c.is_uppercase() || c == '-') => name.to_lowercase().replace('-', "_").into(),
        _ => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Examples of the specification's type definitions and of its test suite.
    #[test]
    fn canonical_forms_of_the_specification() {
        assert_eq!(purl("cargo", "rand", "0.7.2", &[]), "pkg:cargo/rand@0.7.2");
        assert_eq!(purl("npm", "@angular/animation", "12.3.1", &[]), "pkg:npm/%40angular/animation@12.3.1");
        assert_eq!(purl("npm", "LoDash", "4.17.21", &[]), "pkg:npm/lodash@4.17.21");
        assert_eq!(purl("npm", "react", "", &[]), "pkg:npm/react");
        assert_eq!(
            purl("npm", "mypackage", "12.4.5", &[("vcs_url", "git://host.com/path/to/repo.git@4345abcd34343")]),
            "pkg:npm/mypackage@12.4.5?vcs_url=git://host.com/path/to/repo.git%404345abcd34343"
        );
        assert_eq!(
            purl("npm", "foo", "1.0.0", &[("vcs_url", "https://a.com/b/c😃d.git")]),
            "pkg:npm/foo@1.0.0?vcs_url=https://a.com/b/c%F0%9F%98%83d.git"
        );
        assert_eq!(
            purl("deb", "debian/curl", "7.50.3-1", &[("distro", "jessie"), ("arch", "i386")]),
            "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie"
        );
    }

    #[test]
    fn credentials_do_not_leave_the_checkout() {
        assert_eq!(without_credentials("git+https://u:secret@host/x@y#1"), "git+https://host/x@y#1");
        assert_eq!(without_credentials("https://token@host"), "https://host");
        assert_eq!(without_credentials("git+ssh://git@host/x.git#1"), "git+ssh://git@host/x.git#1");
        assert_eq!(without_credentials("registry+https://host/index"), "registry+https://host/index");
    }

    #[test]
    fn places_on_a_machine_stay_there() {
        for source in [
            "/home/ann/a.tgz",
            "file:///opt/a.whl",
            "file:/opt/a.whl",
            "C:\\a\\b.zip",
            "git+file:///srv/a.git#0123abc",
        ] {
            assert_eq!(purl_from("npm", "a", "1.0.0", source), "pkg:npm/a@1.0.0", "{source}");
        }
    }

    #[test]
    fn sources_become_qualifiers() {
        assert_eq!(
            purl_from("cargo", "a", "1.0.0", "git+https://host/x?tag=v1#0123abcd"),
            "pkg:cargo/a@1.0.0?vcs_url=git%2Bhttps://host/x%400123abcd"
        );
        assert_eq!(
            purl_from("cargo", "a", "", "git+https://host/x?branch=next"),
            "pkg:cargo/a?vcs_url=git%2Bhttps://host/x%40next"
        );
        assert_eq!(
            purl_from("cargo", "a", "1.0.0", "registry+https://host/index"),
            "pkg:cargo/a@1.0.0?repository_url=https://host/index"
        );
        assert_eq!(
            purl_from("npm", "a", "1.0.0", "https://host/a.tgz"),
            "pkg:npm/a@1.0.0?download_url=https://host/a.tgz"
        );
        assert_eq!(purl_from("npm", "a", "1.0.0", "x/a.tgz"), "pkg:npm/a@1.0.0?download_url=file:x/a.tgz");
    }
}
