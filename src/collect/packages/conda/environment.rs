//! `environment.yml` (conda's user guide, "Managing environments"): match specs, and pip's below them.

use super::CONDA;
use crate::collect::packages::draft;
use crate::collect::{SourceFile, yaml};
use crate::model::{Dependency, Evidence, Scope};

/// Reads the file; YAML of this name without dependencies says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match yaml::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let Some(list) = document.get("dependencies").filter(|n| matches!(n.value, yaml::Value::Sequence(_))) else {
        return;
    };
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
    let rest = rest.trim().trim_start_matches(' ');
    let mut source = Vec::new();
    let requirement = match rest.strip_prefix('=').filter(|r| !r.starts_with('=')) {
        // `=1.2=build`: one equals sign, and the build behind another.
        Some(version) => {
            let (version, build) = version.split_once('=').unwrap_or((version, ""));
            if !build.is_empty() && !build.contains('*') {
                source.push(format!("build={build}"));
            }
            version.trim().to_owned()
        }
        None => {
            // `1.2 build` behind a space.
            rest.split_once('[').map_or(rest, |(r, _)| r).trim().to_owned()
        }
    };
    if !channel.is_empty() {
        source.push(format!("channel={}", channel.rsplit('/').next().unwrap_or(channel)));
    }
    let mut found = draft::dependency(file, name.trim(), &requirement, Scope::Runtime, at);
    found.source = (!source.is_empty()).then(|| format!("?{}", source.join("&")));
    (!found.name.is_empty()).then_some(found)
}

/// A requirement of pip: name, extras left off, and its version specifiers.
fn requirement(file: &SourceFile<'_>, text: &str, at: std::ops::Range<usize>) -> Option<Dependency> {
    let text = text.split([';', '#']).next()?.trim();
    if text.starts_with('-') || text.contains("://") && !text.contains('@') {
        return None;
    }
    let (text, address) = text.split_once(" @ ").map_or((text, None), |(text, url)| (text, Some(url.trim())));
    let end = text.find([' ', '=', '<', '>', '!', '~', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let specifiers = rest.split_once(']').map_or(rest, |(_, rest)| rest);
    let mut found = draft::dependency(file, name, specifiers, Scope::Runtime, at);
    found.source = address.map(|url| crate::collect::packages::purl::without_credentials(url).into_owned());
    (!name.is_empty() && !name.contains('/')).then_some(found)
}
