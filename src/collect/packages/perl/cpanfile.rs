//! `cpanfile`, as Module::CPANfile documents its language; only literals are read.

use super::{CPAN, distribution};
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, Item, PERL};
use crate::collect::packages::draft;
use crate::model::{Evidence, Manifest, Scope};

/// Reads the file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &PERL);
    let mut manifest = draft::manifest(file, CPAN);
    requirements(file, &items, Scope::Runtime, &mut manifest);
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// The requirements of a block; blocks in it are phases and features.
fn requirements(file: &SourceFile<'_>, items: &[Item<'_>], phase: Scope, manifest: &mut Manifest) {
    for statement in brackets::parts(items, ';') {
        // A block needs no semicolon behind it, so several statements may stand here.
        for (at, item) in statement.iter().enumerate() {
            let Some(word) = item.word() else { continue };
            let rest = &statement[at + 1..];
            let rest = rest.first().and_then(|first| first.group('(')).unwrap_or(rest);
            let scope = match word {
                "requires" | "recommends" if phase != Scope::Runtime => phase,
                "requires" => Scope::Runtime,
                "recommends" | "suggests" => Scope::Optional,
                "test_requires" => Scope::Test,
                "build_requires" | "configure_requires" => Scope::Build,
                "author_requires" => Scope::Dev,
                "on" | "feature" => {
                    let name = rest.first().and_then(|first| first.text().or(first.word())).unwrap_or_default();
                    let phase = match (word, name) {
                        ("feature", _) => Scope::Optional,
                        (_, "test") => Scope::Test,
                        (_, "build" | "configure") => Scope::Build,
                        (_, "develop") => Scope::Dev,
                        _ => Scope::Runtime,
                    };
                    if let Some(block) = rest.iter().find_map(|item| item.group('{')) {
                        requirements(file, block, phase, manifest);
                    }
                    continue;
                }
                _ => continue,
            };
            let Some(module) = rest.first().and_then(|first| first.text().or(first.word())) else { continue };
            let version = rest
                .get(1)
                .filter(|sign| sign.is(',') || sign.is('='))
                .and_then(|_| rest[1..].iter().find(|item| !item.is(',') && !item.is('=') && !item.is('>')));
            let requirement = version.and_then(|v| v.text().or(v.word())).unwrap_or_default();
            let requirement = if requirement == "0" { "" } else { requirement };
            let end = version.map_or(rest[0].at.end, |v| v.at.end);
            if module == "perl" {
                manifest.minimum_runtime = Some((requirement.to_owned(), file.place(item.at.start..end)));
            } else {
                let name = distribution(module);
                manifest.dependencies.push(draft::dependency(file, &name, requirement, scope, item.at.start..end));
            }
        }
    }
}
