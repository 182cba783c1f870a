//! `setup.cfg` (setuptools' documentation, "Configuring setuptools using setup.cfg files").

use super::{PYPI, dependency, group_scope};
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, LicenseField, Manifest, Place, Scope};

/// Reads the manifest. A file that only configures tools says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut manifest = Manifest::new(Place::file(file.path.clone()), PYPI);
    let mut tells = false;
    for option in options(file, out) {
        let Option { section, key, lines } = option;
        let first = lines.iter().find(|(text, _)| !text.is_empty());
        let text = || first.map(|(text, _)| (*text).to_owned());
        let specifiers = match (section, key) {
            ("metadata", "name") => {
                tells = true;
                manifest.name = text();
                manifest.place = first.map_or(manifest.place, |(_, line)| file.place_of_line(*line));
                continue;
            }
            // `attr:` and `file:` send the reader elsewhere.
            ("metadata", "version") => {
                manifest.version = text().filter(|v| !v.contains(':'));
                continue;
            }
            ("metadata", "license") => {
                let place = first.map(|(_, line)| file.place_of_line(*line));
                manifest.license = text().zip(place).map(|(text, place)| LicenseField { text, place, spdx: false });
                continue;
            }
            ("metadata", "description" | "summary") => {
                manifest.description = text();
                continue;
            }
            // `file: README.rst, CHANGES.rst`: the first is the README.
            ("metadata", "long_description" | "long-description" | "description-file" | "description_file") => {
                let files = first.map(|(text, _)| text.strip_prefix("file:").unwrap_or(text));
                let path = files.and_then(|files| files.split([',', ' ']).find(|path| !path.is_empty()));
                manifest.readme = path.and_then(|path| file.path.parent().join(path));
                continue;
            }
            ("metadata", "url" | "home_page" | "home-page") => {
                manifest.homepage = text();
                continue;
            }
            ("metadata", "author") => {
                manifest.authors.extend(text());
                continue;
            }
            ("options", "python_requires") => {
                let place = first.map(|(_, line)| file.place_of_line(*line));
                manifest.minimum_runtime = text().zip(place);
                continue;
            }
            ("options", "install_requires") => Scope::Runtime,
            ("options", "setup_requires") => Scope::Build,
            ("options", "tests_require") => Scope::Test,
            ("options.extras_require", extra) => {
                let name = extra.split(':').next().unwrap_or_default();
                if name.is_empty() { Scope::Runtime } else { group_scope(name, Scope::Optional) }
            }
            ("options.entry_points", "console_scripts") => {
                manifest.application = true;
                continue;
            }
            _ => continue,
        };
        tells = true;
        for (body, line) in lines {
            // On one line, semicolons part requirements; where white space stands in front, they begin a marker.
            for text in
                if body.contains(" ;") || body.contains("; ") { vec![body] } else { body.split(';').collect() }
            {
                let text = text.trim();
                if text.is_empty() || text.starts_with("file:") || text.starts_with("%(") {
                    continue;
                }
                match dependency(text, specifiers, file.place_of_line(line)) {
                    Some(asked) => manifest.dependencies.push(asked),
                    None if text.contains("python_version") || text.contains("platform") => {}
                    None => out.push(malformed(file, Some(line), "no dependency specifier")),
                }
            }
        }
    }
    if tells {
        manifest.publishable = manifest.name.is_some();
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// An option with the lines of its value and where they stand.
struct Option<'t> {
    section: &'t str,
    key: &'t str,
    lines: Vec<(&'t str, u32)>,
}

/// The options of the sections that describe the project (`configparser` of Python's library).
fn options<'t>(file: &SourceFile<'t>, out: &mut Vec<Evidence>) -> Vec<Option<'t>> {
    let mut options: Vec<Option<'t>> = Vec::new();
    let mut section = None;
    for (number, line) in (1_u32..).zip(file.text().lines()) {
        let body = line.trim();
        if body.is_empty() || body.starts_with(['#', ';']) {
            continue;
        }
        let body = body.split(" #").next().unwrap_or_default().trim_end();
        if line.starts_with([' ', '\t']) {
            if let Some(last) = options.last_mut().filter(|o| Some(o.section) == section) {
                last.lines.push((body, number));
            }
            continue;
        }
        if let Some(name) = body.strip_prefix('[') {
            section = name.split(']').next();
            continue;
        }
        let (Some(section), Some(at)) = (section, body.find(['=', ':'])) else {
            if section.is_none_or(|s| s == "metadata" || s.starts_with("options")) {
                out.push(malformed(file, Some(number), "neither a section nor an option"));
            }
            continue;
        };
        options.push(Option { section, key: body[..at].trim(), lines: vec![(body[at + 1..].trim(), number)] });
    }
    options
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, manifest, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn sections_of_setuptools() {
        let evidence = fixture("setup-cfg", "plain/setup.cfg");
        let m = manifest(&evidence);
        let seen: Vec<_> = m
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.requirement.as_str(), d.scope, d.place.start_line()))
            .collect();
        use Scope::{Build, Optional, Runtime, Test};
        assert_eq!(
            seen,
            [
                ("requests", ">=2.20", Runtime, 11),
                ("importlib-metadata", "", Runtime, 12),
                ("setuptools-scm", "", Build, 13),
                ("aiohttp", "== 3.8", Optional, 17),
                ("pytest", "", Test, 19),
            ]
        );
        assert_eq!((m.name.as_deref(), m.version.as_deref()), (Some("plain"), None));
        assert_eq!(m.license.as_ref().unwrap().text, "BSD");
    }

    #[test]
    fn the_long_description_is_the_readme() {
        let evidence =
            with_text("setup.cfg", "[metadata]\nname = a\nlong_description = file: docs/A.rst, NEWS.rst\n");
        assert_eq!(manifest(&evidence).readme.as_ref().map(|path| path.as_str()), Some("docs/A.rst"));
    }

    #[test]
    fn configuration_of_tools_says_nothing() {
        assert!(with_text("setup.cfg", "[flake8]\nmax-line-length = 100\n").is_empty());
    }

    #[test]
    fn broken_files_name_the_line() {
        assert_eq!(notes(&with_text("setup.cfg", "name\n"))[0].line, Some(1));
        let text = "[options]\ninstall_requires =\n  a b\n";
        assert_eq!(notes(&with_text("setup.cfg", text))[0].line, Some(3));
    }
}
