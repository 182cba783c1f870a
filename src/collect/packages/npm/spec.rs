//! What the value of a dependency may say: a range, an alias, an address, a folder (npm's `package.json`
//! documentation, "dependencies", and `npm-package-arg`).

use crate::collect::packages::purl::without_credentials;

/// A dependency value, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spec {
    /// The name in the registry, where an alias gives another one than the key.
    pub(super) name: Option<String>,
    /// The range, tag or workspace requirement; empty for an address.
    pub(super) requirement: String,
    /// The address or path, when it is none of these.
    pub(super) source: Option<String>,
}

/// Takes the value of a dependency apart.
pub(super) fn parse(value: &str) -> Spec {
    let value = value.trim();
    let of = |requirement: &str| Spec { name: None, requirement: requirement.to_owned(), source: None };
    if let Some(alias) = value.strip_prefix("npm:") {
        // The `@` of a scope is no separator.
        let at = alias.char_indices().skip(1).find(|&(_, c)| c == '@').map_or(alias.len(), |(i, _)| i);
        let requirement = alias.get(at + 1..).unwrap_or_default();
        return Spec { name: Some(alias[..at].to_owned()), ..of(requirement) };
    }
    if value.starts_with("workspace:") {
        return of(value);
    }
    match address(value) {
        Some(source) => Spec { source: Some(source), ..of("") },
        None => of(value),
    }
}

/// The address or path that a value or a `resolved` field names; `None` for a range or a tag.
fn address(value: &str) -> Option<String> {
    for scheme in ["file:", "link:", "portal:"] {
        if let Some(path) = value.strip_prefix(scheme) {
            return Some(path.trim_start_matches("//").to_owned());
        }
    }
    if value.starts_with(['.', '~']) && value.contains('/') || value.starts_with('/') {
        // `~1.2/x` is no range; a tilde range has no slash.
        return Some(value.to_owned());
    }
    for (host, base) in [
        ("github:", "https://github.com/"),
        ("gitlab:", "https://gitlab.com/"),
        ("bitbucket:", "https://bitbucket.org/"),
    ] {
        if let Some(rest) = value.strip_prefix(host) {
            return Some(format!("git+{base}{rest}"));
        }
    }
    if value.starts_with("git+") || value.starts_with("git:") {
        return Some(without_credentials(value).into_owned());
    }
    if value.starts_with("ssh:") {
        return Some(format!("git+{}", without_credentials(value)));
    }
    if let Some((host, path)) = value.strip_prefix("git@").and_then(|rest| rest.split_once(':')) {
        return Some(format!("git+ssh://git@{host}/{path}"));
    }
    if value.starts_with("http://") || value.starts_with("https://") {
        let clean = without_credentials(value);
        let path = clean.split(['#', '?']).next().unwrap_or_default();
        return Some(if path.ends_with(".git") { format!("git+{clean}") } else { clean.into_owned() });
    }
    // `user/repository`, optionally with `#commit`; a scoped name stands in keys, never in values.
    let (path, _) = value.split_once('#').unwrap_or((value, ""));
    let mut parts = path.split('/');
    let (user, repository, more) = (parts.next()?, parts.next()?, parts.next());
    let word =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    (more.is_none() && word(user) && word(repository)).then(|| format!("git+https://github.com/{value}"))
}

/// The source of a locked package by its `resolved` address: `None` when it comes from a registry.
///
/// A registry's archives are found at `<registry>/<name>/-/<file>.tgz`. That of the default registry needs no qualifier;
/// for another registry the archive's address tells all there is to know.
pub(super) fn locked_source(resolved: &str) -> Option<String> {
    let is_url = resolved.starts_with("http://") || resolved.starts_with("https://");
    if is_url {
        let (_, rest) = resolved.split_once("://")?;
        let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
        // npm writes this host whatever registry is configured (`replace-registry-host`), and yarn its own name for it.
        if matches!(host, "registry.npmjs.org" | "registry.yarnpkg.com") {
            return None;
        }
    }
    address(resolved)
}

/// Whether an address, its fragment left off, is that of a repository and not of an archive.
pub(super) fn is_repository(address: &str) -> bool {
    let archive = [".tgz", ".tar.gz", ".tar"].iter().any(|end| address.ends_with(end));
    !archive && address_is_git(address)
}

fn address_is_git(address: &str) -> bool {
    ["git+", "git:", "git@", "ssh:"].iter().any(|p| address.starts_with(p)) || address.ends_with(".git")
}

