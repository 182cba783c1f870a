//! `Cargo.lock`, versions 1 to 4.
//!
//! The format is what cargo's own encoder writes (`src/cargo/core/resolver/encode.rs` there): packages with name,
//! version and source; edges as `name`, `name version` or `name version (source)`, as short as they can be without
//! becoming ambiguous; checksums in the package, or in version 1 in a `[metadata]` table.

use std::collections::HashMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{is_default_registry, purl};
use crate::collect::packages::tables::{self, Table};
use crate::collect::packages::{Broken, broken};
use crate::collect::packages::{purl::is_git, purl::without_credentials};
use crate::collect::{SourceFile, malformed};
use crate::model::{Ecosystem, Evidence, Hash, Lock, Locked, Place};

/// The newest version that cargo 1.95 writes.
const NEWEST: i64 = 4;

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match tables::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut notes = Vec::new();
    match packages(file, &document, &mut notes) {
        Ok(packages) => out.push(Evidence::Lock(Lock {
            place: Place::file(file.path.clone()),
            ecosystem: Ecosystem::CARGO,
            packages,
        })),
        Err(note) => out.push(*note),
    }
    out.append(&mut notes);
}

/// A `[[package]]` table.
struct Entry<'d> {
    name: &'d str,
    version: &'d str,
    source: &'d str,
    /// The package that stands in for this one (`[replace]`).
    replace: Option<&'d str>,
    checksum: Option<&'d str>,
    dependencies: Option<&'d Spanned<DeValue<'d>>>,
    at: std::ops::Range<usize>,
}

fn packages(file: &SourceFile<'_>, document: &DeTable<'_>, notes: &mut Vec<Evidence>) -> Result<Vec<Locked>, Broken> {
    if let Some(version) = document.value("version") {
        let number = version.get_ref().as_integer().and_then(|i| i64::from_str_radix(i.as_str(), i.radix()).ok());
        if number.is_none_or(|n| n > NEWEST) {
            let line = file.line_at(version.span().start);
            notes.push(malformed(file, Some(line), "lock file version is not known; read as version 4"));
        }
    }
    let mut entries = Vec::new();
    // Before cargo 1.16 the project itself stood in a table of its own.
    if let Some(root) = document.value("root") {
        entries.push(entry(file, root)?);
    }
    if let Some(list) = document.value("package") {
        let line = file.line_at(list.span().start);
        let list = list.get_ref().as_array().ok_or_else(|| broken(file, Some(line), "`package` is no array"))?;
        for package in list.iter() {
            entries.push(entry(file, package)?);
        }
    }
    let index = Index::new(file, &entries)?;
    let metadata = document.table("metadata");
    let mut locked: Vec<Locked> = entries.iter().map(|e| locked(file, e, metadata)).collect();

    // An entry that another one replaces is not used: edges that lead to it lead to the other one.
    let replaced: Vec<Option<usize>> = entries.iter().map(|e| e.replace.and_then(|id| index.find(id))).collect();
    for (from, entry) in entries.iter().enumerate() {
        let Some(list) = entry.dependencies else { continue };
        let Some(list) = list.get_ref().as_array() else {
            return Err(broken(file, Some(file.line_at(list.span().start)), "`dependencies` is no array"));
        };
        for id in list.iter() {
            let to = id.get_ref().as_str().and_then(|id| index.find(id));
            match to {
                Some(to) => locked[from].dependencies.push(replaced[to].unwrap_or(to)),
                None => notes.push(malformed(
                    file,
                    Some(file.line_at(id.span().start)),
                    format!("{} depends on a package that the lock file does not hold", entry.name),
                )),
            }
        }
    }
    for at in 0..locked.len() {
        locked[at].dependencies.sort_unstable();
        locked[at].dependencies.dedup();
        if locked[at].local {
            for to in locked[at].dependencies.clone() {
                locked[to].direct = Some(true);
            }
        }
    }
    Ok(without(locked, &replaced))
}

