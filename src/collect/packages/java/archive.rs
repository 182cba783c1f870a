//! Java archives: zip files in which Maven leaves `META-INF/maven/<group>/<artifact>/pom.properties` and `pom.xml`, and
//! whoever packs them the main attributes of `META-INF/MANIFEST.MF` (JAR File Specification). Archives lie inside of others:
//! in `WEB-INF/lib` of a war, in `BOOT-INF/lib` of Spring Boot, at the top of an ear; and archives are merged into one
//! ("shaded"), where each `pom.properties` is that of a module.
//!
//! A module is one of Maven's only where its group is stated. Any other archive is a component by the name of its file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::collect::archive::{self, Budget, Container};
use crate::collect::packages::draft::Draft;
use crate::collect::packages::purl::purl;
use crate::collect::packages::{describe, license_of, packed};
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Locked, Scope};

/// How many archives lie in each other: an ear holds wars, and these hold jars.
const DEEPEST: usize = 3;
/// How many bytes and members of one file of the checkout are unpacked.
const MOST_BYTES: u64 = 1 << 30;
const MOST_MEMBERS: u32 = 500_000;
/// The endings of archives inside of others.
const ENDINGS: [&str; 5] = [".jar", ".war", ".aar", ".rar", ".nar"];

/// Reads the archive; what is no zip file gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if archive::sniff_container(file.raw()) != Some(Container::Zip) {
        return out.push(malformed(file, None, "no Java archive: it is not a zip file"));
    }
    let mut draft = Draft::new(file, "maven");
    let mut budget = Budget::of(MOST_BYTES, MOST_MEMBERS);
    // Gradle's wrapper fetches Gradle, and is no part of what is built.
    let build = (file.name == "gradle-wrapper.jar" || file.name == "maven-wrapper.jar").then_some(Scope::Build);
    let scope = build.or_else(|| packed::scope(file.path));
    add(&mut draft, file.path.name(), file.raw(), scope, 0, &mut budget);
    draft.finish(out);
}

/// A module as `pom.properties` names it.
#[derive(Default)]
struct Module {
    group: String,
    artifact: String,
    version: String,
}

/// What stands in one archive.
#[derive(Default)]
struct Content<'a> {
    attributes: BTreeMap<String, String>,
    modules: Vec<Module>,
    /// Licenses by the folder that `pom.xml` lies in: `<group>/<artifact>`.
    licenses: BTreeMap<String, String>,
    /// Archives inside of it.
    inner: Vec<(String, Cow<'a, [u8]>)>,
}

/// Adds an archive and what is in it; gives its index.
fn add(
    draft: &mut Draft<'_, '_>,
    name: &str,
    bytes: &[u8],
    scope: Option<Scope>,
    depth: usize,
    budget: &mut Budget,
) -> usize {
    let content = content(bytes, depth, budget);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "jar"));
    let of_name = Name::of(stem);
    // The module of the archive itself is that which the file is named after, or the only one.
    let is_own = |module: &Module| {
        stem.strip_prefix(module.artifact.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
    };
    let longest = content.modules.iter().filter(|m| is_own(m)).max_by_key(|m| m.artifact.len());
    let own = longest.or_else(|| content.modules.first().filter(|_| content.modules.len() == 1));
    let attribute = |keys: &[&str]| keys.iter().find_map(|key| content.attributes.get(*key)).map(String::as_str);
    let artifact = own.map_or(of_name.artifact, |own| own.artifact.as_str());
    // Maven's archiver writes the group there.
    let group = own.map(|own| own.group.as_str()).or_else(|| attribute(&["Implementation-Vendor-Id"]));
    let version = own
        .map(|own| own.version.as_str())
        .or_else(|| attribute(&["Implementation-Version", "Bundle-Version"]))
        .or(of_name.version)
        .unwrap_or_default();
    let licenses = |group: &str, artifact: &str| content.licenses.get(&format!("{group}/{artifact}")).cloned();
    let of_pom = own.and_then(|own| licenses(&own.group, &own.artifact));
    let package = module(group.filter(|group| is_group(group)), artifact, version, of_name.classifier, ending);
    let index = draft.add(Locked {
        hashes: vec![packed::digest(bytes)],
        license: of_pom.or_else(|| attribute(&["Bundle-License"]).and_then(bundle_license)),
        scope,
        ..package
    });
    let own = own.map(|own| (own.group.as_str(), own.artifact.as_str()));
    for merged in content.modules.iter().filter(|m| Some((m.group.as_str(), m.artifact.as_str())) != own) {
        let package = module(Some(&merged.group), &merged.artifact, &merged.version, None, "jar");
        let license = licenses(&merged.group, &merged.artifact);
        let to = draft.add(Locked { license, scope, ..package });
        draft.packages[index].dependencies.push(to);
    }
    for (name, bytes) in &content.inner {
        let to = add(draft, name, bytes, scope, depth + 1, budget);
        draft.packages[index].dependencies.push(to);
    }
    index
}

