//! Go's module cache: `<module>@<version>/`, capital letters written as `!` and the small one (Go modules reference,
//! "Module cache"). Go has no field for licenses; the texts tell.

use std::path::Path;

use super::{Copy, is_license_name, places};
use crate::model::Ecosystem;

pub(super) fn find(cache: &Path, module: &str, version: &str) -> Option<Copy> {
    if cache.as_os_str().is_empty() || !module.split('/').all(places::is_plain) || !places::is_plain(version) {
        return None;
    }
    let folder = cache.join(format!("{}@{}", escaped(module), escaped(version)));
    let mut copy = Copy::default();
    for file in places::names(&folder).into_iter().filter(|file| is_license_name(file)) {
        copy.license_text(&file, &places::read(&folder.join(&file)).unwrap_or_default());
    }
    copy.of(&Ecosystem::of("golang"), module, version)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_uppercase() {
            out.push('!');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
