//! `pyproject.toml`: the project table (PEP 621, PEP 639), dependency groups (PEP 735), build requirements (PEP 518), and
//! the tables of Poetry, PDM and uv.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::{PYPI, dependency, group_scope, normal_name, pipenv};
use crate::collect::packages::purl::without_credentials;
use crate::collect::packages::system::python::of_classifier;
use crate::collect::packages::tables::{self, Table};
use crate::collect::{SourceFile, malformed};
use crate::model::{Dependency, Evidence, LicenseField, Manifest, Place, RelPath, Scope};

/// Reads the manifest; a broken one gives the note and nothing else. A file that only configures tools says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if file.path.as_str().contains("site-packages/") {
        return;
    }
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut reader = Reader { file, notes: Vec::new() };
    if let Some(manifest) = reader.manifest(&document) {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
    out.append(&mut reader.notes);
}

struct Reader<'f, 't> {
    file: &'f SourceFile<'t>,
    notes: Vec<Evidence>,
}

impl Reader<'_, '_> {
    fn manifest(&mut self, document: &DeTable<'_>) -> Option<Manifest> {
        let empty = DeTable::new();
        let tool = document.table("tool").unwrap_or(&empty);
        let (poetry, uv, pdm) = (tool.table("poetry"), tool.table("uv"), tool.table("pdm"));
        let project = document.table("project");
        let groups = document.table("dependency-groups");
        if project.is_none() && poetry.is_none() && groups.is_none() && document.table("build-system").is_none() {
            return None;
        }
        let place = |at| self.file.place(at);
        let of = |key: &str| {
            let standard = project.and_then(|p| p.text(key));
            standard.or_else(|| poetry.and_then(|p| p.text(key)))
        };
        let name = of("name");
        let mut manifest = match &name {
            Some((_, at)) => Manifest::new(place(at.clone()), PYPI),
            None => Manifest::new(Place::file(self.file.path.clone()), PYPI),
        };
        manifest.publishable = name.is_some() && !private(project);
        manifest.name = name.map(|(text, _)| text.to_owned());
        manifest.version = of("version").map(|(text, _)| text.to_owned()).filter(|v| !v.is_empty());
        manifest.description = of("description").map(|(text, _)| text.to_owned());
        let urls = project.and_then(|p| p.table("urls"));
        let url = |names: &[&str]| {
            let found = urls?.iter().find(|(key, _)| names.contains(&key.get_ref().to_lowercase().as_str()))?;
            found.1.get_ref().as_str().map(str::to_owned)
        };
        manifest.homepage = url(&["homepage", "home", "home page"]).or_else(|| owned(poetry, "homepage"));
        manifest.repository =
            url(&["repository", "source", "source code", "code", "github"]).or_else(|| owned(poetry, "repository"));
        manifest.authors = authors(project, poetry);
        manifest.application =
            project.or(poetry).is_some_and(|p| p.table("scripts").is_some() || p.table("gui-scripts").is_some());
        let python = project.and_then(|p| p.text("requires-python"));
        let python = python.or_else(|| poetry.and_then(|p| p.table("dependencies")).and_then(|d| d.text("python")));
        manifest.minimum_runtime = python.map(|(text, at)| (text.to_owned(), place(at)));
        (manifest.license, manifest.license_file) = self.license(project, poetry);
        manifest.readme = self.readme(project.or(poetry));
        if let Some(members) = uv.and_then(|u| u.table("workspace")) {
            let mut patterns: Vec<String> = members.texts("members").into_iter().map(str::to_owned).collect();
            patterns.extend(members.texts("exclude").into_iter().map(|e| format!("!{e}")));
            manifest.inheritance.members = Some(patterns);
        }

        let mut asked = Vec::new();
        if let Some(project) = project {
            self.specifiers(project, "dependencies", Scope::Runtime, &mut asked);
            for extra in keys(project.table("optional-dependencies")) {
                let table = project.table("optional-dependencies").unwrap_or(&empty);
                self.specifiers(table, &extra, group_scope(&extra, Scope::Optional), &mut asked);
            }
        }
        for group in keys(groups) {
            self.specifiers(groups.unwrap_or(&empty), &group, group_scope(&group, Scope::Dev), &mut asked);
        }
        if let Some(poetry) = poetry {
            self.poetry(poetry, &mut asked);
        }
        if let Some(uv) = uv {
            self.specifiers(uv, "dev-dependencies", Scope::Dev, &mut asked);
        }
        if let Some(groups) = pdm.and_then(|p| p.table("dev-dependencies")) {
            for group in keys(Some(groups)) {
                self.specifiers(groups, &group, group_scope(&group, Scope::Dev), &mut asked);
            }
        }
        if let Some(build) = document.table("build-system") {
            self.specifiers(build, "requires", Scope::Build, &mut asked);
        }
        if let Some(sources) = uv.and_then(|u| u.table("sources")) {
            with_sources(sources, &mut asked);
        }
        manifest.dependencies = asked;
        Some(manifest)
    }