fn module(group: Option<&str>, artifact: &str, version: &str, classifier: Option<&str>, ending: &str) -> Locked {
    let kind = if ending.eq_ignore_ascii_case("jar") { String::new() } else { ending.to_ascii_lowercase() };
    let (purl, name) = match group {
        Some(group) => {
            let name = format!("{group}/{artifact}");
            let qualifiers = [("classifier", classifier.unwrap_or_default()), ("type", kind.as_str())];
            (purl("maven", &name, version, &qualifiers), name)
        }
        None => (purl("generic", artifact, version, &[]), artifact.to_owned()),
    };
    Locked { purl, name, version: version.to_owned(), ..Locked::default() }
}

/// Whether a text is a group: words that dots part, or one word.
fn is_group(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

/// `Bundle-License` is an identifier or an address, with attributes behind (OSGi Core, "Bundle-License").
fn bundle_license(text: &str) -> Option<String> {
    let name = text.split([';', ',']).next()?.trim().trim_matches('"');
    (!name.is_empty() && !name.contains("://")).then(|| name.to_owned())
}

/// What the name of a file tells: `<artifact>-<version>[-<classifier>]`.
struct Name<'n> {
    artifact: &'n str,
    version: Option<&'n str>,
    classifier: Option<&'n str>,
}

impl<'n> Name<'n> {
    fn of(stem: &'n str) -> Self {
        let known = ["sources", "javadoc", "tests", "test-sources"];
        let classified = known.iter().find_map(|word| stem.strip_suffix(word)?.strip_suffix('-').map(|s| (s, *word)));
        let (stem, classifier) = classified.map_or((stem, None), |(stem, word)| (stem, Some(word)));
        let digit = |at: &usize| stem[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        let at = stem.match_indices('-').map(|(at, _)| at).find(digit);
        match at {
            Some(at) => Self { artifact: &stem[..at], version: Some(&stem[at + 1..]), classifier },
            None => Self { artifact: stem, version: None, classifier },
        }
    }
}

/// What stands in an archive, other archives no deeper than they are read.
fn content<'a>(bytes: &'a [u8], depth: usize, budget: &mut Budget) -> Content<'a> {
    let mut content = Content::default();
    let is_archive = |name: &str| ENDINGS.iter().any(|end| name.len() > end.len() && name.ends_with(end));
    let wanted = |name: &str| {
        name == "META-INF/MANIFEST.MF" || name.starts_with("META-INF/maven/") || depth < DEEPEST && is_archive(name)
    };
    archive::visit_zip(bytes, budget, wanted, |member| {
        let Ok(bytes) = member.content else { return };
        if member.name == "META-INF/MANIFEST.MF" {
            content.attributes = attributes(&String::from_utf8_lossy(&bytes));
        } else if let Some((folder, file)) =
            member.name.strip_prefix("META-INF/maven/").and_then(|n| n.rsplit_once('/'))
        {
            match file {
                "pom.properties" => content.modules.extend(properties(&String::from_utf8_lossy(&bytes))),
                "pom.xml" => {
                    let license = describe("a.pom", &bytes).and_then(|pom| license_of(&pom)?.declared);
                    content.licenses.extend(license.map(|license| (folder.to_owned(), license)));
                }
                _ => {}
            }
        } else if archive::sniff_container(&bytes) == Some(Container::Zip) {
            let name = member.name.rsplit('/').next().unwrap_or(&member.name).to_owned();
            content.inner.push((name, bytes));
        }
    });
    content.modules.sort_by(|a, b| (&a.group, &a.artifact, &a.version).cmp(&(&b.group, &b.artifact, &b.version)));
    content.modules.dedup_by(|a, b| a.group == b.group && a.artifact == b.artifact);
    content
}

