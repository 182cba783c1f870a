//! Answers of registries, kept in one file of the user's cache. It is safe to delete, and a broken one counts for none.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// How many days a license is kept, and how many that there is none.
const DAYS: (u64, u64) = (90, 1);
/// The largest file that is read, in bytes.
const MOST_BYTES: u64 = 64 << 20;
/// How many answers are kept.
const MOST_ANSWERS: usize = 200_000;

/// The answers by question.
pub(super) struct Store {
    file: Option<PathBuf>,
    answers: BTreeMap<String, Answer>,
    today: u64,
    changed: bool,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    /// The license as the registry states it.
    license: Option<String>,
    /// When it was asked, in days since 1970.
    day: u64,
}

/// The file in the folder that the environment names for caches.
pub fn usual_place(get: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let stated = |name: &str| get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = stated("XDG_CACHE_HOME")
        .or_else(|| stated("LOCALAPPDATA"))
        .or_else(|| stated("HOME").map(|home| home.join(".cache")))?;
    Some(folder.join("openclause").join("licenses.json"))
}

impl Store {
    /// What the file holds; nothing without one.
    pub(super) fn read(file: Option<PathBuf>) -> Self {
        let today = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
        let fits = |file: &PathBuf| fs::metadata(file).is_ok_and(|meta| meta.len() <= MOST_BYTES);
        let bytes = file.as_ref().filter(|file| fits(file)).and_then(|file| fs::read(file).ok()).unwrap_or_default();
        let mut answers: BTreeMap<String, Answer> = serde_json::from_slice(&bytes).unwrap_or_default();
        answers.retain(|_, answer| {
            let days = if answer.license.is_some() { DAYS.0 } else { DAYS.1 };
            answer.day <= today && today - answer.day < days
        });
        Self { file, answers, today, changed: false }
    }

    /// The license that was answered, or that there was none; `None` where nothing was asked yet.
    pub(super) fn get(&self, key: &str) -> Option<Option<String>> {
        self.answers.get(key).map(|answer| answer.license.clone())
    }

    /// Keeps an answer.
    pub(super) fn put(&mut self, key: String, license: Option<String>) {
        self.answers.insert(key, Answer { license, day: self.today });
        self.changed = true;
    }

    /// Writes what is new, whole or not at all; a cache that cannot be written only costs time.
    pub(super) fn write(mut self) {
        let Some(file) = self.file.take().filter(|_| self.changed) else { return };
        let mut days: Vec<u64> = self.answers.values().map(|answer| answer.day).collect();
        if days.len() > MOST_ANSWERS {
            days.sort_unstable_by(|a, b| b.cmp(a));
            let oldest = days[MOST_ANSWERS];
            self.answers.retain(|_, answer| answer.day > oldest);
        }
        let Ok(text) = serde_json::to_vec(&self.answers) else { return };
        let Some(folder) = file.parent() else { return };
        let new = file.with_extension(format!("{}.new", std::process::id()));
        if fs::create_dir_all(folder).is_ok() && (fs::write(&new, text).is_err() || fs::rename(&new, &file).is_err())
        {
            let _ = fs::remove_file(&new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_for_a_while() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/licenses.json");
        let mut store = Store::read(Some(file.clone()));
        assert_eq!(store.get("a"), None);
        store.put("a".to_owned(), Some("MIT".to_owned()));
        store.put("b".to_owned(), None);
        let today = store.today;
        let old = Answer { license: Some("MIT".to_owned()), day: today.saturating_sub(DAYS.0) };
        store.answers.insert("old".to_owned(), old);
        store.write();
        let store = Store::read(Some(file.clone()));
        assert_eq!(store.get("a"), Some(Some("MIT".to_owned())));
        assert_eq!(store.get("b"), Some(None));
        assert_eq!(store.get("old"), None);
        fs::write(&file, "{").unwrap();
        assert_eq!(Store::read(Some(file)).get("a"), None);
    }

    #[test]
    fn the_environment_names_the_cache() {
        let of = |pairs: &[(&str, &str)]| {
            usual_place(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value)))
        };
        assert_eq!(of(&[("HOME", "/h")]), Some(PathBuf::from("/h/.cache/openclause/licenses.json")));
        assert_eq!(
            of(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/c")]),
            Some(PathBuf::from("/c/openclause/licenses.json"))
        );
        assert_eq!(of(&[("HOME", "")]), None);
    }
}
