//! Versions of runtimes that a workflow names, for an action that sets one up or in its matrix.

use std::collections::{HashMap, HashSet};

/// Keys that hold versions, and the ecosystem whose runtime they are of: in small letters, without what stands between
/// words, which services and authors of templates write as they like (`python-version`, `python.version`,
/// `pythonVersions`).
const KEYS: &[(&str, &[&str])] = &[
    ("npm", &["nodeversion", "nodeversions", "node", "nodejs"]),
    ("pypi", &["pythonversion", "pythonversions", "python"]),
    ("gem", &["rubyversion", "rubyversions", "ruby"]),
    ("composer", &["phpversion", "phpversions", "php"]),
];

/// Most versions that are read of one file.
const MOST: usize = 1000;

/// The ecosystem of a key that holds versions.
fn ecosystem(key: &str) -> Option<&'static str> {
    let key = key.trim().trim_matches(['"', '\'']);
    if key.len() > 20 {
        return None;
    }
    let key: String = key.chars().filter(|c| !"-_.".contains(*c)).map(|c| c.to_ascii_lowercase()).collect();
    KEYS.iter().find(|(_, keys)| keys.contains(&key.as_str())).map(|(ecosystem, _)| *ecosystem)
}

/// The key and the value of a line.
fn pair(line: &str) -> Option<(&str, &str)> {
    line.trim_start().trim_start_matches("- ").split_once(':')
}

/// The key of a matrix that an expression takes: `py` of `${{ matrix.py }}`.
fn key_of_matrix(value: &str) -> Option<&str> {
    let (_, name) = value.split_once("${{")?.1.split_once("matrix.")?;
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(name.len());
    Some(&name[..end])
}

/// Keys of matrices that an action takes its versions from, whatever they are called.
fn taken_from(text: &str) -> HashMap<&str, &'static str> {
    let taken = |line| {
        let (key, value) = pair(line)?;
        Some((key_of_matrix(value)?, ecosystem(key)?))
    };
    text.lines().filter_map(taken).collect()
}

/// Ecosystems and versions, in the order of the text. An expression stands for itself, unless it takes from a matrix whose
/// versions are written out.
pub(super) fn read(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let matrix = taken_from(text);
    // Keys whose values are written out.
    let mut written: HashSet<&str> = HashSet::new();
    if !matrix.is_empty() {
        let pairs = text.lines().filter_map(pair).filter(|(_, value)| !value.contains("${{"));
        written.extend(pairs.map(|(key, _)| key.trim()));
    }
    // The ecosystem whose list is open, and how far its key is indented.
    let mut open: Option<(&str, usize)> = None;
    for line in text.lines() {
        let bare = line.trim_start();
        let indent = line.len() - bare.len();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        if let Some((ecosystem, at)) = open {
            if indent >= at && bare.starts_with("- ") && !bare.contains(": ") {
                versions(ecosystem, &bare[2..], &mut out);
                continue;
            }
            if !bare.starts_with(']') && indent <= at {
                open = None;
            }
        }
        let Some((key, value)) = pair(bare) else { continue };
        let of_matrix = || matrix.get(key.trim()).copied();
        if let Some(ecosystem) = ecosystem(key).or_else(of_matrix) {
            if value.contains("${{") {
                if out.len() < MOST && !key_of_matrix(value).is_some_and(|name| written.contains(name)) {
                    out.push((ecosystem.to_owned(), value.trim().to_owned()));
                }
            } else if value.trim().is_empty() {
                open = Some((ecosystem, indent));
            } else {
                versions(ecosystem, value, &mut out);
            }
        }
    }
    out
}

/// The versions of a scalar or of a list on one line.
fn versions(ecosystem: &str, text: &str, out: &mut Vec<(String, String)>) {
    let text = text.split(" #").next().unwrap_or_default();
    for one in text.split([',', '[', ']']) {
        let one = one.trim().trim_matches(['"', '\'']);
        if !one.is_empty() && out.len() < MOST {
            out.push((ecosystem.to_owned(), one.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_and_lists_are_read() {
        let text = "matrix:\n  node: [18, '20']  # both\n  python-version:\n    - \"3.9\"\n    - 3.10\nwith:\n  node-version: ${{ matrix.node }}\n";
        let found = read(text);
        let words: Vec<String> = found.iter().map(|(e, v)| format!("{e} {v}")).collect();
        assert_eq!(words, ["npm 18", "npm 20", "pypi 3.9", "pypi 3.10"]);
        let named =
            "matrix:\n  py: ['3.10', \"3.11\"]\n  os: [a-1, b-2]\nwith:\n  python-version: ${{ matrix.py }}\n";
        let found: Vec<String> = read(named).into_iter().map(|(_, version)| version).collect();
        assert_eq!(found, ["3.10", "3.11"]);
        let elsewhere = "with:\n  python-version: ${{ fromJSON(needs.a.outputs.b) }}\n";
        assert_eq!(read(elsewhere), [("pypi".to_owned(), "${{ fromJSON(needs.a.outputs.b) }}".to_owned())]);
        let template = "parameters:\n  python_versions: [\"3.9\", \"3.13\"]\nvariables:\n  node.version: 20\n  python-versions-of-old: 2\n";
        let found: Vec<String> = read(template).iter().map(|(e, v)| format!("{e} {v}")).collect();
        assert_eq!(found, ["pypi 3.9", "pypi 3.13", "npm 20"]);
        let unwritten = "matrix:\n  include:\n    - {py: '3.10'}\nwith:\n  python-version: ${{ matrix.py }}\n";
        assert_eq!(read(unwritten), [("pypi".to_owned(), "${{ matrix.py }}".to_owned())]);
    }
}
