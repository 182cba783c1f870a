//! Links between documents.

use std::collections::{BTreeMap, BTreeSet};

use super::Predicate;
use crate::model::{Document, DocumentRole, Inventory, Link, RelPath};
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::is_first_party;

pub(super) const BROKEN: Predicate = Predicate {
    name: "relative-link-broken",
    about: "A relative link or image of a document leads to a file, folder or heading that is not there. Links out of the scanned folder, links of sites with a root of their own, and template placeholders are left out; so are, in the documents of a site that a generator builds (Sphinx, MkDocs and others), or whose documents link one another by the names of pages that are made of them, pages and folders that only the build makes, names that are no paths, and headings; and what a source distribution of Python or a crate leaves out. Templates of issues and pull requests are left out.",
    on: SubjectKind::Document,
    fields: &["target", "problem"],
    params: &[],
    check: |context, judge| {
        let inventory = context.scene.inventory;
        if !inventory.whole {
            return judge.undecided(super::PARTIAL);
        }
        let by_path: BTreeMap<&str, &Document> =
            inventory.documents.iter().map(|d| (d.place.path.as_str(), d)).collect();
        let sites = Sites::new(inventory);
        // What a template says is shown on the page of an issue or a pull request, and links from there.
        let links_from_here = |d: &&Document| is_first_party(&d.place.path) && d.role != DocumentRole::Template;
        for document in inventory.documents.iter().filter(links_from_here) {
            let images = document.images.iter().map(|i| (i.target.as_str(), &i.place));
            let links = document.links.iter().map(|l: &Link| (l.target.as_str(), &l.place));
            for (target, place) in links.chain(images) {
                match problem(inventory, &sites, &by_path, document, target) {
                    Verdict::Elsewhere => {}
                    Verdict::Good => judge.pass(),
                    Verdict::Broken(problem) => judge.fail(
                        Failure::new(document.place.path.as_str(), place.clone())
                            .with("target", target)
                            .with("problem", problem),
                    ),
                }
            }
        }
    },
};

enum Verdict {
    Good,
    Elsewhere,
    Broken(String),
}

fn problem(
    inventory: &Inventory,
    sites: &Sites<'_>,
    documents: &BTreeMap<&str, &Document>,
    document: &Document,
    target: &str,
) -> Verdict {
    let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
    let path = path.split('?').next().unwrap_or_default();
    if is_elsewhere(target, path) {
        return Verdict::Elsewhere;
    }
    let aimed = if path.is_empty() {
        document
    } else {
        let Some(at) = document.place.path.parent().join(path) else { return Verdict::Elsewhere };
        let found = resolve(inventory, &at)
            .or_else(|| in_module(inventory, &document.place.path, path))
            .or_else(|| beside_page(inventory, &document.place.path, path));
        let Some(found) = found else {
            // A link into a folder that the scan never saw at all belongs to a tree that was cut, as packages are.
            let top = RelPath::new(at.as_str().split('/').next().unwrap_or_default());
            // A source distribution of Python or a crate, which files of their makers give away, holds a part of the project.
            let packed = ["PKG-INFO", "Cargo.toml.orig"].iter().any(|file| inventory.exists(&RelPath::new(*file)));
            let cut = packed || at.depth() > 1 && !inventory.exists(&top);
            let made = || {
                let by_build = at.extension() == "html"
                    || is_label(path)
                    || !inventory.exists(&at.parent())
                    || document.place.path.extension() == "rst" && is_included(path);
                by_build && sites.hold(document)
            };
            return if cut || made() { Verdict::Elsewhere } else { Verdict::Broken(format!("`{at}` is not there")) };
        };
        match documents.get(found.as_str()) {
            Some(other) if !fragment.is_empty() => other,
            _ => return Verdict::Good,
        }
    };
    // A heading has no slash in its anchor: this is a page of an application.
    if fragment.is_empty() || fragment.contains('/') || has_anchor(aimed, fragment) {
        Verdict::Good
    } else if sites.hold(aimed) {
        // Generators make anchors by rules of their own, and of parts that they put in.
        Verdict::Elsewhere
    } else {
        Verdict::Broken(format!("`{}` has no heading `#{fragment}`", aimed.place.path))
    }
}

