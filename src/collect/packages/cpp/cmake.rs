//! What CMake downloads: `FetchContent_Declare`, `ExternalProject_Add` and CPM's `CPMAddPackage` in `CMakeLists.txt`
//! and `*.cmake`. Variables are followed where the same file sets them to a literal.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, CMAKE, Item, Node};
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::forge;
use crate::collect::packages::purl::{purl, without_credentials};
use crate::model::{Evidence, Locked, RelPath, Scope};

/// Calls that download something, in lower case as CMake compares them.
const CALLS: [&str; 5] =
    ["fetchcontent_declare", "externalproject_add", "cpmaddpackage", "cpmfindpackage", "cpmdeclarepackage"];

/// Whether a file with this extension is CMake's.
pub(in crate::collect::packages) fn is_module(_: &str, path: &RelPath) -> bool {
    path.name() != "CPM.cmake"
}

/// Reads the file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let bytes = file.text().as_bytes();
    let marks: [&[u8]; 6] =
        [b"FetchContent_", b"fetchcontent_", b"ExternalProject_", b"externalproject_", b"CPM", b"cpm"];
    if !marks.iter().any(|mark| memchr::memmem::find(bytes, mark).is_some()) {
        return;
    }
    let text = without_long_comments(file.text());
    let items = brackets::parse(&text, &CMAKE);
    let mut draft = Draft::new(file, "generic");
    let mut variables: HashMap<&str, String> = HashMap::new();
    for pair in items.windows(2) {
        let (Some(name), Some(arguments)) = (pair[0].word(), pair[1].group('(')) else { continue };
        let words: Vec<String> = arguments.iter().filter_map(|item| value(item, &variables)).collect();
        let name = name.to_ascii_lowercase();
        if name == "set" {
            if let (Some(variable), Some(value)) = (arguments.first().and_then(Item::word), words.get(1)) {
                variables.insert(variable, value.clone());
            }
        } else if CALLS.contains(&name.as_str())
            && let Some(mut package) = package(&words)
        {
            package.region = Some(file.region(pair[0].at.start..pair[1].at.end));
            draft.add(package);
        }
    }
    if !draft.packages.is_empty() {
        draft.finish(out);
    }
}

/// The text with blanks in place of comments in brackets (`#[===[.rst:`), which may have any number of equal signs and
/// hold the documentation of a module, with examples.
fn without_long_comments(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(start) = text[at..].find("#[").map(|n| at + n) {
        at = start + 2;
        let signs = text[at..].bytes().take_while(|b| *b == b'=').count();
        if signs < 2 || text.as_bytes().get(at + signs) != Some(&b'[') {
            continue;
        }
        let close = format!("]{}]", &text[at..at + signs]);
        let end = text[at..].find(&close).map_or(text.len(), |n| at + n + close.len());
        out.push_str(&text[kept..start]);
        out.extend(text[start..end].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }));
        (kept, at) = (end, end);
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// The text of an argument, variables of the file filled in. A reference to any other variable stays as it is.
fn value(item: &Item<'_>, variables: &HashMap<&str, String>) -> Option<String> {
    let text = match item.node {
        Node::Word(text) | Node::Text(text) => text,
        _ => return None,
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        match variables.get(name) {
            Some(value) if value.len() + out.len() < 4096 => out.push_str(value),
            _ => out.push_str(&format!("${{{name}}}")),
        }
        rest = behind;
    }
    out.push_str(rest);
    Some(out)
}

