//! `Package.resolved`, versions 1 to 3, as Swift Package Manager writes it.

use super::{SWIFT, swift_name};
use crate::collect::SourceFile;
use crate::collect::packages::broken;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::json::{self, Node, Value};
use crate::collect::packages::purl::without_credentials;
use crate::model::Evidence;

/// Reads the lock file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let document = match json::parse(file) {
        Ok(document) => document,
        Err(note) => return out.push(*note),
    };
    let pins = document.get("pins").or_else(|| document.get("object")?.get("pins"));
    let Some(pins) = pins.filter(|n| matches!(n.value, Value::Array(_))) else {
        let line = file.line_at(document.at as usize);
        return out.push(*broken(file, Some(line), "no list `pins`"));
    };
    let mut draft = Draft::new(file, SWIFT);
    for pin in pins.entries() {
        let location = pin.get("location").or_else(|| pin.get("repositoryURL"));
        let identity = pin.text_of("identity").or_else(|| pin.text_of("package"));
        let state = pin.get("state");
        let of = |key: &str| state.and_then(|s| s.text_of(key));
        let Some((version, identity)) = of("version").or_else(|| of("revision")).zip(identity) else {
            draft.note(pin.at as usize, "a pin without version or revision");
            continue;
        };
        let place = location.unwrap_or(pin).place(file);
        let address = location.and_then(Node::text).unwrap_or_default();
        let remote = address.contains("://") || address.contains('@');
        // A registry's package goes by `scope.name`.
        let name = if remote { swift_name(address) } else { identity.replacen('.', "/", 1) };
        let mut package = draft.package(&name, version, 0..0);
        package.region = place.region;
        package.resolved = remote.then(|| format!("git+{}", without_credentials(address)));
        draft.add(package);
    }
    draft.finish(out);
}
