//! Application resource files of OTP: `*.app` beside the compiled code and `*.app.src` beside the source, each the term
//! `{application, Name, [{vsn, "1.0"}, …]}` (Erlang's reference manual, "app").

use super::HEX;
use crate::collect::SourceFile;
use crate::collect::packages::brackets::{self, ERLANG, Item};
use crate::collect::packages::draft;
use crate::model::{Evidence, LicenseField, RelPath};

/// Whether a file is a resource of an application by its name; `*.src` files are many things.
pub(in crate::collect::packages) fn is_source(name: &str, _: &RelPath) -> bool {
    name.ends_with(".app.src")
}

/// Reads the file; a term of another kind says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &ERLANG);
    let Some(fields) = items.first().and_then(|item| item.group('{')) else { return };
    if fields.first().and_then(Item::word) != Some("application") {
        return;
    }
    let name = fields.get(2).and_then(|item| item.word().or(item.text()));
    let Some((name, properties)) = name.zip(fields.iter().find_map(|field| field.group('['))) else {
        return out.push(crate::collect::malformed(file, Some(1), "an application without a name or properties"));
    };
    // The source is what Hex publishes; what was compiled may come from anywhere, OTP itself included.
    let mut manifest = draft::manifest(file, if is_source(file.name, file.path) { HEX } else { "otp" });
    manifest.name = Some(name.to_owned());
    manifest.place = file.place(fields[0].at.start..fields[2].at.end);
    manifest.descriptive = true;
    // Hex asks for both; what has neither is built with OTP or a release of it, and published nowhere.
    let is_of_hex = |item: &Item<'_>| {
        item.group('{').and_then(|p| p.first()?.word()).is_some_and(|key| ["licenses", "links"].contains(&key))
    };
    manifest.publishable = properties.iter().any(is_of_hex);
    for property in properties.iter().filter_map(|item| item.group('{')) {
        let (Some(key), Some(value)) = (property.first().and_then(Item::word), property.get(2)) else { continue };
        let text = || value.text().map(str::to_owned).filter(|text| !text.is_empty());
        match key {
            // `git` and the like are filled in when the application is compiled.
            "vsn" => manifest.version = text().filter(|v| v.starts_with(|c: char| c.is_ascii_digit())),
            "description" => manifest.description = text(),
            "licenses" => {
                let names: Vec<&str> = value.items().iter().filter_map(Item::text).collect();
                if !names.is_empty() {
                    let place = file.place(value.at.clone());
                    manifest.license = Some(LicenseField { text: names.join(" AND "), place, spdx: false });
                }
            }
            _ => {}
        }
    }
    out.push(Evidence::Manifest(Box::new(manifest)));
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, manifest, with_text};

    #[test]
    fn the_application_is_named() {
        let evidence = fixture("otp-app", "plain/ebin/parser.app");
        let found = manifest(&evidence);
        assert_eq!((found.name.as_deref(), found.version.as_deref()), (Some("parser"), Some("3.12.10")));
        assert_eq!((found.ecosystem.as_str(), found.place.start_line()), ("otp", 2));
        let evidence = fixture("otp-app", "plain/src/parser.app.src");
        let found = manifest(&evidence);
        assert_eq!((found.ecosystem.as_str(), found.version.as_deref()), ("hex", None));
        assert_eq!(found.license.as_ref().map(|l| l.text.as_str()), Some("Apache-2.0"));
    }

    #[test]
    fn other_terms_say_nothing() {
        assert!(with_text("a.app", "{release, {\"x\", \"1\"}, []}.").is_empty());
        assert!(with_text("a.app", "<xml/>").is_empty());
    }
}