/// The main attributes of a manifest: lines up to the first empty one, continued by those that begin with a space.
fn attributes(text: &str) -> BTreeMap<String, String> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines().take_while(|line| !line.trim().is_empty()) {
        match (line.strip_prefix(' '), found.last_mut()) {
            (Some(rest), Some((_, value))) => value.push_str(rest),
            _ => found.extend(line.split_once(':').map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned()))),
        }
    }
    // Builds that went wrong leave what should have been filled in.
    found.retain(|(_, value)| !value.is_empty() && !value.contains('$'));
    found.into_iter().collect()
}

/// The module that `pom.properties` names.
fn properties(text: &str) -> Option<Module> {
    let mut module = Module::default();
    for (key, value) in text.lines().filter_map(|line| line.split_once(['=', ':'])) {
        match key.trim() {
            "groupId" => module.group = value.trim().to_owned(),
            "artifactId" => module.artifact = value.trim().to_owned(),
            "version" => module.version = value.trim().to_owned(),
            _ => {}
        }
    }
    let stated = [&module.group, &module.artifact, &module.version].iter().all(|t| !t.is_empty() && !t.contains('$'));
    stated.then_some(module)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::packages::testing::{edges, fixture_bytes, lock, with_bytes};

    fn read_fixture(path: &str) -> Vec<Evidence> {
        with_bytes(path, &fixture_bytes("java-archive", path))
    }

    #[test]
    fn archives_in_archives_and_merged_ones() {
        let evidence = read_fixture("plain/lib/app-1.0.war");
        let lock = lock(&evidence);
        let seen: Vec<_> = lock.packages.iter().map(|p| (p.purl.as_str(), p.license.as_deref())).collect();
        assert_eq!(
            seen,
            [
                ("pkg:maven/org.example/app@1.0?type=war", None),
                ("pkg:generic/plain@2.1", None),
                ("pkg:maven/com.example/shaded@3.0", Some("Apache License, Version 2.0")),
                ("pkg:maven/org.inner/one@1.1", Some("MIT")),
            ]
        );
        assert_eq!(
            edges(lock),
            [
                "com.example/shaded 3.0 -> org.inner/one 1.1",
                "org.example/app 1.0 -> com.example/shaded 3.0",
                "org.example/app 1.0 -> plain 2.1"
            ]
        );
        // What was merged into another archive has no file of its own.
        let hashes: Vec<_> = lock.packages.iter().map(|p| p.hashes.len()).collect();
        assert_eq!(hashes, [1, 1, 1, 0]);
    }

    #[test]
    fn names_of_files() {
        let of = |stem| {
            let name = Name::of(stem);
            (name.artifact, name.version, name.classifier)
        };
        assert_eq!(of("commons-lang3-3.12.0"), ("commons-lang3", Some("3.12.0"), None));
        assert_eq!(of("a-1.0-sources"), ("a", Some("1.0"), Some("sources")));
        assert_eq!(of("tool"), ("tool", None, None));
    }

    #[test]
    fn main_attributes_of_a_manifest() {
        let text = "Manifest-Version: 1.0\r\nImplementation-Version: 1.\r\n 2.3\r\nBundle-Version: ${v}\r\n\r\nName: x\r\nA: b\r\n";
        let found = attributes(text);
        assert_eq!(found.get("Implementation-Version").map(String::as_str), Some("1.2.3"));
        assert!(!found.contains_key("Bundle-Version") && !found.contains_key("A"));
        assert_eq!(bundle_license("Apache-2.0;link=\"https://x\""), Some("Apache-2.0".to_owned()));
        assert_eq!(bundle_license("https://www.apache.org/licenses/LICENSE-2.0.txt"), None);
    }

    #[test]
    fn what_is_no_archive_is_noted() {
        let evidence = with_bytes("a.jar", b"not a zip file");
        assert!(matches!(evidence[..], [Evidence::Unread(_)]), "{evidence:?}");
    }
}