fn entry<'d>(file: &SourceFile<'_>, package: &'d Spanned<DeValue<'d>>) -> Result<Entry<'d>, Broken> {
    let line = file.line_at(package.span().start);
    let table = package.get_ref().as_table().ok_or_else(|| broken(file, Some(line), "a package is no table"))?;
    let need = |key: &str| {
        table.text(key).ok_or_else(|| broken(file, Some(line), format!("a package without a text `{key}`")))
    };
    let (name, at) = need("name")?;
    let text = |key: &str| table.text(key).map(|(text, _)| text);
    Ok(Entry {
        name,
        version: need("version")?.0,
        source: text("source").unwrap_or_default(),
        replace: text("replace"),
        checksum: text("checksum"),
        dependencies: table.value("dependencies"),
        at,
    })
}

fn locked(file: &SourceFile<'_>, entry: &Entry<'_>, metadata: Option<&DeTable<'_>>) -> Locked {
    let Entry { name, version, .. } = *entry;
    let source = without_credentials(entry.source);
    let checksum = entry.checksum.or_else(|| {
        let (text, _) = metadata?.text(&format!("checksum {name} {version} ({})", entry.source))?;
        Some(text)
    });
    // `<none>` stands for a crate that was locked when it had no checksum.
    let checksum = checksum.filter(|c| c.len() == 64 && c.bytes().all(|b| b.is_ascii_hexdigit()));
    Locked {
        purl: purl(name, version, &source),
        name: name.to_owned(),
        version: version.to_owned(),
        local: source.is_empty(),
        hashes: checksum
            .map(|c| Hash { algorithm: "SHA-256".to_owned(), value: c.to_ascii_lowercase() })
            .into_iter()
            .collect(),
        resolved: (is_git(&source) && !is_default_registry(&source)).then(|| source.into_owned()),
        region: Some(file.region(entry.at.clone())),
        ..Locked::default()
    }
}

/// Finds packages by the three forms in which edges name them.
struct Index<'d> {
    /// By name: the only package, or `None` when there are several.
    names: HashMap<&'d str, Option<usize>>,
    versions: HashMap<(&'d str, &'d str), Option<usize>>,
    sources: HashMap<(&'d str, &'d str, &'d str), usize>,
}

impl<'d> Index<'d> {
    fn new(file: &SourceFile<'_>, entries: &[Entry<'d>]) -> Result<Self, Broken> {
        let mut index = Self { names: HashMap::new(), versions: HashMap::new(), sources: HashMap::new() };
        for (at, e) in entries.iter().enumerate() {
            let single = |slot: &mut Option<usize>| *slot = None;
            index.names.entry(e.name).and_modify(single).or_insert(Some(at));
            index.versions.entry((e.name, e.version)).and_modify(single).or_insert(Some(at));
            if index.sources.insert((e.name, e.version, e.source), at).is_some() {
                let line = file.line_at(e.at.start);
                return Err(broken(file, Some(line), format!("{} {} is listed twice", e.name, e.version)));
            }
            // Old locks name a git package without the commit.
            if let Some((address, _)) = e.source.split_once('#') {
                index.sources.entry((e.name, e.version, address)).or_insert(at);
            }
        }
        Ok(index)
    }

    fn find(&self, id: &str) -> Option<usize> {
        let mut parts = id.splitn(3, ' ');
        let name = parts.next()?;
        match (parts.next(), parts.next()) {
            (None, _) => *self.names.get(name)?,
            // Of several with this version, the one without a source is a path dependency, which has none to be told by.
            (Some(version), None) => {
                self.versions.get(&(name, version))?.or_else(|| self.sources.get(&(name, version, "")).copied())
            }
            (Some(version), Some(source)) => {
                let source = source.strip_prefix('(')?.strip_suffix(')')?;
                self.sources.get(&(name, version, source)).copied()
            }
        }
    }
}

