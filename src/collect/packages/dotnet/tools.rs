//! `dotnet-tools.json` (.NET documentation, "local tools"): the tools that `dotnet tool restore` installs.

use super::NUGET;
use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::json::{self, Node};
use crate::model::{Evidence, Scope};

/// Reads the file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let mut draft = Draft::new(file, NUGET);
    for member in document.get("tools").map_or(&[][..], Node::members) {
        let Some(version) = member.node.text_of("version") else {
            draft.note(member.key_at as usize, format!("the tool `{}` has no version", member.key));
            continue;
        };
        let mut package = draft.package(&member.key, version, member.key_range(file));
        package.scope = Some(Scope::Dev);
        package.direct = Some(true);
        draft.add(package);
    }
    draft.finish(out);
}
