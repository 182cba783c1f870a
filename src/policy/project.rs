//! The project as policy sees it: which folders are packages, which files are its license texts, where it starts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use spdx::Expression;

use super::paths::{is_first_party, is_in_licenses_folder, is_license_text_name, is_test};
use super::{compat, expression};
use crate::model::{
    Detection, DetectionKind, Document, DocumentRole, Ecosystem, FileKind, FileRecord, Inventory, Manifest, Package,
    Place, RelPath, is_readme_name,
};

/// The expression of a license text that matches nothing known.
pub(super) const UNIDENTIFIED: &str = "LicenseRef-unidentified";

/// Folders in which a forge looks for a project's own documents.
const HOMES: &[&str] = &["", ".github", ".gitlab", ".gitee", ".forgejo", "docs", "doc", "Documentation"];

/// What was worked out of an inventory once, for all rules.
#[derive(Debug)]
pub struct Project<'a> {
    inventory: &'a Inventory,
    /// The folders that are judged as packages of their own: the root, and the folder of each first-party manifest
    /// that names a package. Sorted by folder, the root first.
    pub(super) units: Vec<Unit<'a>>,
    /// See [`Project::needs`].
    needs: OnceLock<Needs>,
    /// See [`Project::own_files`].
    own_files: OnceLock<Vec<usize>>,
    /// Files of tests that name components.
    test_origins: OnceLock<HashSet<RelPath>>,
    /// See [`Project::told`].
    told: OnceLock<Option<(Expression, Place)>>,
}

/// A folder that is a package of its own.
#[derive(Debug)]
pub(super) struct Unit<'a> {
    /// The folder.
    pub(super) folder: RelPath,
    /// Its manifests that name a package.
    pub(super) manifests: Vec<&'a Manifest>,
    /// The license texts in it, or, where it has none, in the nearest folder above that has some.
    pub(super) texts: Vec<LicenseText<'a>>,
    /// Whether `texts` are the folder's own.
    pub(super) own_texts: bool,
    /// See [`Unit::license`].
    license: OnceLock<Option<(Expression, Place)>>,
}

impl Unit<'_> {
    /// The license under which it goes out, and where that is said: what its manifests declare, else what its license
    /// texts are. `None` where nothing tells it beyond doubt. Worked out once: every file of the unit is asked about.
    pub(super) fn license(&self) -> Option<&(Expression, Place)> {
        self.license.get_or_init(|| self.find_license()).as_ref()
    }

    fn find_license(&self) -> Option<(Expression, Place)> {
        for manifest in &self.manifests {
            if let Some(field) = &manifest.license
                && let Ok(expression) = compat::read(&field.text)
            {
                return Some((expression, field.place.clone()));
            }
        }
        license_of(&self.texts)
    }
}

/// The license that license texts beside each other are of, and the first of them. `None` where they leave a doubt.
pub(super) fn license_of(texts: &[LicenseText<'_>]) -> Option<(Expression, Place)> {
    let (text, ids) = texts.iter().map(|t| (t, t.text_ids())).find(|(_, ids)| !ids.is_empty())?;
    let all: Vec<String> = texts.iter().flat_map(|t| t.text_ids()).collect();
    // A notice before the text that names another license makes it the text of a part.
    let at = text.found().map(|d| d.place.start_line()).min();
    let is_other = |d: &&Detection| {
        let named = expression::ids_of(&d.expression);
        d.kind == DetectionKind::Notice
            && Some(d.place.start_line()) < at
            && !named.is_empty()
            && !named.iter().any(|id| all.iter().any(|own| own == expression::text_id(id)))
    };
    if text.file.licenses.iter().any(|d| is_other(&d)) {
        return None;
    }
    // Texts of several licenses do not say whether they are a choice. The LGPL 3 comes with the GPL 3.
    let chosen = match all.as_slice() {
        [_] => ids.first()?.clone(),
        many if many.iter().all(|id| id == &many[0]) => many[0].clone(),
        many if many.len() == 2
            && many.iter().any(|id| id == "LGPL-3.0")
            && many.iter().any(|id| id == "GPL-3.0") =>
        {
            "LGPL-3.0".to_owned()
        }
        _ => return None,
    };
    Some((of_text(&chosen)?, Place::file(text.path.clone())))
}

/// What a license text is read as: that of a GNU license does not say whether later versions are allowed, and the milder
/// reading counts.
fn of_text(id: &str) -> Option<Expression> {
    let later = format!("{id}-or-later");
    expression::parse(if compat::license(&later).is_some() { &later } else { id })
}

/// A file that is named like a license text.
#[derive(Clone, Copy, Debug)]
pub(super) struct LicenseText<'a> {
    /// The file by its own name.
    pub(super) path: &'a RelPath,
    /// Its record, or that of the file it links to.
    pub(super) file: &'a FileRecord,
}

