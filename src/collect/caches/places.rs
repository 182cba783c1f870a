//! Where package managers keep their caches, and bounded reading of them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Largest file of a cache that is read: crates, tarballs and wheels beyond it seldom hold more than data.
const MOST_BYTES: u64 = 32 << 20;
/// How many entries of one folder are looked at.
const MOST_ENTRIES: usize = 50_000;

/// The caches of this user. A folder that is not there holds nothing.
#[derive(Debug, Default)]
pub struct Places {
    pub(super) cargo: PathBuf,
    pub(super) npm: PathBuf,
    pub(super) pip: PathBuf,
    pub(super) uv: PathBuf,
    pub(super) go: PathBuf,
    pub(super) maven: PathBuf,
    pub(super) gradle: PathBuf,
    pub(super) nuget: PathBuf,
    /// What pip and uv hold, by project and version; listed once, when it is first asked for.
    pub(super) wheels: OnceLock<BTreeMap<String, PathBuf>>,
}

impl Places {
    /// The caches that the environment names, else those at their usual places.
    pub fn of_environment() -> Self {
        Self::of(|name| std::env::var_os(name))
    }

    /// As [`Places::of_environment`], with `get` for the environment.
    pub fn of(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let stated = |names: &[&str]| names.iter().filter_map(|n| get(n)).find(|v| !v.is_empty()).map(PathBuf::from);
        let home = stated(&["HOME", "USERPROFILE"]).unwrap_or_default();
        let at_home = |path: &str| if home.as_os_str().is_empty() { PathBuf::new() } else { home.join(path) };
        let cache = stated(&["XDG_CACHE_HOME"]).unwrap_or_else(|| at_home(".cache"));
        let below = |path: &str| if cache.as_os_str().is_empty() { PathBuf::new() } else { cache.join(path) };
        let gopath = stated(&["GOPATH"]).unwrap_or_else(|| at_home("go"));
        Self {
            cargo: stated(&["CARGO_HOME"]).unwrap_or_else(|| at_home(".cargo")),
            npm: stated(&["npm_config_cache", "NPM_CONFIG_CACHE"]).unwrap_or_else(|| at_home(".npm")),
            pip: stated(&["PIP_CACHE_DIR"]).unwrap_or_else(|| below("pip")),
            uv: stated(&["UV_CACHE_DIR"]).unwrap_or_else(|| below("uv")),
            go: stated(&["GOMODCACHE"]).unwrap_or_else(|| gopath.join("pkg/mod")),
            maven: stated(&["MAVEN_REPO_LOCAL"]).unwrap_or_else(|| at_home(".m2/repository")),
            gradle: stated(&["GRADLE_USER_HOME"]).unwrap_or_else(|| at_home(".gradle")),
            nuget: stated(&["NUGET_PACKAGES"]).unwrap_or_else(|| at_home(".nuget/packages")),
            wheels: OnceLock::new(),
        }
    }
}

/// Whether a name that comes from the checkout may be a part of a path here: nothing that leads elsewhere.
pub(super) fn is_plain(part: &str) -> bool {
    !matches!(part, "" | "." | "..") && !part.contains(['/', '\\', '\0', ':']) && part.len() <= 255
}

/// What a file holds, when it is a regular one of a bearable size.
pub(super) fn read(path: &Path) -> Option<Vec<u8>> {
    let about = std::fs::metadata(path).ok()?;
    (about.is_file() && about.len() <= MOST_BYTES).then(|| std::fs::read(path).ok()).flatten()
}

/// The names in a folder, sorted.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.take(MOST_ENTRIES).filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_the_caches() {
        let of = |pairs: &[(&str, &str)]| {
            Places::of(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value)))
        };
        let usual = of(&[("HOME", "/h")]);
        assert_eq!(usual.cargo, Path::new("/h/.cargo"));
        assert_eq!(usual.go, Path::new("/h/go/pkg/mod"));
        assert_eq!(usual.pip, Path::new("/h/.cache/pip"));
        let stated = of(&[("HOME", "/h"), ("GOPATH", "/g"), ("XDG_CACHE_HOME", "/c"), ("CARGO_HOME", "/k")]);
        assert_eq!((stated.go.as_path(), stated.uv.as_path()), (Path::new("/g/pkg/mod"), Path::new("/c/uv")));
        assert_eq!(stated.cargo, Path::new("/k"));
        assert_eq!(of(&[]).npm, Path::new(""));
    }

    #[test]
    fn names_of_a_checkout_do_not_lead_out_of_a_cache() {
        assert!(is_plain("serde-1.0.0") && is_plain("org.example"));
        for no in ["..", "a/b", "", "c:x", "a\\b"] {
            assert!(!is_plain(no), "{no}");
        }
    }
}
