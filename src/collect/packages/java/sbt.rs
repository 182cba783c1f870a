//! sbt's `*.sbt`, read and never run (sbt's reference, "Library dependencies"): modules that stand there as literals, or
//! with a version that the file gives a name.

use std::collections::HashMap;

use super::MAVEN;
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, Item, SCALA};
use crate::collect::packages::draft;
use crate::model::{Evidence, Manifest, Place, RelPath, Scope};

/// Whether the file is a build of sbt.
pub(in crate::collect::packages) fn is_build(name: &str, _: &RelPath) -> bool {
    name.ends_with(".sbt")
}

/// Reads the build; one without literal modules says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &SCALA);
    let mut values: HashMap<&str, &str> = HashMap::new();
    collect_values(&items, &mut values);
    let mut manifest =
        Manifest { compiled: true, publishable: false, ..Manifest::new(Place::file(file.path.clone()), MAVEN) };
    // `2.13` of `2.13.12`; Scala 3 keeps its modules apart by `3` alone.
    let scala = values.get("scalaVersion").copied().unwrap_or_default();
    let binary = if scala.starts_with("3.") {
        "3".to_owned()
    } else {
        scala.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
    };
    modules(file, &items, &values, &binary, &mut manifest);
    if !manifest.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// What the file gives a name: `val x = "…"`, `ThisBuild / scalaVersion := "…"`.
fn collect_values<'t>(items: &[Item<'t>], values: &mut HashMap<&'t str, &'t str>) {
    for at in 0..items.len() {
        collect_values(items[at].items(), values);
        let Some(name) = items[at].word() else { continue };
        let equals = match items.get(at + 1..) {
            Some([colon, equals, ..]) if colon.is(':') && equals.is('=') => 3,
            Some([equals, ..]) if equals.is('=') => 2,
            _ => continue,
        };
        if let Some(text) = items.get(at + equals).and_then(Item::text) {
            values.entry(name).or_insert(text);
        }
    }
}

/// `"group" %% "name" % "version" % "configuration"`, at any depth.
fn modules(
    file: &SourceFile<'_>,
    items: &[Item<'_>],
    values: &HashMap<&str, &str>,
    binary: &str,
    manifest: &mut Manifest,
) {
    // The operands of each chain of percent signs, and how many signs stand in front of each.
    let mut chain: Vec<(&Item<'_>, usize)> = Vec::new();
    let mut signs = 0;
    let plugin = |at: usize| at > 0 && items[at - 1].word() == Some("addSbtPlugin");
    for (at, item) in items.iter().enumerate() {
        if !item.items().is_empty() {
            let mut inner = Manifest { dependencies: Vec::new(), ..Manifest::new(manifest.place.clone(), MAVEN) };
            modules(file, item.items(), values, binary, &mut inner);
            for mut found in inner.dependencies {
                if plugin(at) {
                    found.scope = Scope::Build;
                }
                manifest.dependencies.push(found);
            }
        }
        if item.is('%') {
            signs += 1;
        } else if signs > 0 && !chain.is_empty() {
            chain.push((item, signs));
            signs = 0;
        } else {
            module(file, &chain, values, binary, manifest);
            chain = vec![(item, 0)];
            signs = 0;
        }
    }
    module(file, &chain, values, binary, manifest);
}

fn module(
    file: &SourceFile<'_>,
    chain: &[(&Item<'_>, usize)],
    values: &HashMap<&str, &str>,
    binary: &str,
    manifest: &mut Manifest,
) {
    let [(group, _), (name, signs), rest @ ..] = chain else { return };
    let (Some(group_text), Some(name_text)) = (group.text(), name.text()) else { return };
    let value = |item: &Item<'_>| {
        let last = item.word().map(|word| word.rsplit('.').next().unwrap_or(word));
        item.text().map(str::to_owned).or_else(|| values.get(last?).map(|v| (*v).to_owned()))
    };
    let version = rest.first().and_then(|(item, _)| value(item)).unwrap_or_default();
    let configuration = rest.get(1).and_then(|(item, _)| item.text().or(item.word())).unwrap_or_default();
    let scope = match configuration.to_ascii_lowercase() {
        c if c.starts_with("test") || c.starts_with("it") => Scope::Test,
        c if c.starts_with("provided") => Scope::Peer,
        c if c.starts_with("optional") => Scope::Optional,
        _ => Scope::Runtime,
    };
    let word =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if rest.is_empty() || !word(group_text) || !word(name_text) {
        return;
    }
    // Two signs ask for the module of the project's Scala, whose version is part of the name.
    let suffix = if *signs > 1 && !binary.is_empty() { format!("_{binary}") } else { String::new() };
    let at = group.at.start..name.at.end;
    let name = format!("{group_text}/{name_text}{suffix}");
    manifest.dependencies.push(draft::dependency(file, &name, &version, scope, at));
}
