//! Requirements and constraints files (pip's documentation, "Requirements File Format"), in any encoding.
//!
//! A file in which everything is pinned and pip-compile or `uv pip compile` noted who asked for what (`# via …`), or in
//! which every archive has a digest, is a lock file; any other is a manifest.

use std::collections::HashMap;

use super::{PYPI, dependency, group_scope, normal_name, pep508, purl_of_source};
use crate::collect::packages::purl::without_credentials;
use crate::collect::packages::{integrity, locks};
use crate::collect::{SourceFile, malformed};
use crate::model::{Dependency, Evidence, Hash, Inheritance, Inventory, Locked, Manifest, Place, RelPath, Scope};

/// Whether a text file holds requirements, by its name or its folder's.
pub(in crate::collect::packages) fn is_requirements(name: &str, path: &RelPath) -> bool {
    let folder = path.parent();
    let folder = folder.name().to_ascii_lowercase();
    let named = name.contains("requirements") || name.contains("requires.") || is_constraints(name);
    named || matches!(folder.as_str(), "requirements" | "requires" | "reqs")
}

/// Whether a file is what Rye and pip-compile pin the requirements in. Helm 2 called a file of YAML so too.
pub(in crate::collect::packages) fn is_lock(name: &str, _: &RelPath) -> bool {
    name.starts_with("requirements")
}

/// In front of the path of a file that only narrows versions, among the files that another one takes in.
const CONSTRAINT: &str = "constraint:";

/// Narrows what a requirements file asks for without a version to what its constraints files say. Running it again
/// changes nothing.
pub(super) fn constrain(inventory: &mut Inventory) {
    let known: HashMap<RelPath, usize> = inventory
        .manifests
        .iter()
        .enumerate()
        .filter(|(_, m)| m.ecosystem == PYPI)
        .map(|(at, m)| (m.place.path.clone(), at))
        .collect();
    let mut narrowed: Vec<(usize, usize, String)> = Vec::new();
    for (at, manifest) in inventory.manifests.iter().enumerate().filter(|(_, m)| m.ecosystem == PYPI) {
        let folder = manifest.place.path.parent();
        let paths = manifest.inheritance.takes.iter().filter_map(|path| path.strip_prefix(CONSTRAINT)).take(16);
        let files: Vec<&Manifest> =
            paths.filter_map(|path| Some(&inventory.manifests[*known.get(&folder.join(path)?)?])).collect();
        let asked =
            manifest.dependencies.iter().enumerate().filter(|(_, d)| d.requirement.is_empty() && d.source.is_none());
        let limits: HashMap<&str, &str> =
            files.iter().flat_map(|f| &f.dependencies).map(|d| (d.name.as_str(), d.requirement.as_str())).collect();
        for (number, dependency) in asked {
            if let Some(limit) = limits.get(dependency.name.as_str()) {
                narrowed.push((at, number, (*limit).to_owned()));
            }
        }
    }
    for (at, number, requirement) in narrowed {
        inventory.manifests[at].dependencies[number].requirement = requirement;
    }
}

/// Whether a file only narrows what others ask for.
fn is_constraints(name: &str) -> bool {
    name.starts_with("constraints") || name.ends_with("constraints.txt")
}

/// Marks a file, among what it takes in, that counts only where another one takes it in.
const TAKEN_ONLY: &str = "taken-only:";

/// How long a file of requirements with any other name may be, in bytes.
const MOST_UNNAMED: usize = 64 << 10;

/// Reads a text file of any other name, which requirements files may take in (`-r base.txt`), when every line of it is a
/// requirement. What another program reads is told apart by [`included`].
pub(in crate::collect::packages) fn read_unnamed(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let lines = file.text().lines().map(|line| split_comment(line).0.trim());
    let Some(first) = lines.into_iter().find(|line| !line.is_empty()) else { return };
    // Prose and lists of other things mostly begin with no requirement, and are not looked at any further.
    let starts = first.starts_with('-') || first.contains("://") || first.ends_with('\\') || {
        dependency(first, Scope::Runtime, Place::file(file.path.clone())).is_some()
    };
    if file.text().len() > MOST_UNNAMED || !starts {
        return;
    }
    let mut found = Vec::new();
    read(file, &mut found);
    if found.iter().any(|evidence| matches!(evidence, Evidence::Unread(_))) {
        return;
    }
    for evidence in &mut found {
        if let Evidence::Manifest(manifest) = evidence {
            manifest.inheritance.takes.push(TAKEN_ONLY.to_owned());
        }
    }
    out.append(&mut found);
}