impl<'a> LicenseText<'a> {
    /// The texts that were found in it.
    pub(super) fn found(&self) -> impl Iterator<Item = &'a Detection> + use<'a> {
        self.file.licenses.iter().filter(|d| d.kind == DetectionKind::Text && d.invalid.is_none())
    }

    /// The ids of the texts that were identified in it, GNU suffixes removed.
    pub(super) fn text_ids(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for detection in self.found().filter(|d| d.expression != UNIDENTIFIED) {
            for id in expression::parse(&detection.expression).iter().flat_map(expression::ids) {
                let id = expression::text_id(&id).to_owned();
                if !out.contains(&id) {
                    out.push(id);
                }
            }
        }
        out
    }
}

/// The packages that each package depends on, as indexes.
#[derive(Debug)]
pub(super) struct Needs {
    /// Those of all packages, one behind the other.
    all: Vec<usize>,
    /// Where those of each package end.
    ends: Vec<usize>,
}

impl Needs {
    fn of(packages: &[Package]) -> Self {
        let purls = packages.iter().enumerate().map(|(at, package)| (package.purl.as_str(), at));
        let by_purl: HashMap<&str, usize, foldhash::fast::RandomState> = purls.collect();
        let mut all = Vec::new();
        let ends = packages.iter().map(|package| {
            all.extend(package.dependencies.iter().filter_map(|purl| by_purl.get(purl.as_str())));
            all.len()
        });
        let ends = ends.collect();
        Self { all, ends }
    }

    /// Those of one package.
    pub(super) fn of_package(&self, at: usize) -> &[usize] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[at]]
    }

    /// How many packages there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

impl<'a> Project<'a> {
    /// Works out the project's shape.
    pub fn new(inventory: &'a Inventory) -> Self {
        let mut manifests: BTreeMap<RelPath, Vec<&'a Manifest>> = BTreeMap::from([(RelPath::default(), Vec::new())]);
        for manifest in inventory.manifests.iter().filter(|m| m.name.is_some()) {
            let folder = manifest.place.path.parent();
            if folder.as_str().is_empty() || is_first_party(&manifest.place.path) {
                manifests.entry(folder).or_default().push(manifest);
            }
        }
        let mut texts: BTreeMap<RelPath, Vec<LicenseText<'a>>> = BTreeMap::new();
        for (home, text) in license_texts(inventory) {
            texts.entry(home).or_default().push(text);
        }
        let units = manifests
            .into_iter()
            .map(|(folder, manifests)| {
                let found = folder.ancestors().find_map(|at| texts.get(&at)).cloned().unwrap_or_default();
                let own_texts = texts.contains_key(&folder);
                Unit { own_texts, folder, manifests, texts: found, license: OnceLock::new() }
            })
            .collect();
        Self {
            inventory,
            units,
            needs: OnceLock::new(),
            own_files: OnceLock::new(),
            test_origins: OnceLock::new(),
            told: OnceLock::new(),
        }
    }

