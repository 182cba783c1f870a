//! `environment.yml` (conda's user guide, "Managing environments"): match specs, and pip's below them.

use super::CONDA;
use crate::collect::packages::draft;
use crate::collect::{SourceFile, yaml};
use crate::model::{Dependency, Evidence, RelPath, Scope};

/// Whether a file of another name may be one: `environment-dev.yml`, `conda_environment.yaml`.
pub(in crate::collect::packages) fn is_environment(name: &str, _: &RelPath) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.starts_with("environment") || stem.ends_with("environment")
}

/// Reads the file; YAML of this name without dependencies says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let Some(list) = document.get("dependencies").filter(|n| matches!(n.value, yaml::Value::Sequence(_))) else {
        return;
    };
    // Files of other tools have such names too, and none of these keys beside such a list.
    let named = ["environment.yml", "environment.yaml"].contains(&file.name);
    if !named && !["channels", "name", "prefix"].iter().any(|key| document.get(key).is_some()) {
        return;
    }
    let mut manifest = draft::manifest(file, CONDA);
    let mut pip = draft::manifest(file, "pypi");
    for entry in list.entries() {
        if let Some(text) = entry.text() {
            manifest.dependencies.extend(spec(file, text, entry.at..entry.end));
        }
        for node in entry.get("pip").map_or(&[][..], yaml::Node::entries) {
            pip.dependencies.extend(node.text().and_then(|text| requirement(file, text, node.at..node.end)));
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
    if !pip.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(pip)));
    }
}

/// A match spec: `channel::name=1.2=build`, `name >=1.0`, `name==1.0`.
fn spec(file: &SourceFile<'_>, text: &str, at: std::ops::Range<usize>) -> Option<Dependency> {
    let text = text.split(" #").next()?.trim();
    let (channel, rest) = text.split_once("::").map_or(("", text), |(channel, rest)| (channel, rest));
    let end = rest.find([' ', '=', '<', '>', '!', '~', '[']).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let rest = rest.trim();
    let mut source = Vec::new();
    // `[build='h1']`, a build behind another equals sign (`=1.2=h1`) or behind a space (`1.2 h1`).
    let rest = rest.split('[').next().unwrap_or_default().trim();
    let (version, build) = match rest.strip_prefix("==").or_else(|| rest.strip_prefix('=')) {
        Some(exact) => exact.split_once(['=', ' ']).unwrap_or((exact, "")),
        None if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.split_once(' ').unwrap_or((rest, "")),
        None => (rest, ""),
    };
    let build = build.trim();
    if !build.is_empty() && !build.contains('*') {
        source.push(format!("build={build}"));
    }
    let exact = rest.starts_with("==");
    let requirement = format!("{}{}", if exact { "==" } else { "" }, version.trim());
    if !channel.is_empty() {
        source.push(format!("channel={}", channel.rsplit('/').next().unwrap_or(channel)));
    }
    let mut found = draft::dependency(file, name.trim(), &requirement, Scope::Runtime, at);
    found.source = (!source.is_empty()).then(|| format!("?{}", source.join("&")));
    (!found.name.is_empty()).then_some(found)
}

/// A requirement of pip: name, extras left off, and its version specifiers.
fn requirement(file: &SourceFile<'_>, text: &str, at: std::ops::Range<usize>) -> Option<Dependency> {
    let whole = text.trim();
    let text = whole.split([';', '#']).next()?.trim();
    if text.starts_with('-') || text.contains("://") && !text.contains('@') {
        return None;
    }
    // `git+https://host/owner/name@reference#egg=name`
    if let Some((git, rest)) = whole.split_once("#egg=").filter(|(git, _)| git.starts_with("git+")) {
        let name = rest.split(['&', '[', ' ']).next().unwrap_or(rest);
        let host = git.find("://").map_or(0, |at| at + 3);
        let path = git[host..].find('/').map_or(git.len(), |at| host + at);
        let address = match git[path..].rfind('@') {
            Some(sign) => format!("{}#{}", &git[..path + sign], &git[path + sign + 1..]),
            None => git.to_owned(),
        };
        let mut found = draft::dependency(file, name, "", Scope::Runtime, at);
        found.source = Some(crate::collect::packages::purl::without_credentials(&address).into_owned());
        return Some(found);
    }
    let (text, address) = text.split_once(" @ ").map_or((text, None), |(text, url)| (text, Some(url.trim())));
    let end = text.find([' ', '=', '<', '>', '!', '~', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let specifiers = rest.split_once(']').map_or(rest, |(_, rest)| rest);
    let mut found = draft::dependency(file, name, specifiers, Scope::Runtime, at);
    found.source = address.map(|url| crate::collect::packages::purl::without_credentials(url).into_owned());
    (!name.is_empty() && !name.contains('/')).then_some(found)
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{manifest, with_text};

    /// Examples of conda's "Package match specifications".
    #[test]
    fn match_specifications() {
        let text = "name: x
dependencies:
- numpy=1.11
- numpy==1.11
- numpy>=1.8,<2
- bioconda::samtools==1.9=h1_0
- conda-forge::blas=*=openblas
- numpy 1.11.1 py36_0
- numpy[version='>=1.8']
";
        let evidence = with_text("environment.yml", text);
        let seen: Vec<_> = manifest(&evidence)
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.requirement.as_str(), d.source.as_deref()))
            .collect();
        assert_eq!(
            seen,
            [
                ("numpy", "1.11", None),
                ("numpy", "==1.11", None),
                ("numpy", ">=1.8,<2", None),
                ("samtools", "==1.9", Some("?build=h1_0&channel=bioconda")),
                ("blas", "*", Some("?build=openblas&channel=conda-forge")),
                ("numpy", "1.11.1", Some("?build=py36_0")),
                ("numpy", "", None),
            ]
        );
    }
}
