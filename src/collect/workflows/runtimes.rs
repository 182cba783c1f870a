//! Versions of runtimes that a workflow names, for an action that sets one up or in its matrix.

/// Keys that hold versions, and the ecosystem whose runtime they are of.
const KEYS: &[(&str, &[&str])] = &[
    ("npm", &["node-version", "node_version", "node-versions", "node"]),
    ("pypi", &["python-version", "python_version", "python-versions", "python"]),
    ("gem", &["ruby-version", "ruby"]),
    ("composer", &["php-version", "php-versions", "php"]),
];

/// Ecosystems and versions, in the order of the text. Expressions are left out: the matrix that they take from is read.
pub(super) fn read(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
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
        let Some((key, value)) = bare.trim_start_matches("- ").split_once(':') else { continue };
        let found = KEYS.iter().find(|(_, keys)| keys.contains(&key.trim().trim_matches(['"', '\''])));
        if let Some((ecosystem, _)) = found {
            if value.trim().is_empty() {
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
    if text.contains("${{") {
        return;
    }
    for one in text.split([',', '[', ']']) {
        let one = one.trim().trim_matches(['"', '\'']);
        if !one.is_empty() && out.len() < 1000 {
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
    }
}
