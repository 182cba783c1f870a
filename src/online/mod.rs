//! Licenses of components from the registries that they come from, asked over the network when the user wants it so.
//!
//! Only packages of a public registry that nothing else states a license of are asked for, by name and version; nothing
//! else leaves the machine, and no credentials are sent. Each registry is asked by one thread, no faster than its pause
//! allows, over HTTPS. Answers are kept in the user's cache, since what a published version says does not change.

mod client;
mod registries;
mod store;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;

use crate::collect::packages::conclude;
use crate::model::{Package, Tool};
use client::Client;
use registries::{REGISTRIES, Registry};
use store::Store;

pub use store::usual_place;

/// What a look-up at the registries needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Online {
    /// Where registries are, by purl type, instead of at their public address; as [`address`] gives it.
    pub addresses: BTreeMap<String, String>,
    /// The file that keeps answers; none are kept without one.
    pub cache: Option<PathBuf>,
}

/// A registry could not be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The address that was asked.
    pub address: String,
    /// Why it gave no answer.
    pub reason: String,
}

/// The registries that can be asked: purl type and public address.
pub fn registries() -> impl Iterator<Item = (&'static str, &'static str)> {
    REGISTRIES.iter().map(|registry| (registry.kind, registry.address))
}

/// Reads `TYPE=URL`: the purl type of a registry, and the address that is asked instead of its public one.
///
/// # Errors
/// When no such registry can be asked, or the address is none that may be: it must be HTTPS, or HTTP on this machine, and
/// hold no credentials.
pub fn address(text: &str) -> Result<(String, String), String> {
    let (kind, address) = text.split_once('=').ok_or("write it like `npm=https://npm.example.org`")?;
    if !REGISTRIES.iter().any(|registry| registry.kind == kind) {
        let kinds: Vec<&str> = REGISTRIES.iter().map(|registry| registry.kind).collect();
        return Err(format!("no registry of `{kind}` can be asked; there are {}", kinds.join(", ")));
    }
    let here = ["http://127.0.0.1", "http://[::1]"]
        .iter()
        .any(|own| address.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])));
    let host = address.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    if host.is_empty() || !(here || address.starts_with("https://")) {
        return Err("the address must begin with `https://`".to_owned());
    }
    if host.contains('@') {
        return Err("the address must hold no user name or password: none are sent".to_owned());
    }
    if address.contains(['?', '#']) || address.contains(char::is_whitespace) {
        return Err("the address must end with its path".to_owned());
    }
    Ok((kind.to_owned(), address.trim_end_matches('/').to_owned()))
}

/// Completes packages without a license by what their registries state, which learn that `tool` asks. `progress` is told how many are asked for, and
/// then each time that one is answered.
///
/// # Errors
/// The first registry that could not be asked. Answers of before are kept for the next time.
pub fn fill(
    packages: &mut [Package],
    online: &Online,
    tool: &Tool,
    progress: &(dyn Fn(Step) + Sync),
) -> Result<(), Failure> {
    let mut store = Store::read(online.cache.clone());
    let mut asked: Vec<(&'static Registry, Vec<Question>)> =
        REGISTRIES.iter().map(|registry| (registry, Vec::new())).collect();
    for (at, package) in packages.iter_mut().enumerate() {
        let Some((registry, version)) = registry_of(package) else { continue };
        let base = online.addresses.get(registry.kind).map_or(registry.address, String::as_str);
        let question = Question {
            package: at,
            key: format!("{base} {} {version}", package.name),
            name: package.name.clone(),
            version: version.to_owned(),
        };
        match store.get(&question.key) {
            Some(license) => state(package, license),
            None => asked.iter_mut().filter(|(r, _)| r.kind == registry.kind).for_each(|(_, all)| {
                all.push(question.clone());
            }),
        }
    }
    asked.retain(|(_, questions)| !questions.is_empty());
    progress(Step::Asking(asked.iter().map(|(_, questions)| questions.len() as u64).sum()));
    let answers: Vec<Answers> = thread::scope(|scope| {
        let ask = |(registry, questions): (&'static Registry, Vec<Question>)| {
            let base = online.addresses.get(registry.kind).map_or(registry.address, String::as_str);
            scope.spawn(move || ask_all(registry, base, questions, tool, progress))
        };
        let threads: Vec<_> = asked.into_iter().map(ask).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let mut failure = None;
    for (answered, failed) in answers {
        for (question, license) in answered {
            store.put(question.key, license.clone());
            state(&mut packages[question.package], license);
        }
        failure = failure.or(failed);
    }
    store.write();
    failure.map_or(Ok(()), Err)
}

/// How far the look-up has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Licenses of this many packages are asked for.
    Asking(u64),
    /// One more is answered.
    Answered,
}

/// A package whose license is asked for.
#[derive(Clone, Debug)]
struct Question {
    /// Which of the packages.
    package: usize,
    /// What the answer is kept under.
    key: String,
    name: String,
    version: String,
}

/// What a registry answered, and why it stopped.
type Answers = (Vec<(Question, Option<String>)>, Option<Failure>);

/// Asks one registry about every question, one after the other.
fn ask_all(
    registry: &Registry,
    base: &str,
    questions: Vec<Question>,
    tool: &Tool,
    progress: &(dyn Fn(Step) + Sync),
) -> Answers {
    let mut answered = Vec::new();
    let mut client = match Client::new(base, registry.pause, tool) {
        Ok(client) => client,
        Err(failure) => return (answered, Some(failure)),
    };
    for question in questions {
        match (registry.ask)(&mut client, &question.name, &question.version) {
            Ok(license) => answered.push((question, license)),
            Err(failure) => return (answered, Some(failure)),
        }
        progress(Step::Answered);
    }
    (answered, None)
}

/// The registry to ask about a package, and the version to ask for: only what comes out of the default registry of its
/// kind, in one version, and of which no license is known yet.
fn registry_of(package: &Package) -> Option<(&'static Registry, &str)> {
    if package.local || package.license.declared.is_some() {
        return None;
    }
    let (kind, rest) = package.purl.strip_prefix("pkg:")?.split_once('/')?;
    let elsewhere = ["vcs_url=", "download_url=", "repository_url="].iter().any(|key| rest.contains(key));
    let version = package.version.trim_start_matches('=').trim();
    let exact = version.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !version.contains(|c: char| c.is_whitespace() || "*,|<>=^~[]()".contains(c));
    let registry = REGISTRIES.iter().find(|registry| registry.kind == kind)?;
    (exact && !elsewhere).then_some((registry, version))
}

/// Gives a package the license that its registry states.
fn state(package: &mut Package, license: Option<String>) {
    if license.is_some() {
        package.license.declared = license;
        package.license.source = Some("registry".to_owned());
        conclude(&mut package.license, &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_https_or_of_this_machine_and_hold_no_credentials() {
        assert_eq!(
            address("npm=https://npm.example.org/a/"),
            Ok(("npm".to_owned(), "https://npm.example.org/a".to_owned()))
        );
        assert_eq!(address("npm=http://127.0.0.1:8080").unwrap().1, "http://127.0.0.1:8080");
        for (text, word) in [
            ("https://npm.example.org", "write it like"),
            ("no=https://npm.example.org", "no registry"),
            ("npm=http://npm.example.org", "https://"),
            ("npm=http://127.0.0.1.example.org", "https://"),
            ("npm=https://", "https://"),
            ("npm=https://me:word@npm.example.org", "password"),
            ("npm=https://npm.example.org/?a=b", "path"),
        ] {
            let found = address(text).unwrap_err();
            assert!(found.contains(word), "{text}: {found}");
        }
    }
}