/// Leaves out the files of any other name that no requirements file takes in. Running it again changes nothing.
pub(super) fn included(inventory: &mut Inventory) {
    let only = |manifest: &Manifest| {
        manifest.ecosystem == PYPI && manifest.inheritance.takes.iter().any(|taken| taken == TAKEN_ONLY)
    };
    if !inventory.manifests.iter().any(only) {
        return;
    }
    let at: HashMap<&RelPath, usize> =
        inventory.manifests.iter().enumerate().map(|(at, manifest)| (&manifest.place.path, at)).collect();
    let mut queue: Vec<usize> = (0..inventory.manifests.len()).filter(|&n| !only(&inventory.manifests[n])).collect();
    let mut counts = vec![false; inventory.manifests.len()];
    while let Some(number) = queue.pop() {
        if std::mem::replace(&mut counts[number], true) {
            continue;
        }
        let manifest = &inventory.manifests[number];
        if manifest.ecosystem == PYPI {
            let folder = manifest.place.path.parent();
            let paths = manifest.inheritance.takes.iter().map(|path| path.strip_prefix(CONSTRAINT).unwrap_or(path));
            queue.extend(paths.filter_map(|path| at.get(&folder.join(path)?)));
        }
    }
    let mut number = 0;
    inventory.manifests.retain(|_| {
        number += 1;
        counts[number - 1]
    });
}

/// Reads the file; a line that is no requirement is noted and left out.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    // What packages carry in their metadata describes them.
    if file.path.parent().name().ends_with(".egg-info") || file.path.as_str().contains("site-packages/") {
        return;
    }
    if file.name.ends_with(".lock") && file.text().lines().any(|line| line == "dependencies:") {
        return;
    }
    let mut reader = Reader { file, lines: Vec::new(), includes: Vec::new(), notes: Vec::new() };
    reader.read();
    let Reader { lines, includes, notes, .. } = reader;
    let pinned = |line: &Line| pin(&line.dependency).is_some() || line.dependency.source.is_some();
    let annotated = lines.iter().any(|l| !l.via.is_empty()) || lines.iter().all(|l| !l.hashes.is_empty());
    if !lines.is_empty() && annotated && lines.iter().all(pinned) && !is_constraints(file.name) {
        out.push(lock(file, &lines));
    } else if !lines.is_empty() || !includes.is_empty() {
        let mut manifest = Manifest { publishable: false, ..Manifest::new(Place::file(file.path.clone()), PYPI) };
        manifest.dependencies = lines.into_iter().map(|line| line.dependency).collect();
        // Constraints ask for nothing.
        manifest.descriptive = is_constraints(file.name);
        manifest.inheritance = Inheritance { members: None, takes: includes, ..Inheritance::default() };
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
    out.extend(notes);
}

/// The version that a dependency is pinned to.
fn pin(dependency: &Dependency) -> Option<&str> {
    let version = dependency.requirement.strip_prefix("==")?.trim_start_matches('=').trim();
    (!version.contains(['*', ',', ' ']) && !version.is_empty()).then_some(version)
}

/// One requirement with what stands beside it.
struct Line {
    dependency: Dependency,
    hashes: Vec<Hash>,
    /// Who asks for it, as pip-compile notes: names, or what begins with a dash or names a file.
    via: Vec<String>,
}

struct Reader<'f, 't> {
    file: &'f SourceFile<'t>,
    lines: Vec<Line>,
    includes: Vec<String>,
    notes: Vec<Evidence>,
}

