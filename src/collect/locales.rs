//! Texts of programs in several languages: which keys each file of translations has.

use std::collections::BTreeSet;

use super::{Collector, Hit, Interest, SourceFile, yaml};
use crate::model::{Evidence, Inventory, Locale, Place, RelPath};

/// Reads files of translations.
pub struct Locales;

/// Folders in which programs keep their translations.
const FOLDERS: &[&str] = &[
    "_locales",
    "i18n",
    "intl",
    "l10n",
    "lang",
    "langs",
    "language",
    "languages",
    "locale",
    "locales",
    "po",
    "translations",
];

/// How many keys of one file are kept.
const MOST_KEYS: usize = 50_000;

impl Collector for Locales {
    fn id(&self) -> &'static str {
        "locales"
    }

    fn summary(&self) -> &'static str {
        "Keys of translations: JSON, YAML, Java properties, gettext PO and ARB files named by their language"
    }

    fn interest(&self) -> Interest {
        Interest { names: |_, path| language_of(path).is_some(), ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        let Some((language, group)) = language_of(file.path) else { return };
        let mut keys = Keys::default();
        match file.path.extension() {
            "json" | "arb" => {
                let Ok(value) = serde_json::from_str(file.text()) else { return };
                keys.json("", &value);
            }
            "yml" | "yaml" => {
                let Ok(root) = yaml::parse(file) else { return };
                // Rails puts everything below the language.
                let root = root.get(&language).cloned().unwrap_or(root);
                keys.yaml("", &root);
            }
            "properties" => keys.properties(file.text()),
            _ => keys.po(file.text()),
        }
        let Keys { keys, empty } = keys;
        if keys.is_empty() {
            return;
        }
        let place = Place::file(file.path.clone());
        out.push(Evidence::Locale(Box::new(Locale { place, language, group, keys, empty })));
    }

    fn assemble(&self, inventory: &mut Inventory) {
        inventory.locales.sort_by(|a, b| a.place.cmp(&b.place));
    }
}

/// The language of a file of translations and its path without it: from the name (`locales/de.json`,
/// `messages_de.properties`) or from the folder (`locales/de/app.json`).
fn language_of(path: &RelPath) -> Option<(String, String)> {
    let extension = path.extension();
    if !matches!(extension, "json" | "yml" | "yaml" | "properties" | "po" | "arb") {
        return None;
    }
    let full = path.as_str();
    let parts: Vec<&str> = full.split('/').collect();
    let (name, folders) = parts.split_last()?;
    let at_home = folders.iter().any(|folder| FOLDERS.contains(&folder.to_ascii_lowercase().as_str()));
    let stem = name.strip_suffix(extension)?.strip_suffix('.')?;
    let without = |from: usize, length: usize| format!("{}*{}", &full[..from], &full[from + length..]);
    let name_at = full.len() - name.len();
    if at_home && is_language(stem) {
        return Some((stem.to_owned(), without(name_at, stem.len())));
    }
    // `app.de.json`, `messages_pt_BR.properties`.
    let is_bundle = at_home || matches!(extension, "properties" | "arb");
    for (at, _) in stem.match_indices(['_', '.', '-']) {
        let tail = &stem[at + 1..];
        if is_bundle && is_language(tail) && at > 0 {
            return Some((tail.to_owned(), without(name_at + at, tail.len() + 1)));
        }
    }
    let folder = folders.last()?;
    let is_below_home =
        folders.len() > 1 && FOLDERS.contains(&folders[folders.len() - 2].to_ascii_lowercase().as_str());
    if is_below_home && is_language(folder) {
        let at = name_at - folder.len() - 1;
        return Some((folder.to_string(), without(at, folder.len())));
    }
    // The texts that have no language in their name are those of the source language.
    (extension == "properties").then(|| (String::new(), without(name_at + stem.len(), 0)))
}