    /// The specifiers of an array. Other entries include groups, which are read on their own.
    fn specifiers(&mut self, table: &DeTable<'_>, key: &str, scope: Scope, out: &mut Vec<Dependency>) {
        if let Some(value) = table.value(key).filter(|v| v.get_ref().as_array().is_none()) {
            self.note(value.span().start, format!("`{key}` is no array"));
        }
        for (text, at) in table.places(key) {
            match dependency(text, scope, self.file.place(at.clone())) {
                Some(asked) => out.push(asked),
                None => self.note(
                    at.start,
                    format!("no dependency specifier: `{}`", text.chars().take(60).collect::<String>()),
                ),
            }
        }
    }

    fn poetry(&mut self, poetry: &DeTable<'_>, out: &mut Vec<Dependency>) {
        let groups = poetry.table("group");
        let mut sections =
            vec![(poetry.table("dependencies"), Scope::Runtime), (poetry.table("dev-dependencies"), Scope::Dev)];
        for group in keys(groups) {
            let table = groups.and_then(|g| g.table(&group)).and_then(|g| g.table("dependencies"));
            sections.push((table, group_scope(&group, Scope::Dev)));
        }
        for (table, scope) in sections {
            for (name, value) in table.into_iter().flatten().filter(|(name, _)| name.get_ref() != "python") {
                let place = self.file.place(name.span().start..value.span().end.max(name.span().end));
                match pipenv::dependency(name.get_ref(), value.get_ref(), scope, place) {
                    Some(asked) => out.push(asked),
                    None => {
                        self.note(name.span().start, format!("the dependency `{}` has no meaning", name.get_ref()))
                    }
                }
            }
        }
    }

    /// The license: an expression (PEP 639), a table with a text or a file (PEP 621), or Poetry's text, else that of a
    /// classifier.
    fn license(
        &self,
        project: Option<&DeTable<'_>>,
        poetry: Option<&DeTable<'_>>,
    ) -> (Option<LicenseField>, Option<(RelPath, Place)>) {
        let field = |text: &str, at, spdx| LicenseField { text: text.to_owned(), place: self.file.place(at), spdx };
        let file = |table: &DeTable<'_>| {
            let (path, at) = table.text("file")?;
            Some((self.file.path.parent().join(path)?, self.file.place(at)))
        };
        if let Some(value) = project.and_then(|p| p.value("license")) {
            return match value.get_ref() {
                DeValue::String(text) => (Some(field(text, value.span(), true)), None),
                DeValue::Table(table) => {
                    // The whole text of a license may stand here; a name is one line.
                    let short = |(text, _): &(&str, std::ops::Range<usize>)| !text.trim().contains('\n');
                    (table.text("text").filter(short).map(|(text, at)| field(text.trim(), at, false)), file(table))
                }
                _ => (None, None),
            };
        }
        let files = project.map_or(Vec::new(), |p| p.places("license-files"));
        let named = files.first().filter(|(path, _)| !path.contains('*'));
        let named =
            named.and_then(|(path, at)| Some((self.file.path.parent().join(path)?, self.file.place(at.clone()))));
        let classifiers = || project.map_or(Vec::new(), |p| p.places("classifiers"));
        let classified =
            || classifiers().into_iter().find_map(|(text, at)| Some(field(of_classifier(text)?, at, false)));
        let declared = poetry.and_then(|p| p.text("license")).map(|(text, at)| field(text, at, false));
        (declared.or_else(classified), named)
    }

    /// The file that `readme` names: a path, or the `file` of a table (PEP 621); the first of a list (Poetry).
    fn readme(&self, table: Option<&DeTable<'_>>) -> Option<RelPath> {
        let table = table?;
        let named = table.text("readme").or_else(|| table.table("readme")?.text("file"));
        let path = named.map(|(path, _)| path).or_else(|| table.texts("readme").into_iter().next())?;
        self.file.path.parent().join(path)
    }

    fn note(&mut self, at: usize, reason: impl std::fmt::Display) {
        self.notes.push(malformed(self.file, Some(self.file.line_at(at)), reason));
    }
}

/// Whether a classifier keeps the package off the index, which refuses what begins with `Private ::`.
fn private(project: Option<&DeTable<'_>>) -> bool {
    project.is_some_and(|p| p.texts("classifiers").iter().any(|c| c.starts_with("Private ::")))
}

fn keys(table: Option<&DeTable<'_>>) -> Vec<String> {
    table.map_or(Vec::new(), |t| t.keys().map(|k| k.get_ref().to_string()).collect())
}

fn owned(table: Option<&DeTable<'_>>, key: &str) -> Option<String> {
    table.and_then(|t| t.str(key)).map(str::to_owned)
}

/// People as `name <mail>`.
fn authors(project: Option<&DeTable<'_>>, poetry: Option<&DeTable<'_>>) -> Vec<String> {
    let listed = project.into_iter().flat_map(|p| p.list("authors").map(|(person, _)| person));
    let mut people: Vec<String> = listed
        .filter_map(|person| match (person.str("name"), person.str("email")) {
            (Some(name), Some(mail)) => Some(format!("{name} <{mail}>")),
            (name, mail) => name.or(mail).map(str::to_owned),
        })
        .collect();
    people.extend(poetry.into_iter().flat_map(|p| p.texts("authors")).map(str::to_owned));
    people
}

