//! Alpine's `lib/apk/db/installed`: one-letter fields (Alpine's wiki, "Apk spec").

use std::collections::HashMap;
use std::ops::Range;

use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::lines::lines;
use crate::collect::packages::purl::purl;
use crate::model::{Evidence, RelPath};

/// Whether the file is apk's, by its folder.
pub(in crate::collect::packages) fn is_installed(path: &RelPath) -> bool {
    path.name() == "installed" && path.parent().name() == "db" && path.parent().parent().name() == "apk"
}

/// Reads the database.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, "apk");
    let mut provided: HashMap<String, usize> = HashMap::new();
    let mut edges: Vec<(usize, String)> = Vec::new();
    let mut fields: Vec<(char, &str, Range<usize>)> = Vec::new();
    for (line, at) in lines(file.text()).chain([("", 0..0)]) {
        let mut letters = line.chars();
        if let (Some(letter), Some(':')) = (letters.next(), letters.next()) {
            fields.push((letter, letters.as_str(), at));
            continue;
        }
        if !line.is_empty() {
            continue;
        }
        let field = |letter: char| fields.iter().find(|(found, ..)| *found == letter);
        let text = |letter: char| field(letter).map(|(_, value, _)| *value);
        if let (Some((_, name, at)), Some(version)) = (field('P'), text('V')) {
            let mut package = draft.package(name, version, at.clone());
            let arch = text('A').unwrap_or_default();
            package.purl = purl("apk", &format!("alpine/{name}"), version, &[("arch", arch)]);
            package.license = text('L').map(str::to_owned);
            let index = draft.add(package);
            provided.insert((*name).to_owned(), index);
            for word in text('p').unwrap_or_default().split_whitespace() {
                provided.entry(bare(word).to_owned()).or_insert(index);
            }
            let words = text('D').unwrap_or_default().split_whitespace().filter(|word| !word.starts_with('!'));
            edges.extend(words.map(|word| (index, bare(word).to_owned())));
        }
        fields.clear();
    }
    for (from, name) in edges {
        let to = provided.get(&name).copied();
        draft.packages[from].dependencies.extend(to.filter(|to| *to != from));
    }
    draft.finish(out);
}

/// A name without its version: `so:libc.musl-x86_64.so.1=1`, `busybox>=1.36`.
fn bare(word: &str) -> &str {
    word.split(['=', '<', '>', '~']).next().unwrap_or(word)
}