/// Whether a word is a language tag: two or three letters, perhaps with a script or region.
fn is_language(word: &str) -> bool {
    let mut parts = word.split(['-', '_', '@']);
    let first = parts.next().unwrap_or_default();
    let is_code = LANGUAGES.contains(&first);
    is_code && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// ISO 639-1 codes.
const LANGUAGES: &[&str] = &[
    "af", "am", "ar", "as", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "eo", "es", "et",
    "eu", "fa", "fi", "fil", "fr", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka",
    "kk", "km", "kn", "ko", "ku", "ky", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "nb", "ne", "nl", "nn",
    "no", "or", "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr",
    "ug", "uk", "ur", "uz", "vi", "zh", "zu",
];

#[derive(Default)]
struct Keys {
    keys: BTreeSet<String>,
    empty: BTreeSet<String>,
}

impl Keys {
    fn add(&mut self, key: String, text: &str) {
        if self.keys.len() + self.empty.len() < MOST_KEYS {
            let list = if text.is_empty() { &mut self.empty } else { &mut self.keys };
            list.insert(key);
        }
    }

    fn json(&mut self, above: &str, value: &serde_json::Value) {
        match value {
            serde_json::Value::Object(fields) => {
                for (key, value) in fields {
                    // ARB and Chrome keep notes for translators beside the texts.
                    let is_note = key == "description" && fields.contains_key("message") || key == "placeholders";
                    if !(is_note || key.starts_with('@')) {
                        self.json(&join(above, key), value);
                    }
                }
            }
            serde_json::Value::String(text) => self.add(plural(above), text),
            _ => self.add(plural(above), "-"),
        }
    }

    fn yaml(&mut self, above: &str, node: &yaml::Node<'_>) {
        if node.members().is_empty() {
            self.add(plural(above), node.text().unwrap_or("-"));
        }
        for member in node.members() {
            self.yaml(&join(above, &member.key), &member.node);
        }
    }

    fn properties(&mut self, text: &str) {
        let mut continued = false;
        for line in text.lines() {
            let was_continued = std::mem::replace(&mut continued, line.ends_with('\\'));
            let line = line.trim_start();
            if was_continued || line.is_empty() || line.starts_with(['#', '!']) {
                continue;
            }
            if let Some((key, value)) = line.split_once(['=', ':']) {
                self.add(key.trim().to_owned(), value.trim());
            }
        }
    }

    fn po(&mut self, text: &str) {
        let (mut id, mut translation) = (String::new(), String::new());
        // Whether the entry that is read, and the one that follows, are marked as guesses.
        let (mut in_id, mut fuzzy, mut next_is_fuzzy) = (false, false, false);
        for line in text.lines() {
            let line = line.trim();
            if line.starts_with("#,") && line.contains("fuzzy") {
                next_is_fuzzy = true;
            } else if let Some(rest) = line.strip_prefix("msgid ") {
                self.entry(&mut id, &mut translation, fuzzy);
                fuzzy = std::mem::take(&mut next_is_fuzzy);
                in_id = true;
                id = unquoted(rest).to_owned();
            } else if let Some(rest) = line.strip_prefix("msgstr") {
                in_id = false;
                translation.push_str(unquoted(rest.split_once(' ').map_or("", |(_, text)| text)));
            } else if line.starts_with("msgid_plural") {
                in_id = false;
            } else if line.starts_with('"') {
                let text = unquoted(line);
                if in_id { id.push_str(text) } else { translation.push_str(text) }
            }
        }
        self.entry(&mut id, &mut translation, fuzzy);
    }

    /// Takes one entry of gettext; the first one, without an id, describes the file.
    fn entry(&mut self, id: &mut String, translation: &mut String, fuzzy: bool) {
        let (id, translation) = (std::mem::take(id), std::mem::take(translation));
        if !id.is_empty() {
            self.add(id, if fuzzy { "" } else { &translation });
        }
    }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches('"')
}

fn join(above: &str, key: &str) -> String {
    if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") }
}

/// The key without the form of the plural, of which languages have different numbers.
fn plural(key: &str) -> String {
    const FORMS: &[&str] = &["zero", "one", "two", "few", "many", "other", "plural"];
    match key.rsplit_once(['.', '_']) {
        Some((rest, form)) if FORMS.contains(&form) => rest.to_owned(),
        _ => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_in_the_name_or_the_folder() {
        let of = |path: &str| language_of(&RelPath::new(path));
        let pair = |language: &str, group: &str| Some((language.to_owned(), group.to_owned()));
        assert_eq!(of("src/locales/pt-BR.json"), pair("pt-BR", "src/locales/*.json"));
        assert_eq!(of("app/locales/de/app.json"), pair("de", "app/locales/*/app.json"));
        assert_eq!(of("i18n/app.fr.yml"), pair("fr", "i18n/app*.yml"));
        assert_eq!(
            of("src/main/resources/messages_zh_CN.properties"),
            pair("zh_CN", "src/main/resources/messages*.properties")
        );
        assert_eq!(of("po/de.po"), pair("de", "po/*.po"));
        assert_eq!(of("src/de.json"), None);
        assert_eq!(of("locales/index.json"), None);
    }

    #[test]
    fn keys_are_told_from_texts_that_are_missing() {
        let mut keys = Keys::default();
        keys.json("", &serde_json::json!({"a": {"b": "x", "c": ""}, "n_one": "1", "n_other": "2", "@a": {"d": "e"}}));
        assert_eq!(keys.keys.iter().collect::<Vec<_>>(), ["a.b", "n"]);
        assert_eq!(keys.empty.iter().collect::<Vec<_>>(), ["a.c"]);
        let mut keys = Keys::default();
        keys.po("msgid \"\"\nmsgstr \"\"\n\"Language: de\\n\"\n\nmsgid \"yes\"\nmsgstr \"ja\"\n\n#, fuzzy\nmsgid \"no\"\nmsgstr \"nein\"\n\nmsgid \"\"\n\"long \"\n\"text\"\nmsgstr \"\"\n");
        assert_eq!(keys.keys.iter().collect::<Vec<_>>(), ["yes"]);
        assert_eq!(keys.empty.iter().collect::<Vec<_>>(), ["long text", "no"]);
        let mut keys = Keys::default();
        keys.properties("# note\na = x\nb:\nlong = a \\\n  c = d\n");
        assert_eq!(keys.keys.iter().collect::<Vec<_>>(), ["a", "long"]);
    }
}