impl<'t> Reader<'_, 't> {
    fn read(&mut self) {
        let scope = scope_of(self.file.path);
        let text = self.file.text();
        let mut in_via = false;
        let mut numbered = (1_u32..).zip(text.lines());
        while let Some((number, first)) = numbered.next() {
            // A backslash joins lines, comments aside.
            let mut joined = std::borrow::Cow::Borrowed(first);
            while joined.trim_end().ends_with('\\') && !joined.trim_start().starts_with('#') {
                let Some((_, next)) = numbered.next() else { break };
                let front = joined.trim_end().trim_end_matches('\\').to_owned();
                joined = format!("{front} {}", next.trim_start()).into();
                if next.trim_start().starts_with('#') {
                    break;
                }
            }
            let (body, comment) = split_comment(&joined);
            if !body.trim().is_empty() {
                in_via = false;
                self.requirement(body.trim(), scope, number);
            }
            if let Some(comment) = comment {
                self.annotation(comment, &mut in_via);
            }
        }
    }

    /// Takes in what a comment says of who asks for the requirement above it.
    fn annotation(&mut self, comment: &str, in_via: &mut bool) {
        let indented = comment.starts_with("  ");
        let mut body = comment.trim();
        if let Some(rest) = body.strip_prefix("via").filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
            *in_via = true;
            body = rest.trim();
        } else if !(*in_via && indented) {
            *in_via = false;
            return;
        }
        if let Some(line) = self.lines.last_mut() {
            line.via.extend(body.split(", ").map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned));
        }
    }

    fn requirement(&mut self, body: &str, scope: Scope, number: u32) {
        let place = self.file.place_of_line(number);
        if let Some(option) = body.strip_prefix('-') {
            let (name, value) = option.split_at(option.find(['=', ' ', '\t']).unwrap_or(option.len()));
            let value = value.trim_start_matches(['=', ' ', '\t']).trim();
            match name.trim_start_matches('-') {
                "r" | "requirement" => self.includes.push(value.to_owned()),
                "c" | "constraint" => self.includes.push(format!("{CONSTRAINT}{value}")),
                "e" | "editable" => self.lines.extend(by_address(value, scope, place)),
                short if short.starts_with('r') && !option.starts_with('-') => {
                    self.includes.push(short[1..].to_owned())
                }
                short if short.starts_with('e') && !option.starts_with('-') => {
                    self.lines.extend(by_address(&short[1..], scope, place));
                }
                _ => {}
            }
            return;
        }
        let (body, options) = body.split_once(" --").map_or((body, ""), |(body, options)| (body.trim(), options));
        let hashes = options.split_whitespace().filter_map(|o| o.trim_start_matches("--").strip_prefix("hash="));
        let mut hashes: Vec<Hash> = hashes.filter_map(integrity::named).collect();
        hashes.sort();
        hashes.dedup();
        let is_place = body.contains("://") && !body.contains('@') || is_path(body);
        let asked = if is_place { None } else { dependency(body, scope, place.clone()) };
        match asked.or_else(|| by_address(body, scope, place).map(|l| l.dependency)) {
            Some(dependency) => self.lines.push(Line { dependency, hashes, via: Vec::new() }),
            // A path or an address that tells no name is a part of the project, or nothing to be known offline.
            None if is_place || body.contains("://") => {}
            None => {
                let shown: String = body.chars().take(60).collect();
                self.notes.push(malformed(self.file, Some(number), format!("no requirement: `{shown}`")));
            }
        }
    }
}

/// The body of a line and the comment behind it, which begins with a `#` at the start or behind white space, or anywhere
/// where the line holds no address, which alone may have one.
fn split_comment(line: &str) -> (&str, Option<&str>) {
    let address = line.contains(['/', '\\']);
    let begins = |at: usize| !address || line[..at].chars().next_back().is_none_or(char::is_whitespace);
    let found = line.match_indices('#').find(|(at, _)| begins(*at));
    found.map_or((line, None), |(at, _)| (&line[..at], Some(&line[at + 1..])))
}

fn is_path(body: &str) -> bool {
    let archive = [".whl", ".tar.gz", ".zip", ".tgz", ".tar.bz2"].iter().any(|end| body.ends_with(end));
    body.starts_with(['.', '/', '~']) || archive && !body.contains('@') || body.get(1..3) == Some(":\\")
}

