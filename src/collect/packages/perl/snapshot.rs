//! `cpanfile.snapshot`, which Carton writes: distributions with what they provide and require, by indentation.

use std::collections::HashMap;

use super::CPAN;
use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::lines::lines;
use crate::collect::packages::purl::purl;
use crate::model::Evidence;

/// Reads the lock file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, CPAN);
    let mut provided: HashMap<&str, usize> = HashMap::new();
    let mut edges: Vec<(usize, &str)> = Vec::new();
    let mut current = None;
    let mut part = "";
    for (line, at) in lines(file.text()) {
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match indent {
            2 => {
                let split = text.rsplit_once('-').filter(|(name, version)| !name.is_empty() && !version.is_empty());
                current = split.map(|(name, version)| {
                    let package = draft.package(name, version.trim_start_matches('v'), at.clone());
                    draft.add(package)
                });
                if current.is_none() {
                    draft.note(at.start, format!("`{text}` has no version"));
                }
                part = "";
            }
            4 => {
                part = text.trim_end_matches(':');
                if let (Some(index), Some(path)) = (current, text.strip_prefix("pathname:")) {
                    let path = path.trim();
                    // `A/AU/AUTHOR/Name-1.0.tar.gz`: the author is the namespace of the distribution.
                    let author = path.split('/').nth(2).unwrap_or_default();
                    let package = &mut draft.packages[index];
                    package.purl = purl(CPAN, &format!("{author}/{}", package.name), &package.version, &[]);
                    package.resolved = Some(format!("https://cpan.metacpan.org/authors/id/{path}"));
                }
            }
            6 => {
                let module = text.split_whitespace().next().unwrap_or_default();
                match (part, current) {
                    ("provides", Some(index)) => {
                        provided.entry(module).or_insert(index);
                    }
                    ("requirements", Some(index)) => edges.push((index, module)),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    for (from, module) in edges {
        let to = provided.get(module).copied();
        draft.packages[from].dependencies.extend(to.filter(|to| *to != from));
    }
    draft.finish(out);
}