    /// The files outside folders for vendored code, tests, examples and the like ([`is_first_party`]). Worked out once
    /// for the many rules that look at all of them.
    pub(super) fn own_files(&self) -> impl Iterator<Item = &'a FileRecord> {
        let files = &self.inventory.files;
        let own = || files.iter().enumerate().filter(|(_, f)| is_first_party(&f.path)).map(|(at, _)| at).collect();
        self.own_files.get_or_init(own).iter().map(|&at| &files[at])
    }

    /// Ids that the project names as its own, as written: in manifests, license texts, LICENSES/ and REUSE.toml.
    pub(super) fn named_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for unit in &self.units {
            ids.extend(unit.texts.iter().flat_map(LicenseText::text_ids));
            for manifest in &unit.manifests {
                let declared = manifest.license.as_ref().and_then(|l| compat::read(&l.text).ok());
                ids.extend(declared.iter().flat_map(expression::ids));
            }
        }
        let licenses = self.inventory.files.iter().filter(|f| is_in_licenses_folder(&f.path));
        ids.extend(licenses.map(|f| f.path.stem().to_owned()));
        let annotated = self.inventory.reuse.iter().flat_map(|a| &a.licenses).filter_map(|l| expression::parse(l));
        ids.extend(annotated.flat_map(|e| expression::ids(&e)));
        ids
    }

    /// Whether only tests, their data and examples name a component. Thousands of components come from the same few files,
    /// so those are looked at once.
    pub(super) fn is_of_tests(&self, package: &Package) -> bool {
        let tests = self.test_origins.get_or_init(|| {
            let origins = self.inventory.packages.iter().flat_map(|package| &package.origin);
            let mut paths: Vec<&RelPath> = origins.map(|place| &place.path).collect();
            // Most come from the file that the one before comes from.
            paths.dedup();
            let paths: HashSet<&RelPath> = paths.into_iter().collect();
            paths.into_iter().filter(|path| is_test(path)).cloned().collect()
        });
        let origin = &package.origin;
        !tests.is_empty() && !origin.is_empty() && origin.iter().all(|place| tests.contains(&place.path))
    }

    /// The units that hold a path, the innermost first.
    pub(super) fn units_of(&self, path: &RelPath) -> impl Iterator<Item = &Unit<'a>> {
        let of = |folder: RelPath| self.units.binary_search_by(|unit| unit.folder.cmp(&folder)).ok();
        path.ancestors().filter_map(of).map(|at| &self.units[at])
    }

    /// The license of the whole where manifests and license texts of the root leave a doubt: what its manifests were read
    /// as, else what the README says, else the first text of the only file that has any, which goes on with those of
    /// parts. Worked out once: every file is asked about.
    pub(super) fn told(&self) -> Option<&(Expression, Place)> {
        self.told.get_or_init(|| self.find_told()).as_ref()
    }

    fn find_told(&self) -> Option<(Expression, Place)> {
        let root = self.root()?;
        let declared = self.declared();
        if let (Some(first), Some(manifest)) = (declared.first(), root.manifests.iter().find(|m| m.license.is_some()))
            && declared.iter().all(|other| other == first)
        {
            return Some((first.clone(), manifest.place.clone()));
        }
        let readme = self.readme().map(|d| &d.place.path);
        let said = readme.and_then(|path| expression::parse(self.inventory.file(path)?.license.as_deref()?));
        // `COPYRIGHT` may hold the text where no file of another name does.
        let is_copyright = |f: &&FileRecord| f.path.depth() == 1 && f.path.stem().eq_ignore_ascii_case("copyright");
        let copyright = self.inventory.files.iter().filter(is_copyright);
        let copyright: Vec<LicenseText<'_>> = copyright.map(|file| LicenseText { path: &file.path, file }).collect();
        let texts = if root.texts.is_empty() { &copyright } else { &root.texts };
        let mut of_known = texts.iter().filter(|text| !text.text_ids().is_empty());
        let first = of_known.next();
        // A README that names no license of the texts speaks of something else.
        let ids: Vec<String> = texts.iter().flat_map(LicenseText::text_ids).collect();
        let is_of_texts = |e: &Expression| {
            ids.is_empty() || expression::ids(e).iter().any(|id| ids.iter().any(|own| own == expression::text_id(id)))
        };
        if let (Some(expression), Some(path)) = (said.filter(is_of_texts), readme) {
            // "The GPLv2" in a README does not say that later versions are not allowed.
            let expression = match expression::ids(&expression).as_slice() {
                [id] => of_text(expression::text_id(id))?,
                _ => expression,
            };
            return Some((expression, Place::file(path.clone())));
        }
        let only = first.filter(|_| of_known.next().is_none())?;
        let main = only.found().min_by_key(|d| d.place.start_line())?;
        let is_before = |d: &Detection| d.place.start_line() < main.place.start_line();
        if only.file.licenses.iter().any(|d| d.kind == DetectionKind::Notice && is_before(d)) {
            return None;
        }
        let ids = expression::ids(&expression::parse(&main.expression)?);
        match ids.as_slice() {
            [id] if main.expression != UNIDENTIFIED => Some((of_text(expression::text_id(id))?, main.place.clone())),
            _ => None,
        }
    }

    /// Whether the tree is an unpacked crate: what Cargo writes into packages lies at the root.
    pub(super) fn is_unpacked_crate(&self) -> bool {
        self.inventory.file(&RelPath::new(".cargo_vcs_info.json")).is_some()
    }

    /// What each of [`Inventory::packages`] depends on. Worked out once: several rules follow dependencies, and to look up
    /// each by its purl every time costs more than the walk itself.
    pub(super) fn needs(&self) -> &Needs {
        self.needs.get_or_init(|| Needs::of(&self.inventory.packages))
    }

    /// Where a finding about the project as a whole is shown: the root manifest, else the root README, else the first
    /// file. `None` in an empty folder.
    pub(super) fn anchor(&self) -> Option<Place> {
        let root = RelPath::default();
        let files = &self.inventory.files;
        if files.iter().any(|f| f.path.lies_in(&root)) {
            return self.unit_anchor(&root);
        }
        let described = || files.iter().find(|f| is_in_dist_info(&f.path)).map(|f| f.path.parent());
        self.unit_anchor(&self.wrapping().or_else(described).unwrap_or(root))
    }

    /// Where a finding about the package in `folder` is shown.
    pub(super) fn unit_anchor(&self, folder: &RelPath) -> Option<Place> {
        let inventory = self.inventory;
        let manifest = inventory.manifests.iter().find(|m| m.place.path.lies_in(folder));
        let readme =
            || inventory.documents.iter().find(|d| d.role == DocumentRole::Readme && d.place.path.lies_in(folder));
        let first = || {
            let here = |f: &&FileRecord| f.path.is_within(folder);
            let seen = |f: &&FileRecord| !f.path.as_str().split('/').any(|part| part.starts_with('.'));
            let files = &inventory.files;
            let at_root = || files.iter().filter(|f| f.path.lies_in(folder)).filter(seen);
            // A picture says nothing.
            let shown = at_root().find(|f| matches!(f.kind, FileKind::Text(_))).or_else(|| at_root().next());
            shown.or_else(|| files.iter().filter(seen).find(here)).or_else(|| files.iter().find(here))
        };
        manifest
            .map(|m| m.place.clone())
            .or_else(|| readme().map(|d| Place::file(d.place.path.clone())))
            .or_else(|| first().map(|f| Place::file(f.path.clone())))
    }

    /// The root unit.
    pub(super) fn root(&self) -> Option<&Unit<'a>> {
        self.units.first()
    }

    /// The project's own documents: those where a forge looks for them.
    pub(super) fn documents(&self) -> impl Iterator<Item = &'a Document> {
        let inventory = self.inventory;
        inventory.documents.iter().filter(|d| HOMES.contains(&d.place.path.parent().as_str()))
    }

    /// The root README, the one without a language in its name first.
    pub(super) fn readme(&self) -> Option<&'a Document> {
        let mut readmes: Vec<&Document> = self.documents().filter(|d| d.role == DocumentRole::Readme).collect();
        readmes.sort_by_key(|d| (!d.place.path.parent().as_str().is_empty(), !d.language.is_empty(), &d.place.path));
        readmes.first().copied().or_else(|| {
            // A link in the root is shown as what it leads to.
            let mut root =
                self.inventory.files.iter().filter(|f| f.path.depth() == 1 && is_readme_name(f.path.name()));
            let target = root.find_map(|f| if let FileKind::Link(target) = &f.kind { Some(target) } else { None })?;
            self.inventory.documents.iter().find(|d| d.place.path == *target)
        })
    }

    /// Whether all files lie in one folder, and that has a license text, a README or a manifest, as in what some archives
    /// unpack to.
    pub(super) fn is_wrapped(&self) -> bool {
        let Some(folder) = self.wrapping() else { return false };
        let is_readme = |d: &Document| d.role == DocumentRole::Readme && d.place.path.lies_in(&folder);
        self.inventory.files.iter().any(|file| file.path.lies_in(&folder) && is_license_text_name(&file.path))
            || self.inventory.documents.iter().any(is_readme)
            || self.inventory.manifests.iter().any(|m| m.place.path.lies_in(&folder))
    }

    /// Whether the root holds folders and no file, and two of the folders or more have a README and a license text each:
    /// several projects side by side, as distributions pack those that are built together.
    pub(super) fn is_collection(&self) -> bool {
        if self.inventory.files.iter().any(|file| file.path.depth() == 1) {
            return false;
        }
        let is_below = |path: &RelPath| path.depth() == 2;
        let readmes =
            self.inventory.documents.iter().filter(|d| d.role == DocumentRole::Readme).map(|d| &d.place.path);
        let folders: BTreeSet<&str> = readmes.filter(|path| is_below(path)).map(|path| path.folder()).collect();
        let texts = self.inventory.files.iter().map(|file| &file.path).filter(|path| is_below(path));
        let texts = texts.filter(|path| folders.contains(path.folder()) && is_license_text_name(path));
        texts.map(|path| path.folder()).collect::<BTreeSet<_>>().len() > 1
    }

    /// The folder below the root that holds all files but those that an archive has beside what it packs: the
    /// description of a package of PEAR, the manifest of a Java archive, what Debian packs it with. Folders that hold
    /// nothing but one other may lie around it.
    fn wrapping(&self) -> Option<RelPath> {
        let is_beside = |path: &RelPath| {
            ["package.xml", "package2.xml", "package.sig", "pax_global_header"].contains(&path.as_str())
                || ["META-INF/", "debian/", ".pc/"].iter().any(|folder| path.as_str().starts_with(folder))
        };
        let mut files = self.inventory.files.iter().filter(|f| !is_beside(&f.path));
        // Files are in the order of their paths: what the first and the last have in common, all have.
        let first = files.next()?;
        let last = files.next_back().unwrap_or(first);
        first.path.parent().ancestors().find(|at| last.path.is_within(at)).filter(|at| !at.as_str().is_empty())
    }

    /// Whether the tree is an unpacked wheel, whose description and license texts lie in its `dist-info`.
    pub(super) fn is_wheel(&self) -> bool {
        self.inventory
            .files
            .iter()
            .any(|f| f.path.depth() == 2 && is_in_dist_info(&f.path) && f.path.name() == "WHEEL")
    }

    /// Whether a manifest of the root names a document for readers, and that document is there.
    pub(super) fn names_readme(&self) -> bool {
        let mut named = self.root().into_iter().flat_map(|unit| &unit.manifests).filter_map(|m| m.readme.as_ref());
        named.any(|path| self.inventory.file(path).is_some())
    }

    /// Headings of the root README, in lower case.
    pub(super) fn readme_sections(&self) -> Vec<String> {
        self.readme().map(|d| d.headings.iter().map(|h| h.text.to_lowercase()).collect()).unwrap_or_default()
    }

    /// First-party manifests of packages that may be published and have a real version.
    pub(super) fn released(&self) -> impl Iterator<Item = &'a Manifest> {
        let inventory = self.inventory;
        inventory.manifests.iter().filter(|m| {
            let version = m.version.as_deref().unwrap_or("0.0.0");
            // What distributions pack the project with is theirs.
            let is_packaging = m.place.path.folder().split('/').next() == Some("debian");
            m.publishable
                && m.name.is_some()
                && is_first_party(&m.place.path)
                && !is_packaging
                && !version.starts_with("0.0.0")
        })
    }

    /// The expressions that the project's own manifests declare, where they are valid.
    pub(super) fn declared(&self) -> Vec<spdx::Expression> {
        let root = self.root().map(|u| &u.manifests[..]).unwrap_or_default();
        let manifests: Vec<&Manifest> = if root.iter().any(|m| m.license.is_some()) {
            root.to_vec()
        } else {
            self.units.iter().flat_map(|u| u.manifests.iter().copied()).collect()
        };
        // Fields that ask for no expression are read as the license collector understood them.
        let read = |m: &&Manifest| {
            let written = expression::parse(&m.license.as_ref()?.text);
            written.or_else(|| expression::parse(self.inventory.file(&m.place.path)?.license.as_deref()?))
        };
        manifests.iter().filter_map(read).collect()
    }
}

