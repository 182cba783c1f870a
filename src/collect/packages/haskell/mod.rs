//! Haskell: Cabal and Stack.

pub(super) mod cabal;
pub(super) mod freeze;
pub(super) mod stack;

const HACKAGE: &str = "hackage";

/// Name and version of `name-1.2.3`.
fn name_version(text: &str) -> Option<(&str, &str)> {
    let (name, version) = text.rsplit_once('-')?;
    let dotted = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (dotted && !name.is_empty()).then_some((name, version))
}
