//! Files that describe the project in a machine-readable standard, kept as they are for the rules on each.

use super::{Collector, Hit, Interest, SourceFile, malformed, yaml};
use crate::model::{Evidence, Inventory, Metadata, Place, RelPath};

/// Reads descriptions.
pub struct Descriptions;

/// Standards by the names of their files, in lower case.
static KINDS: &[(&str, &[&str])] = &[
    ("publiccode", &["publiccode.yml", "publiccode.yaml"]),
    ("codemeta", &["codemeta.json"]),
    ("croissant", &["croissant.json", "metadata.croissant.json"]),
    ("security-insights", &["security-insights.yml", "security-insights.yaml"]),
    ("security-txt", &["security.txt"]),
    ("adapter", &["adapter_config.json"]),
    ("shard-index", &["model.safetensors.index.json", "pytorch_model.bin.index.json"]),
];

fn kind_of(name: &str, path: &RelPath) -> Option<&'static str> {
    if is_version(name, path) {
        return Some(Metadata::VERSION);
    }
    KINDS.iter().find(|(_, names)| names.contains(&name)).map(|(kind, _)| *kind)
}

/// Whether a file is named like one that holds the version of the project.
pub(super) fn is_version(name: &str, path: &RelPath) -> bool {
    path.depth() == 1 && matches!(name, "version" | "version.txt" | ".version")
}

impl Collector for Descriptions {
    fn id(&self) -> &'static str {
        "metadata"
    }

    fn summary(&self) -> &'static str {
        "Descriptions of the project and its data: publiccode.yml, codemeta.json, Croissant, security-insights.yml, security.txt, configurations of adapters, indexes of shards, the version of the project at the root"
    }

    fn interest(&self) -> Interest {
        Interest { names: |name: &str, path: &RelPath| kind_of(name, path).is_some(), ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        let Some(kind) = kind_of(file.name, file.path) else { return };
        let mut place = Place::file(file.path.clone());
        let value = if kind == "security-txt" {
            let Some((value, expires)) = security_txt(file) else { return };
            place = expires.unwrap_or(place);
            value
        } else if kind == Metadata::VERSION {
            let Some(version) = version(file.text()) else { return };
            serde_json::json!({ "version": version })
        } else if file.name.ends_with(".json") {
            match serde_json::from_str(file.text()) {
                Ok(value) => value,
                Err(e) => return out.push(malformed(file, Some(e.line() as u32), e)),
            }
        } else {
            match yaml::parse(file) {
                Ok(root) => json(&root),
                Err(evidence) => return out.push(*evidence),
            }
        };
        out.push(Evidence::Metadata(Box::new(Metadata { place, kind: kind.to_owned(), value })));
    }

    fn assemble(&self, inventory: &mut Inventory) {
        inventory.metadata.sort_by(|a, b| a.place.cmp(&b.place));
    }
}

/// The version that is all a text holds: dotted numbers, perhaps with a `v` before and a word of the release behind them.
fn version(text: &str) -> Option<&str> {
    /// Longer than any version that people write by hand.
    const MOST: usize = 64;
    let text = text.trim();
    let numbers = text.strip_prefix('v').unwrap_or(text);
    let (first, rest) = numbers.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_word = rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+~-".contains(&b));
    (text.len() <= MOST && digits(first) && rest.starts_with(|c: char| c.is_ascii_digit()) && is_word).then_some(text)
}

/// A YAML tree as JSON; the parser bounds its depth.
fn json(node: &yaml::Node<'_>) -> serde_json::Value {
    match &node.value {
        yaml::Value::Mapping(members) => {
            members.iter().map(|member| (member.key.to_string(), json(&member.node))).collect()
        }
        yaml::Value::Sequence(entries) => entries.iter().map(json).collect(),
        yaml::Value::Scalar(text, true) if matches!(text.as_ref(), "true" | "false") => (text == "true").into(),
        yaml::Value::Scalar(text, true) if matches!(text.as_ref(), "" | "null" | "~") => serde_json::Value::Null,
        yaml::Value::Scalar(text, _) => text.as_ref().into(),
    }
}

/// The fields of a security.txt (RFC 9116) by their names in lower case, each with all its values, and the place of
/// the first `Expires`. `None` for a document of this name that has none of the two fields which the standard
/// demands, unless it lies where the standard puts it.
fn security_txt(file: &SourceFile<'_>) -> Option<(serde_json::Value, Option<Place>)> {
    const FIELDS: &[&str] = &[
        "acknowledgments",
        "canonical",
        "contact",
        "csaf",
        "encryption",
        "expires",
        "hiring",
        "policy",
        "preferred-languages",
    ];
    /// More fields than any file of this kind has.
    const MOST: usize = 200;
    let mut fields = std::collections::BTreeMap::<&str, Vec<&str>>::new();
    let mut expires = None;
    let mut count = 0;
    for (number, line) in (1u32..).zip(file.text().lines()) {
        // What follows is the signature of the text, not the text.
        if line.starts_with("-----BEGIN PGP SIGNATURE") || count >= MOST {
            break;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let Some(name) = FIELDS.iter().find(|field| name.trim().eq_ignore_ascii_case(field)) else { continue };
        if *name == "expires" && expires.is_none() {
            expires = Some(file.place_of_line(number));
        }
        fields.entry(name).or_default().push(value.trim());
        count += 1;
    }
    let is_home = file.path.parent().name() == ".well-known";
    (is_home || fields.contains_key("contact") || fields.contains_key("expires"))
        .then(|| (serde_json::json!(fields), expires))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn reads_a_version_that_stands_alone() {
        assert_eq!(version("2.42.0\n"), Some("2.42.0"));
        assert_eq!(version(" v1.0-rc.1\r\n"), Some("v1.0-rc.1"));
        assert_eq!(version("1.2.3+build_5"), Some("1.2.3+build_5"));
    }

    #[test]
    fn leaves_what_is_no_version() {
        for text in ["", "5", "1.", ".5", "1.x y", "VERSION=1.2", "1.2\n1.3", "version 1.2", "1..2 beta", "a.1"] {
            assert_eq!(version(text), None, "{text:?}");
        }
        assert_eq!(version(&format!("1.{}", "0".repeat(70))), None);
    }
}