/// Files beside or above a document that say that a generator builds a site of it: it makes pages of code, of
/// notebooks and by plugins, and looks names up that are no paths.
const SITES: &[&str] = &[
    "conf.py",
    "mkdocs.yml",
    "mkdocs.yaml",
    "docusaurus.config.js",
    "docusaurus.config.ts",
    "docusaurus.config.mjs",
    "myst.yml",
    "_toc.yml",
    "astro.config.mjs",
    ".vuepress/config.js",
    ".vuepress/config.ts",
    ".vitepress/config.js",
    ".vitepress/config.ts",
    ".vitepress/config.mjs",
    ".vitepress/config.mts",
    "_config.yml",
    "antora.yml",
    "book.toml",
    "mix.exs",
    "hugo.toml",
    "zensical.toml",
];

/// Files beside the folder `content` by which Hugo knows a site: their names say little elsewhere.
const HUGO: &[&str] = &["config.toml", "config.yaml", "config.yml", "config.json", "hugo.yaml", "hugo.json"];

/// Which documents are parts of sites that a generator builds.
struct Sites<'a> {
    inventory: &'a Inventory,
    /// Folders in which documents link one another by the names of pages that are made of them.
    linked: BTreeSet<RelPath>,
    /// Whether Sphinx builds one of them, whose pages take in documents of the root such as changelogs.
    has_sphinx: bool,
}

impl<'a> Sites<'a> {
    fn new(inventory: &'a Inventory) -> Self {
        let is_made = |document: &Document, link: &Link| {
            let path = link.target.split(['#', '?']).next().unwrap_or_default();
            let at = path.ends_with(".html").then(|| document.place.path.parent().join(path)).flatten();
            !is_elsewhere(&link.target, path)
                && at.is_some_and(|at| !inventory.exists(&at) && resolve(inventory, &at).is_some())
        };
        let linked = inventory.documents.iter().filter(|d| d.links.iter().any(|link| is_made(d, link)));
        let has_sphinx = inventory.files.iter().any(|f| f.path.name() == "conf.py" && is_first_party(&f.path));
        Self { inventory, linked: linked.map(|d| d.place.path.parent()).collect(), has_sphinx }
    }

    /// Whether a document below the root of the scan is part of a site, or one in the root that a page takes in.
    fn hold(&self, document: &Document) -> bool {
        let path = &document.place.path;
        if self.has_sphinx && path.depth() == 1 && path.extension() == "rst" && document.role != DocumentRole::Readme
        {
            return true;
        }
        let mut at = document.place.path.parent();
        // A README in the root is read on the forge, whatever else is made of it.
        while !at.as_str().is_empty() {
            let above = at.parent();
            let is_there = |file: RelPath| self.inventory.index_of(&file).is_some();
            let is_site = |folder: &RelPath| {
                let names = SITES.iter().chain(if at.name() == "content" { HUGO } else { &[] });
                names.into_iter().any(|name| folder.join(name).is_some_and(is_there))
            };
            if is_site(&at) || is_site(&above) || self.linked.contains(&at) {
                return true;
            }
            at = above;
        }
        false
    }
}

/// Links that no checkout decides: other schemes and hosts, site roots, templates, mail addresses.
fn is_elsewhere(target: &str, path: &str) -> bool {
    let scheme = target.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    });
    scheme
        // `#` and `##` lead nowhere on purpose: they give what they hold a title.
        || target.bytes().all(|b| b == b'#')
        // Generators of documentation look names of functions up by themselves, and rustdoc paths of items.
        || target.starts_with('`')
        || path.contains("::")
        || ["crate", "self", "super"].contains(&path)
        || path.starts_with('/')
        || target.contains(['{', '}', '<', '>', '$', '|', '\\', '*'])
        || target.contains("...")
        // Written in entities of HTML, as mail addresses are.
        || target.contains("&#")
        || path.contains('@')
}

