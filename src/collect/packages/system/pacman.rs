//! Pacman's `var/lib/pacman/local/*/desc`: one file for each installed package, fields headed by `%NAME%` (pacman's
//! `libalpm`, "local database").

use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::lines::lines;
use crate::collect::packages::purl::purl;
use crate::model::{Evidence, RelPath};

/// Whether the file is pacman's, by its folder.
pub(in crate::collect::packages) fn is_desc(path: &RelPath) -> bool {
    let database = path.parent().parent();
    path.name() == "desc" && database.name() == "local" && database.parent().name() == "pacman"
}

/// More licenses than any package states.
const MOST_LICENSES: usize = 100;

/// Reads the entry: edges need the entries of others, which are files of their own.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, "alpm");
    let (mut key, mut name, mut version, mut arch) = ("", None, "", "");
    let mut licenses = Vec::new();
    for (line, at) in lines(file.text()) {
        let line = line.trim();
        match key {
            _ if line.starts_with('%') && line.ends_with('%') => key = line,
            _ if line.is_empty() => {}
            "%NAME%" => name = Some((line, at)),
            "%VERSION%" => version = line,
            "%ARCH%" => arch = line,
            "%LICENSE%" if licenses.len() < MOST_LICENSES && !licenses.contains(&line) => licenses.push(line),
            _ => {}
        }
    }
    let Some((name, at)) = name.filter(|_| !version.is_empty()) else {
        return out.push(crate::collect::malformed(file, Some(1), "no `%NAME%` or no `%VERSION%`"));
    };
    let mut package = draft.package(name, version, at);
    package.purl = purl("alpm", &format!("arch/{name}"), version, &[("arch", arch)]);
    package.license = (!licenses.is_empty()).then(|| licenses.join(" AND "));
    draft.add(package);
    draft.finish(out);
}