/// The name under which a registry serves an archive: `<registry>/<name>/-/<file>.tgz`.
pub(super) fn published_name(address: &str) -> Option<String> {
    if !address.starts_with("http") {
        return None;
    }
    let (front, file) = address.rsplit_once("/-/")?;
    let (path, last) = front.rsplit_once('/')?;
    let last = last.replace("%2f", "/").replace("%2F", "/").replace("%40", "@");
    let scope = path.rsplit('/').next().map(|s| s.replace("%40", "@")).filter(|s| s.starts_with('@'));
    // A scoped name may stand as one encoded part.
    let name = scope.filter(|_| !last.starts_with('@')).map_or(last.clone(), |scope| format!("{scope}/{last}"));
    let short = name.rsplit('/').next().unwrap_or(&name);
    let file = if file.starts_with('@') { file.split_once('/')?.1 } else { file };
    file.starts_with(short).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_apart() {
        let of = |value: &str| {
            let spec = parse(value);
            (spec.name, spec.requirement, spec.source)
        };
        let range = |text: &str| (None, text.to_owned(), None);
        let from = |text: &str| (None, String::new(), Some(text.to_owned()));
        assert_eq!(of("^1.2.3"), range("^1.2.3"));
        assert_eq!(of("~1.2"), range("~1.2"));
        assert_eq!(of(">=1 <2 || 3.x"), range(">=1 <2 || 3.x"));
        assert_eq!(of("latest"), range("latest"));
        assert_eq!(of("*"), range("*"));
        assert_eq!(of("workspace:^"), range("workspace:^"));
        assert_eq!(of("npm:real@^2"), (Some("real".into()), "^2".into(), None));
        assert_eq!(of("npm:@scope/real@1.0.0"), (Some("@scope/real".into()), "1.0.0".into(), None));
        assert_eq!(of("npm:@scope/real"), (Some("@scope/real".into()), String::new(), None));
        assert_eq!(of("file:../x"), from("../x"));
        assert_eq!(of("link:./x"), from("./x"));
        assert_eq!(of("../x"), from("../x"));
        assert_eq!(of("user/repo#v1"), from("git+https://github.com/user/repo#v1"));
        assert_eq!(of("gitlab:user/repo"), from("git+https://gitlab.com/user/repo"));
        assert_eq!(of("git+ssh://git@host/x.git#1"), from("git+ssh://git@host/x.git#1"));
        assert_eq!(of("git@host:a/b.git#1"), from("git+ssh://git@host/a/b.git#1"));
        assert_eq!(of("https://u:p@host/x.tgz"), from("https://host/x.tgz"));
        assert_eq!(of("https://host/x.git#main"), from("git+https://host/x.git#main"));
    }

    #[test]
    fn only_the_default_registry_needs_no_address() {
        assert_eq!(locked_source("https://registry.npmjs.org/a/-/a-1.0.0.tgz"), None);
        assert_eq!(
            locked_source("https://npm.example.org/a/-/a-1.0.0.tgz").as_deref(),
            Some("https://npm.example.org/a/-/a-1.0.0.tgz")
        );
        assert_eq!(locked_source("file:x.tgz").as_deref(), Some("x.tgz"));
        assert_eq!(
            locked_source("git+ssh://git@github.com/a/b.git#0123").as_deref(),
            Some("git+ssh://git@github.com/a/b.git#0123")
        );
    }

    #[test]
    fn archives_tell_the_published_name() {
        let of = |address: &str| published_name(address);
        assert_eq!(of("https://registry.yarnpkg.com/a/-/a-1.0.0.tgz").as_deref(), Some("a"));
        assert_eq!(of("https://npm.example.org/api/npm/@s/a/-/a-1.0.0.tgz").as_deref(), Some("@s/a"));
        assert_eq!(of("https://npm.example.org/@s%2fa/-/a-1.0.0.tgz").as_deref(), Some("@s/a"));
        assert_eq!(of("https://git.example.org/x/-/archive/v1/x.tgz"), None);
        assert_eq!(of("https://host/a.tgz"), None);
    }

    #[test]
    fn any_text_is_safe() {
        for text in ["", "@", "npm:", "npm:@", "npm:é@", "/", "#", "a/", "://", "file:", "é/é"] {
            let _ = parse(text);
            let _ = locked_source(text);
        }
    }
}