/// Says of dependencies where uv takes them from (`[tool.uv.sources]`).
fn with_sources(sources: &DeTable<'_>, asked: &mut [Dependency]) {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in sources {
        let Some(table) = value.get_ref().as_table() else { continue };
        let reference = ["rev", "tag", "branch"].into_iter().find_map(|key| table.str(key));
        let git = table.str("git").map(|url| {
            format!("git+{}{}", without_credentials(url), reference.map_or(String::new(), |r| format!("#{r}")))
        });
        let other = ["path", "url"].into_iter().find_map(|key| table.str(key)).map(str::to_owned);
        if let Some(source) = git.or(other) {
            known.insert(normal_name(name.get_ref()), source);
        }
    }
    for dependency in asked {
        if dependency.source.is_none() {
            dependency.source = known.get(&dependency.name).cloned();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, manifest, notes, with_text};
    use crate::model::{Evidence, Scope};

    fn seen(evidence: &[Evidence]) -> Vec<(String, String, Scope, Option<String>, u32)> {
        let all = manifest(evidence).dependencies.clone().into_iter();
        all.map(|d| (d.name, d.requirement, d.scope, d.source, d.place.start_line())).collect()
    }

    fn entry(
        name: &str,
        requirement: &str,
        scope: Scope,
        source: Option<&str>,
        line: u32,
    ) -> (String, String, Scope, Option<String>, u32) {
        (name.into(), requirement.into(), scope, source.map(str::to_owned), line)
    }

    #[test]
    fn the_standards() {
        let evidence = fixture("pyproject", "standard/pyproject.toml");
        use Scope::{Build, Dev, Optional, Runtime, Test};
        assert_eq!(
            seen(&evidence),
            [
                entry("flask", "==3.1.1", Runtime, None, 13),
                entry("forked", "", Runtime, Some("git+https://git.example.org/forked#v2"), 14),
                entry("aiohttp", ">=3.8.0", Optional, None, 18),
                entry("pytest", ">=7", Test, None, 19),
                entry("ruff", "", Dev, None, 22),
                entry("hatchling", "", Build, None, 2),
            ]
        );
        let m = manifest(&evidence);
        assert_eq!((m.name.as_deref(), m.version.as_deref()), (Some("My.Package"), Some("1.0.0")));
        let license = m.license.as_ref().unwrap();
        assert_eq!((license.text.as_str(), license.spdx, license.place.start_line()), ("MIT OR Apache-2.0", true, 8));
        assert_eq!(m.minimum_runtime.as_ref().unwrap().0, ">=3.9");
        assert_eq!(m.authors, ["A. Person <a@example.org>"]);
        assert_eq!(m.repository.as_deref(), Some("https://git.example.org/p"));
        assert_eq!(m.inheritance.members.as_deref(), Some(&["libs/*".to_owned(), "!libs/old".to_owned()][..]));
    }

    #[test]
    fn poetry_of_before_the_standards() {
        let evidence = fixture("pyproject", "poetry/pyproject.toml");
        use Scope::{Dev, Optional, Runtime, Test};
        assert_eq!(
            seen(&evidence),
            [
                entry("extra", "^1.0", Optional, None, 11),
                entry("forked", "", Runtime, Some("git+https://git.example.org/forked.git#main"), 10),
                entry("requests", "^2.31", Runtime, None, 9),
                entry("black", "23.1.0", Dev, None, 14),
                entry("pytest", "^7", Test, None, 17),
            ]
        );
        let m = manifest(&evidence);
        assert_eq!((m.name.as_deref(), m.license.as_ref().map(|l| l.spdx)), (Some("old"), Some(false)));
    }

    #[test]
    fn the_readme_is_a_path_a_table_or_a_list() {
        for (table, readme) in [
            ("project", "'docs/PYPI.md'"),
            ("project", "{ file = 'docs/PYPI.md', content-type = 'text/markdown' }"),
            ("tool.poetry", "['docs/PYPI.md', 'CHANGES.md']"),
        ] {
            let evidence = with_text("pyproject.toml", &format!("[{table}]\nname = 'a'\nreadme = {readme}\n"));
            let found = manifest(&evidence).readme.as_ref().map(|path| path.as_str());
            assert_eq!(found, Some("docs/PYPI.md"), "{readme}");
        }
    }

    #[test]
    fn broken_manifests_name_the_line() {
        for (text, line) in [
            ("[project]\nname = 'a\n", 2),
            ("[project]\nname = 'a'\ndependencies = 'b'\n", 3),
            ("[project]\nname = 'a'\ndependencies = [\n 'b c',\n]\n", 4),
        ] {
            assert_eq!(notes(&with_text("pyproject.toml", text)).first().and_then(|n| n.line), Some(line), "{text}");
        }
        assert!(with_text("pyproject.toml", "[tool.black]\nline-length = 100\n").is_empty());
    }
}