/// Whether a path is the folder in which a wheel describes itself, or lies in it.
pub(super) fn is_in_dist_info(path: &RelPath) -> bool {
    path.as_str().split('/').next().is_some_and(|first| first.ends_with(".dist-info"))
}

/// Whether manifests of an ecosystem have a field for the license.
pub(super) fn has_license_field(ecosystem: &Ecosystem) -> bool {
    !matches!(ecosystem.as_str(), "golang" | "github" | "docker" | "swift" | "bazel" | "generic")
}

/// License texts by the folder that they speak for. A `LICENSES` or `licenses` folder speaks for the folder it is in.
fn license_texts(inventory: &Inventory) -> Vec<(RelPath, LicenseText<'_>)> {
    let mut out = Vec::new();
    for file in &inventory.files {
        let folder = file.path.parent();
        let in_licenses = ["licenses", "license"].contains(&folder.name().to_ascii_lowercase().as_str());
        let home = if in_licenses { folder.parent() } else { folder };
        let home = if is_in_dist_info(&home) { RelPath::default() } else { home };
        if !(is_license_text_name(&file.path) || in_licenses && file.path.extension() != "license") {
            continue;
        }
        let behind = match &file.kind {
            FileKind::Link(target) => inventory.file(target),
            FileKind::Empty | FileKind::Binary | FileKind::Unread => None,
            FileKind::Text(_) => Some(file),
        };
        if let Some(record) = behind {
            out.push((home, LicenseText { path: &file.path, file: record }));
        }
    }
    out
}