/// The requirement that an address makes: the name stands in its fragment (`#egg=name`), or in the archive's name.
fn by_address(body: &str, scope: Scope, place: Place) -> Option<Line> {
    // What lies in the project is read where it lies.
    if !body.contains("://") && !body.starts_with("git+") {
        return None;
    }
    let (address, fragment) = body.split_once('#').unwrap_or((body, ""));
    let archive = of_archive(address);
    let egg = fragment.split('&').find_map(|pair| pair.strip_prefix("egg="));
    let name = match egg {
        Some(egg) => egg.split(['[', '-']).next().filter(|_| egg.contains('[')).unwrap_or(egg).to_owned(),
        None => archive?.0.to_owned(),
    };
    let parsed = pep508::parse(&name)?;
    let address = without_credentials(address);
    // The reference of a repository stands behind an `@`, of which a user name's is none.
    let path_at = address.find("://").and_then(|at| address[at + 3..].find('/').map(|slash| at + 3 + slash));
    let source = match path_at.and_then(|at| address[at..].rfind('@').map(|found| at + found)) {
        Some(at) if address.contains("git") => format!("{}#{}", &address[..at], &address[at + 1..]),
        _ => address.into_owned(),
    };
    let archive = archive.filter(|(of, _)| normal_name(of) == normal_name(parsed.name));
    let requirement = archive.map_or(String::new(), |(_, version)| format!("=={version}"));
    let dependency = Dependency { name: normal_name(parsed.name), requirement, scope, source: Some(source), place };
    Some(Line { dependency, hashes: Vec::new(), via: Vec::new() })
}

/// Name and version in the name of an archive: `<name>-<version>-…` of a wheel, `<name>-<version>` of a source distribution
/// (the packaging guide's specifications of both).
fn of_archive(address: &str) -> Option<(&str, &str)> {
    let file = address.rsplit(['/', '\\']).next()?.trim();
    if let Some((name, rest)) = file.strip_suffix(".whl").and_then(|stem| stem.split_once('-')) {
        return Some((name, rest.split('-').next()?));
    }
    let stem = [".tar.gz", ".zip", ".tgz", ".tar.bz2"].iter().find_map(|end| file.strip_suffix(end))?;
    let (name, version) = stem.rsplit_once('-')?;
    let named = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    (named && version.starts_with(|c: char| c.is_ascii_digit())).then_some((name, version))
}

/// What the requirements of a file are for, by its name and its folder's: `requirements-dev.txt`, `test/requirements.txt`.
fn scope_of(path: &RelPath) -> Scope {
    let name = path.name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let own = group_scope(stem, Scope::Runtime);
    let folder = path.parent();
    if own == Scope::Runtime { group_scope(folder.name(), Scope::Runtime) } else { own }
}