/// Leaves out the packages that are replaced and renumbers the edges.
fn without(locked: Vec<Locked>, replaced: &[Option<usize>]) -> Vec<Locked> {
    if replaced.iter().all(Option::is_none) {
        return locked;
    }
    let mut number = Vec::with_capacity(locked.len());
    let mut next = 0;
    for replacement in replaced {
        number.push(next);
        next += usize::from(replacement.is_none());
    }
    let mut kept: Vec<Locked> =
        locked.into_iter().zip(replaced).filter(|(_, r)| r.is_none()).map(|(package, _)| package).collect();
    for package in &mut kept {
        // A replacement that is itself replaced is nonsense that cargo never writes.
        package.dependencies.retain(|&to| replaced[to].is_none());
        for to in &mut package.dependencies {
            *to = number[*to];
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{edges, fixture, lock, notes, with_text};

    #[test]
    fn version_4_names_edges_in_three_forms() {
        let evidence = fixture("cargo-lock", "v4/Cargo.lock");
        let lock = lock(&evidence);
        assert_eq!(
            edges(lock),
            [
                "app 0.1.0 -> rand 0.7.3",
                "app 0.1.0 -> rand 0.8.5",
                "app 0.1.0 -> tool 1.0.0",
                "app 0.1.0 -> tool 1.0.0",
                "rand 0.8.5 -> libc 0.2.150",
            ]
        );
        let purls: Vec<&str> = lock.packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(
            purls,
            [
                "pkg:cargo/app@0.1.0",
                "pkg:cargo/libc@0.2.150",
                "pkg:cargo/rand@0.7.3?repository_url=https://crates.example.org/index",
                "pkg:cargo/rand@0.8.5",
                "pkg:cargo/tool@1.0.0",
                "pkg:cargo/tool@1.0.0?vcs_url=git%2Bhttps://git.example.org/tool%400f1e2d3c4b5a69788796a5b4c3d2e1f000112233",
            ]
        );
        let libc = &lock.packages[1];
        assert_eq!(libc.hashes[0].value, "89d92a4743f9a61002fae18374ed11e7973f530cb3a3255fb354818118b2203c");
        assert_eq!(libc.region.as_ref().unwrap().start_line, 15);
        assert_eq!((lock.packages[0].local, lock.packages[3].direct, libc.direct), (true, Some(true), None));
    }

    #[test]
    fn version_1_keeps_checksums_apart_and_the_project_in_a_root_table() {
        let evidence = fixture("cargo-lock", "v1/Cargo.lock");
        let lock = lock(&evidence);
        assert_eq!(edges(lock), ["app 0.1.0 -> log 0.3.9", "log 0.3.9 -> log 0.4.20"]);
        assert_eq!(
            lock.packages[1].hashes[0].value,
            "e19e8d5c34a3e0e2223db8e060f9e8264aeeb5c5fc64a4ee9965c062211c024b"
        );
        assert!(lock.packages[2].hashes.is_empty(), "<none> is no checksum");
    }

    #[test]
    fn replaced_and_unused_packages_are_left_out() {
        let evidence = fixture("cargo-lock", "replace/Cargo.lock");
        let lock = lock(&evidence);
        let names: Vec<_> = lock.packages.iter().map(|p| (p.name.as_str(), p.purl.as_str())).collect();
        assert_eq!(
            names,
            [
                ("app", "pkg:cargo/app@0.1.0"),
                (
                    "bar",
                    "pkg:cargo/bar@0.1.0?vcs_url=git%2Bhttps://git.example.org/bar%400123456789abcdef0123456789abcdef01234567"
                ),
            ]
        );
        assert_eq!(edges(lock), ["app 0.1.0 -> bar 0.1.0"]);
    }

    #[test]
    fn a_broken_lock_costs_the_file_and_names_the_line() {
        let read = |text: &str| with_text("Cargo.lock", text);
        for (text, line) in [
            ("version = 4\n[[package]]\nname = \"a\n", 3),
            ("version = 4\n\n[[package]]\nname = \"a\"\n", 3),
            ("package = 1\n", 1),
            ("[[package]]\nname = \"a\"\nname = \"b\"\n", 3),
            ("[[package]]\nname='a'\nversion='1'\n[[package]]\nname='a'\nversion='1'\n", 5),
            ("<<<<<<< HEAD\n", 1),
        ] {
            let evidence = read(text);
            assert_eq!(notes(&evidence).iter().map(|n| n.line).collect::<Vec<_>>(), [Some(line)], "{text}");
            assert_eq!(evidence.len(), 1, "{text}");
        }
        let deep = format!("a = {}", "[".repeat(200_000));
        assert_eq!(notes(&read(&deep)).len(), 1);
    }

    #[test]
    fn what_can_still_be_trusted_is_kept_beside_the_note() {
        let evidence = with_text(
            "Cargo.lock",
            "version = 9\n[[package]]\nname = 'a'\nversion = '1.0.0'\ndependencies = [\n 'gone',\n]\n",
        );
        assert_eq!(lock(&evidence).packages.len(), 1);
        assert_eq!(notes(&evidence).iter().map(|n| n.line).collect::<Vec<_>>(), [Some(1), Some(6)]);
    }
}
