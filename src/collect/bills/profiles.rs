//! What bills of materials lack of the values that are mandatory for models and datasets.
//!
//! SPDX 3.0.1 restricts `ai_AIPackage` and `dataset_DatasetPackage` (model, External properties restrictions), and its
//! profiles ask for exactly one concluded and one declared license of each (Profile conformance). From 3.1 on only the
//! purpose, and for datasets their kind, is mandatory. CycloneDX 1.5 to 1.7 makes nothing of a model mandatory; a
//! component of the type `machine-learning-model` is asked for what the two have in common, and for its card.

use std::collections::BTreeMap;

use super::faults::Faults;
use crate::collect::json::{Node, Value};

/// A value that is mandatory: its key, and whether SPDX 3.1 asks for it still.
type Wanted = (&'static str, bool);

const MODEL: &[Wanted] = &[
    ("suppliedBy", false),
    ("software_downloadLocation", false),
    ("software_packageVersion", false),
    ("software_primaryPurpose", true),
    ("releaseTime", false),
];
const DATASET: &[Wanted] = &[
    ("dataset_datasetType", true),
    ("builtTime", false),
    ("originatedBy", false),
    ("releaseTime", false),
    ("software_downloadLocation", false),
    ("software_primaryPurpose", true),
];

/// Deepest nesting of CycloneDX components that is followed.
const DEEPEST: usize = 32;

/// Whether a value says something.
fn is_said(value: Option<&Node<'_>>) -> bool {
    match value.map(|node| &node.value) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(entries)) => !entries.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::Bool(_) | Value::Number(_)) => true,
    }
}

/// Notes what the packages for models and datasets of an SPDX 3 document lack. Gives how many there are of them.
pub(super) fn spdx3(root: &Node<'_>, version: &str, gaps: &mut Faults<'_, '_>) -> u32 {
    let elements = root.get("@graph").map_or(&[][..], Node::entries);
    let mut licenses: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for relationship in elements {
        let kind = relationship.text_of("relationshipType").unwrap_or_default();
        if matches!(kind, "hasConcludedLicense" | "hasDeclaredLicense") {
            *licenses.entry((relationship.text_of("from").unwrap_or_default(), kind)).or_default() += 1;
        }
    }
    let is_relaxed = !version.starts_with("3.0");
    let mut judged = 0;
    for element in elements {
        let (what, wanted) = match element.text_of("type") {
            Some("ai_AIPackage") => ("the model", MODEL),
            Some("dataset_DatasetPackage") => ("the dataset", DATASET),
            _ => continue,
        };
        judged += 1;
        let name = element.text_of("name").or_else(|| element.text_of("spdxId")).unwrap_or("without a name");
        let at = element.get("name").or_else(|| element.get("spdxId")).unwrap_or(element);
        for (key, _) in wanted.iter().filter(|(key, stays)| (*stays || !is_relaxed) && !is_said(element.get(key))) {
            gaps.add(at, format!("{what} {name} lacks `{key}`"));
        }
        let id = element.text_of("spdxId").unwrap_or_default();
        for kind in ["hasConcludedLicense", "hasDeclaredLicense"] {
            match licenses.get(&(id, kind)).copied().unwrap_or(0) {
                1 => {}
                _ if is_relaxed => {}
                0 => gaps.add(at, format!("{what} {name} has no relationship `{kind}`")),
                n => gaps
                    .add(at, format!("{what} {name} has {n} relationships `{kind}`, and exactly one is asked for")),
            }
        }
    }
    judged
}

/// Notes what the models of a CycloneDX document lack. Gives how many there are of them.
pub(super) fn cyclonedx(root: &Node<'_>, gaps: &mut Faults<'_, '_>) -> u32 {
    let subject = root.get("metadata").and_then(|m| m.get("component"));
    let listed = root.get("components").map_or(&[][..], Node::entries);
    let mut open: Vec<(&Node<'_>, usize)> = subject.into_iter().chain(listed).map(|node| (node, 0)).collect();
    let mut judged = 0;
    while let Some((component, depth)) = open.pop() {
        if depth < DEEPEST {
            let parts = component.get("components").map_or(&[][..], Node::entries);
            open.extend(parts.iter().map(|part| (part, depth + 1)));
        }
        if component.text_of("type") != Some("machine-learning-model") {
            continue;
        }
        judged += 1;
        let at = component.get("name").unwrap_or(component);
        let name = component.text_of("name").unwrap_or("without a name");
        let has = |keys: &[&str]| keys.iter().any(|key| is_said(component.get(key)));
        for (keys, what) in [
            (&["version"][..], "`version`"),
            (&["supplier", "manufacturer", "publisher", "authors", "author"], "`supplier`"),
            (&["licenses"], "`licenses`"),
            (&["modelCard"], "`modelCard`"),
        ] {
            if !has(keys) {
                gaps.add(at, format!("the model {name} lacks {what}"));
            }
        }
    }
    judged
}

#[cfg(test)]
mod tests {
    fn gaps(text: &str) -> (u32, Vec<String>) {
        let document = super::super::read("bill.json", text).unwrap();
        (document.models, document.gaps.into_iter().map(|gap| gap.reason).collect())
    }

    fn spdx(version: &str, package: &str) -> (u32, Vec<String>) {
        gaps(&format!(
            r#"{{"@context": "https://spdx.org/rdf/{version}/spdx-context.jsonld", "@graph": [
                {{"type": "CreationInfo", "@id": "_:c", "specVersion": "{version}", "created": "2025-01-01T00:00:00Z",
                  "createdBy": ["https://example.org/o"]}},
                {{"spdxId": "https://example.org/m", "creationInfo": "_:c", "name": "m", {package}}}]}}"#
        ))
    }

    /// SPDX 3.0.1, AIPackage and DatasetPackage, "External properties restrictions"; 3.1 keeps the purpose, and the kind
    /// of datasets.
    #[test]
    fn what_spdx_asks_for_depends_on_its_version() {
        let model =
            r#""type": "ai_AIPackage", "software_packageVersion": "1", "suppliedBy": "https://example.org/o""#;
        let (models, found) = spdx("3.0.1", model);
        assert_eq!((models, found.len()), (1, 5), "{found:?}");
        assert!(found.contains(&"the model m lacks `releaseTime`".to_owned()));
        assert!(found.contains(&"the model m has no relationship `hasDeclaredLicense`".to_owned()));
        assert_eq!(spdx("3.1.0", model).1, ["the model m lacks `software_primaryPurpose`"]);
        let (_, found) = spdx("3.1.0", r#""type": "dataset_DatasetPackage", "dataset_datasetType": []"#);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(spdx("3.0.1", r#""type": "software_Package""#), (0, Vec::new()));
    }

    #[test]
    fn models_in_cyclonedx_want_a_card() {
        let (models, found) = gaps(
            r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [
                {"type": "application", "name": "a", "version": "1", "components": [
                    {"type": "machine-learning-model", "name": "m", "version": "2",
                     "authors": [{"name": "A"}], "licenses": [{"license": {"id": "MIT"}}]}]}]}"#,
        );
        assert_eq!((models, found), (1, vec!["the model m lacks `modelCard`".to_owned()]));
    }
}