fn lock(file: &SourceFile<'_>, lines: &[Line]) -> Evidence {
    let index: HashMap<&str, usize> =
        lines.iter().enumerate().map(|(at, l)| (l.dependency.name.as_str(), at)).collect();
    let scope = scope_of(file.path);
    let mut packages: Vec<Locked> = lines
        .iter()
        .map(|line| {
            let version = pin(&line.dependency).unwrap_or_default();
            let source = line.dependency.source.clone();
            // pip-compile names the file or the project that asks.
            let asked = |via: &String| via.starts_with("-r") || via.contains(".in") || via.contains('(');
            Locked {
                purl: purl_of_source(&line.dependency.name, version, source.as_deref().unwrap_or_default()),
                name: line.dependency.name.clone(),
                version: version.to_owned(),
                scope: (scope != Scope::Runtime).then_some(scope),
                direct: line.via.iter().any(asked).then_some(true),
                hashes: line.hashes.clone(),
                resolved: source,
                region: line.dependency.place.region.clone(),
                ..Locked::default()
            }
        })
        .collect();
    for (to, line) in lines.iter().enumerate() {
        for via in &line.via {
            if let Some(&from) = pep508::parse(via).and_then(|asked| index.get(normal_name(asked.name).as_str())) {
                packages[from].dependencies.push(to);
            }
        }
    }
    locks::lock(file, PYPI, packages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::packages::testing::{edges, fixture, inventory_of, lock, manifest, notes, with_text};

    #[test]
    fn lines_of_every_kind() {
        let evidence = fixture("requirements", "plain/requirements.txt");
        let manifest = manifest(&evidence);
        let seen: Vec<_> = manifest
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.requirement.as_str(), d.source.as_deref(), d.place.start_line()))
            .collect();
        assert_eq!(
            seen,
            [
                ("pytest", "", None, 2),
                ("docopt", "== 0.6.1", None, 3),
                ("requests", ">= 2.8.1, == 2.8.*", None, 4),
                ("urllib3", "==1.26.8", Some("https://host.example.org/urllib3-1.26.8.zip"), 5),
                ("forked-name", "", Some("git+https://git.example.org/forked.git#v1.0"), 6),
                ("edited", "", Some("git+ssh://git@git.example.org/edited.git#main"), 7),
                ("wheel-name", "==3.0", Some("https://host.example.org/wheel_name-3.0-py3-none-any.whl"), 8),
                ("joined", "==1.0", None, 9),
                ("last", "~=1.1", None, 16),
            ]
        );
        assert_eq!(manifest.inheritance.takes, ["base.txt", "more.txt", "constraint:constraints.txt"]);
        assert_eq!(notes(&evidence).iter().map(|n| n.line).collect::<Vec<_>>(), [Some(15)]);
    }

    #[test]
    fn files_of_any_name_count_where_others_take_them_in() {
        let files = [
            ("requirements.txt", "-r base.txt\nflask==3.0.0\n"),
            ("base.txt", "# shared\n-r deep/er.txt\nrequests==2.31.0\n"),
            ("deep/er.txt", "six==1.16.0\n"),
            ("words.txt", "alpha\nbeta==1\n"),
            ("prose.txt", "requests is a library.\n"),
        ];
        let files = files.map(|(path, text)| (RelPath::new(path), text.to_owned()));
        let inventory = inventory_of(&files);
        let purls: Vec<&str> = inventory.packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(purls, ["pkg:pypi/flask@3.0.0", "pkg:pypi/requests@2.31.0", "pkg:pypi/six@1.16.0"]);
        assert!(inventory.skipped.is_empty(), "{:?}", inventory.skipped);
    }

    #[test]
    fn what_pip_compile_writes_is_a_lock() {
        let evidence = fixture("requirements", "compiled/requirements-dev.txt");
        let lock = lock(&evidence);
        let seen: Vec<_> =
            lock.packages.iter().map(|p| (p.purl.as_str(), p.scope, p.direct, p.hashes.len())).collect();
        assert_eq!(
            seen,
            [
                ("pkg:pypi/blinker@1.7.0", Some(Scope::Dev), None, 1),
                ("pkg:pypi/flask@3.0.0", Some(Scope::Dev), Some(true), 2),
                ("pkg:pypi/werkzeug@3.0.1", Some(Scope::Dev), None, 1),
            ]
        );
        assert_eq!(edges(lock), ["flask 3.0.0 -> blinker 1.7.0", "flask 3.0.0 -> werkzeug 3.0.1"]);
    }

    #[test]
    fn names_of_files() {
        let is = |path: &str| is_requirements(RelPath::new(path).name(), &RelPath::new(path));
        assert!(
            is("requirements.txt")
                && is("dev-requirements.txt")
                && is("requirements/base.txt")
                && is("constraints.txt")
        );
        assert!(!is("robots.txt") && !is("docs/notes.txt"));
        assert_eq!(scope_of(&RelPath::new("requirements/test.txt")), Scope::Test);
        assert_eq!(scope_of(&RelPath::new("docs/requirements.txt")), Scope::Dev);
        assert_eq!(scope_of(&RelPath::new("requirements.txt")), Scope::Runtime);
    }

    #[test]
    fn constraints_ask_for_nothing() {
        let evidence = with_text("constraints.txt", "a==1\nb==2\n");
        assert!(manifest(&evidence).descriptive);
        let inventory = inventory_of(&[
            (RelPath::new("constraints.txt"), "a==1\nb==2\n".to_owned()),
            (RelPath::new("requirements.txt"), "-c constraints.txt\na\nc>=3\n".to_owned()),
        ]);
        let purls: Vec<_> = inventory.packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(purls, ["pkg:pypi/a@1", "pkg:pypi/c@3"]);
    }
}