/// The package that a call names; `None` when it downloads nothing or a variable hides what.
fn package(words: &[String]) -> Option<Locked> {
    let option = |key: &str| {
        let at = words.iter().position(|word| word == key)?;
        words.get(at + 1).map(String::as_str)
    };
    let first = words.first()?;
    if words.len() == 1 || first.starts_with("URI") || first.contains(':') {
        return shorthand(option("URI").unwrap_or(first));
    }
    let name = option("NAME").unwrap_or(first);
    let tag = option("GIT_TAG").or_else(|| option("VERSION"));
    let forges = [
        ("GITHUB_REPOSITORY", "https://github.com/"),
        ("GITLAB_REPOSITORY", "https://gitlab.com/"),
        ("BITBUCKET_REPOSITORY", "https://bitbucket.org/"),
    ];
    let git = forges.iter().find_map(|(key, base)| Some(format!("{base}{}", option(key)?)));
    if let Some(git) = git.or_else(|| option("GIT_REPOSITORY").map(str::to_owned)) {
        // CPM tags releases with a `v` unless told otherwise.
        let tag = match (option("GIT_TAG"), tag) {
            (None, Some(version)) => format!("v{version}"),
            (_, tag) => tag.unwrap_or_default().to_owned(),
        };
        return from_git(&git, &tag);
    }
    let url = option("URL").filter(|url| url.contains("://") && !url.contains("${"))?;
    let stated = option("URL_HASH").and_then(|hash| hash.split_once('='));
    let hash = stated.or_else(|| option("URL_MD5").map(|value| ("MD5", value))).and_then(|(algorithm, value)| {
        let algorithm = match algorithm.to_ascii_uppercase().as_str() {
            "MD5" => "MD5",
            "SHA1" => "SHA-1",
            "SHA256" => "SHA-256",
            "SHA512" => "SHA-512",
            _ => return None,
        };
        hex_hash(algorithm, value)
    });
    // A digest that another file states is one, and nobody can say that there is none.
    let is_hidden = hash.is_none() && (option("URL_HASH").is_some() || option("URL_MD5").is_some());
    let url = without_credentials(url).into_owned();
    let version = tag.map(str::to_owned).or_else(|| version_in(&url)).unwrap_or_default();
    Some(Locked {
        purl: purl("generic", name, &version, &[("download_url", &url)]),
        name: name.to_owned(),
        version,
        scope: Some(Scope::Runtime),
        direct: Some(true),
        hashes: hash.into_iter().collect(),
        resolved: (!is_hidden).then_some(url),
        ..Locked::default()
    })
}

fn from_git(address: &str, reference: &str) -> Option<Locked> {
    if address.contains("${") {
        return None;
    }
    let reference = if reference.contains("${") { "" } else { reference };
    let found = forge::repository(address, reference);
    Some(Locked {
        purl: found.purl,
        name: found.name,
        version: reference.to_owned(),
        scope: Some(Scope::Runtime),
        direct: Some(true),
        resolved: Some(found.address),
        ..Locked::default()
    })
}

/// CPM's short form: `gh:owner/name@1.2.3`, `gl:owner/name#tag`, `https://…/name.git@1.0`.
fn shorthand(text: &str) -> Option<Locked> {
    let (address, tag) = match (text.rsplit_once('#'), text.rsplit_once('@')) {
        (Some((address, tag)), _) => (address, tag.to_owned()),
        (None, Some((address, version))) => (address, format!("v{version}")),
        (None, None) => (text, String::new()),
    };
    let (scheme, path) = address.split_once(':')?;
    let path = path.split('@').next()?;
    match scheme {
        "gh" | "github" => from_git(&format!("https://github.com/{path}"), &tag),
        "gl" | "gitlab" => from_git(&format!("https://gitlab.com/{path}"), &tag),
        "bb" | "bitbucket" => from_git(&format!("https://bitbucket.org/{path}"), &tag),
        "https" | "http" => from_git(address, &tag),
        _ => None,
    }
}

/// The version in the name of an archive: `…/zlib-1.3.1.tar.gz`, `…/archive/refs/tags/v1.2.zip`.
pub(in crate::collect::packages) fn version_in(url: &str) -> Option<String> {
    let name = url.split(['?', '#']).next()?.rsplit('/').next()?;
    let ends = [".tar.gz", ".tar.xz", ".tar.bz2", ".tgz", ".zip", ".tar.zst"];
    let stem = ends.iter().find_map(|end| name.strip_suffix(end))?;
    let version = stem.rsplit(['-', '_']).next()?.trim_start_matches('v');
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_in_brackets_are_blanked_in_place() {
        let text = "a(b)\n#[==[.rst:\n  x(é ]] ]=] y)\n]==] c(d)\n#[[ e ]]\n";
        let blanked = without_long_comments(text);
        assert_eq!(blanked.len(), text.len());
        assert_eq!(blanked.split_whitespace().collect::<Vec<_>>(), ["a(b)", "c(d)", "#[[", "e", "]]"]);
        assert!(matches!(without_long_comments("a(b) #[[ x ]]"), Cow::Borrowed(_)));
        assert_eq!(without_long_comments("a #[==[ open").trim_end(), "a");
    }
}
