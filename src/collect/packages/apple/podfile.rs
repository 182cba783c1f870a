//! `Podfile` and `*.podspec`: the literals of CocoaPods' languages, which are Ruby; nothing is evaluated.

use super::COCOAPODS;
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, Item, RUBY, parts, statements};
use crate::collect::packages::draft;
use crate::collect::packages::purl::without_credentials;
use crate::model::{Evidence, LicenseField, Scope};

/// Reads `Podfile`.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &RUBY);
    let mut manifest = draft::manifest(file, COCOAPODS);
    let mut targets: Vec<Scope> = Vec::new();
    for statement in statements(&items, ",=") {
        let opens = statement.iter().any(|item| item.word() == Some("do"));
        let rest = &statement[1..];
        let arguments = rest.first().and_then(|item| item.group('(')).unwrap_or(rest);
        let first = arguments.first().and_then(Item::text);
        match statement[0].word() {
            Some("pod") => {
                let Some(name) = first else { continue };
                let texts: Vec<&str> = parts(arguments, ',')
                    .skip(1)
                    .map_while(|p| if p.len() == 1 { p[0].text() } else { None })
                    .collect();
                let at = statement[0].at.start..statement.last().map_or(0, |item| item.at.end);
                let scope = targets.last().copied().unwrap_or_default();
                let mut found = draft::dependency(file, name, &texts.join(", "), scope, at);
                let option = |key: &str| {
                    let at = arguments.iter().position(|item| item.word() == Some(key))?;
                    arguments[at + 1..].iter().find_map(Item::text)
                };
                let reference =
                    ["commit", "tag", "branch"].iter().find_map(|key| Some(format!("?{key}={}", option(key)?)));
                let git = option("git").map(|git| format!("git+{}", without_credentials(git)));
                found.source = git.map(|git| format!("{git}{}", reference.unwrap_or_default()));
                // A path that is put together lies in the project, too.
                let by_path = arguments.iter().any(|item| item.word() == Some("path"));
                let path = || option("path").or_else(|| by_path.then_some(".")).map(str::to_owned);
                found.source = found.source.or_else(path);
                // A pod may stand in several targets.
                manifest.dependencies.push(found);
            }
            Some("target" | "abstract_target") if opens => {
                let test = first.is_some_and(|name| name.ends_with("Tests") || name.ends_with("Test"));
                targets.push(if test { Scope::Test } else { targets.last().copied().unwrap_or_default() });
            }
            Some("if" | "unless" | "def" | "case" | "begin") => {
                targets.push(targets.last().copied().unwrap_or_default())
            }
            Some("end") => {
                targets.pop();
            }
            _ if opens => targets.push(targets.last().copied().unwrap_or_default()),
            _ => {}
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// Reads `*.podspec`.
pub(in crate::collect::packages) fn read_spec(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &RUBY);
    let mut manifest = draft::manifest(file, COCOAPODS);
    manifest.descriptive = true;
    for statement in statements(&items, ",=") {
        let Some((_, method)) = statement[0].word().and_then(|word| word.split_once('.')) else { continue };
        let rest = &statement[1..];
        let arguments = rest.first().and_then(|item| item.group('(')).unwrap_or(rest);
        let value = rest.first().filter(|item| item.is('=')).and_then(|_| rest.get(1));
        let text = value.and_then(Item::text).map(str::to_owned);
        let at = statement[0].at.start..statement.last().map_or(0, |item| item.at.end);
        match method {
            "name" if manifest.name.is_none() => {
                manifest.name = text;
                manifest.place = file.place(at);
            }
            "version" if manifest.version.is_none() => manifest.version = text,
            "summary" => manifest.description = text,
            "homepage" => manifest.homepage = text,
            "license" => {
                // A text, or a hash with the type first.
                let text = text.or_else(|| value?.items().iter().find_map(Item::text).map(str::to_owned));
                manifest.license = text.map(|text| LicenseField { text, place: file.place(at), spdx: false });
            }
            "dependency" => {
                let texts: Vec<&str> = arguments.iter().filter_map(Item::text).collect();
                if let Some((name, requirements)) = texts.split_first() {
                    let requirement = requirements.join(", ");
                    manifest.dependencies.push(draft::dependency(file, name, &requirement, Scope::Runtime, at));
                }
            }
            _ => {}
        }
    }
    if manifest.name.is_some() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}
