//! Haskell: Cabal and Stack.

pub(super) mod cabal;
pub(super) mod freeze;
pub(super) mod hpack;
pub(super) mod stack;

const HACKAGE: &str = "hackage";

/// The range of a dependency (`>=4.7 && <5`, `^>= 2.0`) in the form that others write it in.
fn requirement(text: &str) -> String {
    let range = text.find(['<', '>', '=', '^']).map_or("", |start| &text[start..]);
    range.replace(" && ", ", ").replace("^>=", "^")
}

/// Name and version of `name-1.2.3`.
fn name_version(text: &str) -> Option<(&str, &str)> {
    let (name, version) = text.rsplit_once('-')?;
    let dotted = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (dotted && !name.is_empty()).then_some((name, version))
}
