//! `Gemfile.lock` and `gems.locked`, as Bundler's `LockfileParser` reads them: sections by indentation.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::GEM;
use crate::collect::SourceFile;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::lines::lines;
use crate::collect::packages::purl::{purl, purl_from, without_credentials};
use crate::model::{Evidence, Locked};

/// In the address of the default registry.
const RUBYGEMS: &str = "//rubygems.org";

/// Reads the lock file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut reader = Reader {
        draft: Draft::new(file, GEM),
        names: HashMap::new(),
        edges: Vec::new(),
        direct: BTreeSet::new(),
        remote: "",
        revision: "",
        in_specs: false,
        current: None,
    };
    let mut section = "";
    for (text, at) in lines(file.text()) {
        if text.starts_with("<<<<<<<") || text.starts_with(">>>>>>>") {
            reader.draft.note(at.start, "a merge conflict");
        } else if !text.starts_with(' ') {
            section = text.trim_end();
            (reader.remote, reader.revision, reader.in_specs) = ("", "", false);
        } else {
            match section {
                "GEM" | "GIT" | "PATH" | "PLUGIN SOURCE" => reader.source_line(section, text, at),
                "DEPENDENCIES" => {
                    if let Some((name, ..)) = entry(text) {
                        reader.direct.insert(name);
                    }
                }
                "CHECKSUMS" => reader.checksum(text),
                _ => {}
            }
        }
    }
    reader.finish(out);
}

/// A gem is made for fewer platforms than these; only so many of one name are needed by what needs it.
const MOST_PLATFORMS: usize = 64;

struct Reader<'f, 't> {
    draft: Draft<'f, 't>,
    /// Every variant of a gem by name: one per platform.
    names: HashMap<&'t str, Vec<usize>>,
    edges: Vec<(usize, &'t str)>,
    direct: BTreeSet<&'t str>,
    remote: &'t str,
    revision: &'t str,
    in_specs: bool,
    current: Option<usize>,
}

impl<'t> Reader<'_, 't> {
    fn source_line(&mut self, section: &str, text: &'t str, at: Range<usize>) {
        let indent = text.len() - text.trim_start().len();
        let value = |key: &str| text.trim().strip_prefix(key).map(str::trim);
        match indent {
            2 => {
                self.in_specs = text.trim() == "specs:";
                if let Some(remote) = value("remote:") {
                    // Which of several remotes served a gem is not said; the default one needs no word.
                    if !self.remote.contains(RUBYGEMS) {
                        self.remote = remote;
                    }
                } else if let Some(revision) = value("revision:") {
                    self.revision = revision;
                }
            }
            4 if self.in_specs => match entry(text) {
                Some((name, Some(version), platform)) => {
                    let package = self.package(section, name, version, platform, at);
                    let index = self.draft.add(package);
                    let same = self.names.entry(name).or_default();
                    if same.len() < MOST_PLATFORMS {
                        same.push(index);
                    }
                    self.current = Some(index);
                }
                _ => {
                    self.current = None;
                    self.draft.note(at.start, format!("`{}` has no version", text.trim()));
                }
            },
            6 => {
                if let (Some(from), Some((name, ..))) = (self.current, entry(text)) {
                    self.edges.push((from, name));
                }
            }
            _ => {}
        }
    }

    fn package(&self, section: &str, name: &str, version: &str, platform: &str, at: Range<usize>) -> Locked {
        let remote = without_credentials(self.remote);
        let mut package = self.draft.package(name, version, at);
        match section {
            "GIT" => {
                let source = format!("git+{remote}#{}", self.revision);
                package.purl = purl_from(GEM, name, version, &source);
                package.resolved = Some(source);
            }
            "PATH" => {
                package.local = true;
                package.folder = Some(self.remote.to_owned());
            }
            _ => {
                let index = if remote.contains(RUBYGEMS) { "" } else { remote.trim_end_matches('/') };
                package.purl = purl(GEM, name, version, &[("platform", platform), ("repository_url", index)]);
            }
        }
        package
    }

    /// `name (version-platform) sha256=…`
    fn checksum(&mut self, text: &'t str) {
        let Some((spec, digests)) = text.trim().split_once(") ") else { return };
        let Some((name, version)) = spec.split_once(" (") else { return };
        let (version, platform) = version.split_once('-').unwrap_or((version, ""));
        let digests = digests.split(',').filter_map(|d| d.trim().strip_prefix("sha256="));
        let hashes: Vec<_> = digests.filter_map(|d| hex_hash("SHA-256", d)).collect();
        let qualifier = format!("platform={platform}");
        for &index in self.names.get(name).map_or(&[][..], Vec::as_slice) {
            let package = &mut self.draft.packages[index];
            let same = if platform.is_empty() {
                !package.purl.contains("platform=")
            } else {
                package.purl.contains(&qualifier)
            };
            if package.version == version && same {
                package.hashes.extend(hashes.iter().cloned());
            }
        }
    }

    fn finish(mut self, out: &mut Vec<Evidence>) {
        for (from, name) in self.edges {
            // Variants of one gem are alternatives: each platform installs one of them.
            let to = self.names.get(name).map_or(&[][..], Vec::as_slice);
            self.draft.packages[from].dependencies.extend(to.iter().copied().filter(|to| *to != from));
        }
        for package in &mut self.draft.packages {
            package.direct = Some(self.direct.contains(package.name.as_str()));
        }
        self.draft.finish(out);
    }
}

/// `name`, `name (version)`, `name (version-platform)`, `name (~> 1.0)!`
fn entry(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let text = text.trim().trim_end_matches('!');
    let (name, rest) = text.split_once(" (").map_or((text, None), |(name, rest)| (name, rest.strip_suffix(')')));
    if name.is_empty() || name.contains(' ') {
        return None;
    }
    let (version, platform) = rest.map_or((None, ""), |rest| {
        let (version, platform) = rest.split_once('-').unwrap_or((rest, ""));
        (Some(version).filter(|v| !v.is_empty()), platform)
    });
    Some((name, version, platform))
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{lock, notes, with_text};

    #[test]
    fn of_several_remotes_the_default_needs_no_word() {
        let text =
            "GEM\n  remote: https://rubygems.org/\n  remote: https://gems.example.org/\n  specs:\n    a (1.0)\n";
        assert_eq!(lock(&with_text("Gemfile.lock", text)).packages[0].purl, "pkg:gem/a@1.0");
    }

    #[test]
    fn what_cannot_be_read_is_noted_with_its_line() {
        let evidence = with_text("Gemfile.lock", "GEM\n  specs:\n    odd\n    a (1.0)\n<<<<<<< HEAD\n");
        assert_eq!(notes(&evidence).iter().map(|n| n.line).collect::<Vec<_>>(), [Some(3), Some(5)]);
        assert_eq!(lock(&evidence).packages.len(), 1);
    }
}