/// The file or folder that a link means: as written, or as site generators write it.
fn resolve(inventory: &Inventory, at: &RelPath) -> Option<RelPath> {
    if inventory.exists(at) {
        return Some(at.clone());
    }
    let text = at.as_str().trim_end_matches('/');
    // What the build makes of a template that lies beside it.
    let template = [".in", ".tmpl", ".template", ".j2", ".tpl"].iter().map(|ending| format!("{text}{ending}"));
    if let Some(found) = template.map(RelPath::new).find(|path| inventory.exists(path)) {
        return Some(found);
    }
    let stem = text.strip_suffix(".html").unwrap_or(text);
    // `xyz.html` is what `xyz.md` becomes, and `xyz/` is `xyz/index.md`.
    let others =
        [".md", ".mdx", ".rst", ".adoc", ".markdown", ".txt", "/index.md", "/README.md", "/index.rst", ".ipynb"];
    others.iter().map(|ending| RelPath::new(format!("{stem}{ending}"))).find(|path| inventory.exists(path))
}

/// Whether a path has an ending of files that documents take in whole: a build that misses one fails, so whoever wrote the
/// document has seen it, made by the build.
fn is_included(path: &str) -> bool {
    [".txt", ".rst", ".inc", ".rest"].iter().any(|ending| path.ends_with(ending))
}

/// What a link means that is written for the site, where a page is a folder: `../basics/` in `docs/examples.md`.
fn beside_page(inventory: &Inventory, document: &RelPath, path: &str) -> Option<RelPath> {
    let page = document.parent().join(document.stem())?;
    path.ends_with('/').then(|| resolve(inventory, &page.join(path)?))?
}

/// Whether what stands for a path is no more than a name: generators look labels and names of code up by themselves.
fn is_label(path: &str) -> bool {
    const FILES: &[&str] = &[
        "adoc", "asc", "cfg", "css", "csv", "gif", "htm", "html", "ico", "ini", "ipynb", "jpeg", "jpg", "js", "json",
        "markdown", "md", "mdx", "mp4", "pdf", "png", "py", "rst", "sh", "svg", "toml", "ts", "txt", "webp", "xml",
        "yaml", "yml", "zip",
    ];
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    !path.contains('/') && ending.is_none_or(|ending| !FILES.contains(&ending.as_str()))
}

/// What a link means in a module of Antora, where pages and images are named from the module's folder for them, whatever
/// folder the document is in (its documentation, "Module directories").
fn in_module(inventory: &Inventory, document: &RelPath, path: &str) -> Option<RelPath> {
    let module = document.ancestors().find(|at| at.parent().name() == "modules")?;
    ["pages", "images", "attachments", "partials", "examples"]
        .iter()
        .find_map(|family| resolve(inventory, &module.join(family)?.join(path)?))
}

/// Whether a document has the heading or the named place that a fragment means.
fn has_anchor(document: &Document, fragment: &str) -> bool {
    // Without headings the reader did not understand the markup; line anchors and text fragments are the forge's.
    let name = document.place.path.extension().to_ascii_lowercase();
    let known = ["md", "markdown"].contains(&name.as_str());
    let line = fragment.strip_prefix('L').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
    if !known || document.headings.is_empty() || line || fragment.starts_with(":~:") || fragment == "top" {
        return true;
    }
    let wanted = fragment.trim_start_matches("user-content-").to_lowercase();
    document.headings.iter().any(|h| h.anchor.to_lowercase() == wanted)
        || document.anchors.iter().any(|name| name.to_lowercase() == wanted)
}
