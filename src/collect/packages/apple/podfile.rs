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
                let option = |key| option(arguments, key);
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

/// The text behind a key of a hash (`:git => 'x'`, `git: 'x'`).
fn option<'t>(items: &[Item<'t>], key: &str) -> Option<&'t str> {
    let at = items.iter().position(|item| item.word() == Some(key))?;
    items[at + 1..].iter().find_map(Item::text)
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
                // A text, or a hash with the type and the file.
                let items = value.map(Item::items).unwrap_or_default();
                let stated = text.or_else(|| option(items, "type").map(str::to_owned));
                let path = option(items, "file").and_then(|path| file.path.parent().join(path));
                manifest.license =
                    stated.map(|text| LicenseField { text, place: file.place(at.clone()), spdx: false });
                manifest.license_file = path.map(|path| (path, file.place(at)));
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

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing;

    #[test]
    fn the_license_of_a_specification_is_a_text_or_a_hash() {
        let license = |stated: &str| {
            let text = format!(
                "Pod::Spec.new do |s|\n  s.name = 'A'\n  s.description = <<-DESC\n  It's (\n  DESC\n  s.license = {stated}\nend\n"
            );
            let evidence = testing::with_text("pods/A.podspec", &text);
            let manifest = testing::manifest(&evidence).clone();
            let file = manifest.license_file.map(|(path, _)| path.as_str().to_owned());
            (manifest.license.map(|license| license.text), file)
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(license("'MIT'"), (some("MIT"), None));
        assert_eq!(license("{ :type => 'MIT', :file => 'LICENSE' }"), (some("MIT"), some("pods/LICENSE")));
        assert_eq!(license("{ file: 'COPYING' }"), (None, some("pods/COPYING")));
    }
}
