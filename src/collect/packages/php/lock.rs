//! `composer.lock` and `vendor/composer/installed.json`: exact packages with licenses, sources and requirements.

use std::collections::{BTreeSet, HashMap};

use super::{COMPOSER, is_platform, license};
use crate::collect::SourceFile;
use crate::collect::packages::broken;
use crate::collect::packages::draft::{Draft, hex_hash};
use crate::collect::packages::json::{self, Node, Value};
use crate::collect::packages::purl::without_credentials;
use crate::model::{Evidence, Scope};

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let line = |node: &Node<'_>| Some(file.line_at(node.at as usize));
    let installed = file.name == "installed.json";
    // Composer 1 wrote the installed packages as a list.
    let list = match &document.value {
        Value::Array(_) if installed => Some(&document),
        Value::Object(_) => document.get("packages"),
        _ => return out.push(*broken(file, line(&document), format!("{} where an object belongs", document.kind()))),
    };
    let names = |key: &str| -> BTreeSet<&str> {
        document.get(key).map(|n| n.entries().iter().filter_map(Node::text).collect()).unwrap_or_default()
    };
    let dev_names = names("dev-package-names");
    let mut reader = Reader { draft: Draft::new(file, COMPOSER), edges: Vec::new(), provided: HashMap::new() };
    for (list, dev) in [(list, false), (document.get("packages-dev"), true)] {
        let Some(list) = list else { continue };
        if !matches!(list.value, Value::Array(_)) {
            return out.push(*broken(file, line(list), format!("the list of packages is {}", list.kind())));
        }
        for package in list.entries() {
            let dev = dev || package.text_of("name").is_some_and(|name| dev_names.contains(name));
            reader.package(package, dev);
        }
    }
    reader.finish(out);
}

struct Reader<'f, 't, 'n> {
    draft: Draft<'f, 't>,
    edges: Vec<(usize, &'n str)>,
    /// Virtual packages by name, and who stands in for them.
    provided: HashMap<&'n str, usize>,
}

impl<'n> Reader<'_, '_, 'n> {
    fn package(&mut self, node: &'n Node<'n>, dev: bool) {
        let (Some(name), Some(version)) = (node.text_of("name"), node.text_of("version")) else {
            return self.draft.note(node.at as usize, "a package without a text `name` or `version`");
        };
        let at = node.get("name").map_or(0..0, |n| n.at as usize..n.at as usize + name.len() + 2);
        let mut package = self.draft.package(name, version, at);
        package.scope = Some(if dev { Scope::Dev } else { Scope::Runtime });
        package.license = node.get("license").and_then(license);
        let dist = node.get("dist");
        let address = dist.and_then(|d| d.text_of("url")).or_else(|| node.get("source")?.text_of("url"));
        package.resolved = address.map(|url| without_credentials(url).into_owned());
        package.hashes.extend(dist.and_then(|d| hex_hash("SHA-1", d.text_of("shasum")?)));
        // A folder of the checkout that Composer links in.
        if dist.is_some_and(|d| d.text_of("type") == Some("path")) {
            package.local = true;
            package.folder = dist.and_then(|d| d.text_of("url")).map(str::to_owned);
            package.scope = None;
        }
        let index = self.draft.add(package);
        for key in ["replace", "provide"] {
            for member in node.get(key).map_or(&[][..], Node::members) {
                self.provided.entry(&member.key).or_insert(index);
            }
        }
        let requires = node.get("require").map_or(&[][..], Node::members);
        self.edges.extend(requires.iter().filter(|m| !is_platform(&m.key)).map(|m| (index, &*m.key)));
    }

    fn finish(mut self, out: &mut Vec<Evidence>) {
        let names = self.draft.by_name();
        for (from, name) in self.edges {
            let to = names.get(name).or_else(|| self.provided.get(name)).copied();
            self.draft.packages[from].dependencies.extend(to.filter(|to| *to != from));
        }
        self.draft.finish(out);
    }
}
