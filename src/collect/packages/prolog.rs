//! SWI-Prolog: `pack.pl`, terms that describe a pack (SWI-Prolog's manual, "Packs: community add-ons").

use super::brackets::{self, Item, PROLOG};
use super::draft;
use crate::collect::SourceFile;
use crate::model::{Evidence, LicenseField, Scope};

/// Reads the description.
pub(super) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let items = brackets::parse(file.text(), &PROLOG);
    let mut manifest = draft::manifest(file, "swiplpack");
    manifest.descriptive = true;
    for pair in items.windows(2) {
        let (Some(functor), Some(arguments)) = (pair[0].word(), pair[1].group('(')) else { continue };
        let value = arguments.first().and_then(|item| item.text().or(item.word())).map(str::to_owned);
        let at = pair[0].at.start..pair[1].at.end;
        match functor {
            "name" => {
                manifest.name = value;
                manifest.place = file.place(at);
            }
            // An unquoted version is several tokens.
            "version" => {
                let joined = arguments.first().zip(arguments.last()).map(|(a, b)| &file.text()[a.at.start..b.at.end]);
                let stated = arguments.first().and_then(Item::text).or(joined);
                manifest.version = stated.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
            }
            "title" => manifest.description = value,
            "home" => manifest.homepage = value,
            "author" | "maintainer" => manifest.authors.extend(value),
            "license" => {
                manifest.license = value.map(|text| LicenseField { text, place: file.place(at), spdx: false });
            }
            "requires" => {
                if let Some(name) = value {
                    manifest.dependencies.push(draft::dependency(file, &name, "", Scope::Runtime, at));
                }
            }
            _ => {}
        }
    }
    if manifest.name.is_some() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}
