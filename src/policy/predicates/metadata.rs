//! Descriptions in machine-readable standards against the standard and the manifest.

use serde_json::Value;

use super::Predicate;
use crate::model::Metadata;
use crate::policy::evaluate::Context;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;

pub(super) const PUBLICCODE: Predicate = Predicate {
    name: "publiccode-invalid",
    about: "A publiccode.yml lacks keys that its standard demands, a codemeta.json is no CodeMeta, or either contradicts the root manifest.",
    on: SubjectKind::File,
    fields: &["problem"],
    params: &[],
    check: |context, judge| {
        for metadata in &context.scene.inventory.metadata {
            let problem = match metadata.kind.as_str() {
                "publiccode" => publiccode(metadata),
                "codemeta" => codemeta(metadata),
                _ => continue,
            };
            match problem.or_else(|| contradiction(context, metadata)) {
                None => judge.pass(),
                Some(problem) => judge.fail(
                    Failure::new(metadata.place.path.as_str(), metadata.place.clone()).with("problem", problem),
                ),
            }
        }
    },
};

/// What a publiccode.yml lacks (standard 0.4).
fn publiccode(metadata: &Metadata) -> Option<String> {
    const TEXTS: &[&[&str]] = &[
        &["publiccodeYmlVersion"],
        &["name"],
        &["url"],
        &["developmentStatus"],
        &["softwareType"],
        &["legal", "license"],
        &["maintenance", "type"],
    ];
    const STATUS: &[&str] = &["concept", "development", "beta", "stable", "obsolete"];
    const MAINTENANCE: &[&str] = &["internal", "contract", "community", "none"];
    if let Some(missing) = TEXTS.iter().find(|path| metadata.text(path).is_none()) {
        return Some(format!("`{}` is missing", missing.join(".")));
    }
    let value = &metadata.value;
    let platforms = value.get("platforms").and_then(Value::as_array);
    if platforms.is_none_or(Vec::is_empty) {
        return Some("`platforms` is missing".to_owned());
    }
    let described = value.get("description").and_then(Value::as_object).is_some_and(|languages| {
        languages
            .values()
            .any(|text| text.get("shortDescription").and_then(Value::as_str).is_some_and(|t| !t.is_empty()))
    });
    if !described {
        return Some("`description` has no language with a `shortDescription`".to_owned());
    }
    let one_of = |path: &[&str], allowed: &[&str]| {
        let text = metadata.text(path)?;
        (!allowed.contains(&text))
            .then(|| format!("`{}` is `{text}`; allowed are {}", path.join("."), allowed.join(", ")))
    };
    one_of(&["developmentStatus"], STATUS).or_else(|| one_of(&["maintenance", "type"], MAINTENANCE))
}

/// What is wrong with a codemeta.json (CodeMeta 2 and 3).
fn codemeta(metadata: &Metadata) -> Option<String> {
    let value = &metadata.value;
    if !value.get("@context").is_some_and(|context| context.to_string().contains("codemeta")) {
        return Some("`@context` names no version of CodeMeta".to_owned());
    }
    let kind = metadata.text(&["@type"]).or_else(|| metadata.text(&["type"]));
    if !matches!(kind, Some("SoftwareSourceCode" | "SoftwareApplication")) {
        return Some("`@type` is not SoftwareSourceCode".to_owned());
    }
    metadata.text(&["name"]).is_none().then(|| "`name` is missing".to_owned())
}

/// Where a description says another version or license than the root manifest.
fn contradiction(context: &Context<'_>, metadata: &Metadata) -> Option<String> {
    let root = context.scene.project.root()?;
    let manifest = root.manifests.first()?;
    let path = &manifest.place.path;
    let said = metadata.text(&["softwareVersion"]).or_else(|| metadata.text(&["version"]));
    if let (Some(said), Some(version)) = (said, manifest.version.as_deref())
        && said.trim_start_matches('v') != version
    {
        return Some(format!("it names the version {said}, and {path} {version}"));
    }
    let license = metadata.text(&["legal", "license"]).or_else(|| metadata.text(&["license"]));
    let license = license.map(|text| text.rsplit('/').next().unwrap_or(text));
    if let (Some(said), Some(declared)) = (license, manifest.license.as_ref())
        && let (Some(a), Some(b)) =
            (crate::policy::expression::parse(said), crate::policy::expression::parse(&declared.text))
        && a.to_string() != b.to_string()
    {
        return Some(format!("it names the license {said}, and {path} {}", declared.text));
    }
    None
}
