//! Statements about vulnerabilities: OpenVEX, and the analyses of CycloneDX.

use crate::collect::SourceFile;
use crate::collect::json::Node;
use crate::model::VexStatement;

/// How many statements of one document are kept.
const MOST: usize = 10_000;

/// The statements of an OpenVEX document.
pub(super) fn openvex(root: &Node<'_>, file: &SourceFile<'_>) -> Vec<VexStatement> {
    let mut all = Vec::new();
    for node in root.get("statements").map_or(&[][..], Node::entries) {
        let vulnerability = node.get("vulnerability");
        let name = vulnerability.and_then(|v| v.text().or_else(|| v.text_of("name"))).unwrap_or_default();
        let status = node.text_of("status").unwrap_or_default();
        let time = ["last_updated", "timestamp"].iter().find_map(|key| node.text_of(key));
        let time = time.or_else(|| ["last_updated", "timestamp"].iter().find_map(|key| root.text_of(key)));
        for product in node.get("products").map_or(&[][..], Node::entries) {
            let id = |node: &Node<'_>| {
                let identifiers = node.get("identifiers").and_then(|i| i.text_of("purl"));
                identifiers.or_else(|| node.text().or_else(|| node.text_of("@id"))).map(str::to_owned)
            };
            // What is affected in a product is its component; the product stands for itself otherwise.
            let inner: Vec<String> =
                product.get("subcomponents").map_or(&[][..], Node::entries).iter().filter_map(id).collect();
            let subjects = if inner.is_empty() { id(product).into_iter().collect() } else { inner };
            for subject in subjects {
                if all.len() < MOST {
                    let mut made = statement(name, subject, status, time, node, file);
                    made.reason = reason(node, &["justification", "impact_statement", "action_statement"]);
                    all.push(made);
                }
            }
        }
    }
    all
}

/// The texts of these keys, joined.
fn reason(node: &Node<'_>, keys: &[&str]) -> Option<String> {
    let texts: Vec<&str> = keys.iter().filter_map(|key| node.text_of(key)).filter(|text| !text.is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join(": "))
}

/// The analyses of a CycloneDX document.
pub(super) fn cyclonedx(root: &Node<'_>, file: &SourceFile<'_>) -> Vec<VexStatement> {
    let mut all = Vec::new();
    for node in root.get("vulnerabilities").map_or(&[][..], Node::entries) {
        let Some(analysis) = node.get("analysis") else { continue };
        let name = node.text_of("id").unwrap_or_default();
        let status = match analysis.text_of("state").unwrap_or_default() {
            "in_triage" => "under_investigation",
            "exploitable" => "affected",
            "resolved" | "resolved_with_pedigree" => "fixed",
            "false_positive" | "not_affected" => "not_affected",
            other => other,
        };
        let time = ["lastUpdated", "firstIssued"].iter().find_map(|key| analysis.text_of(key));
        let time = time.or_else(|| root.get("metadata").and_then(|m| m.text_of("timestamp")));
        for affected in node.get("affects").map_or(&[][..], Node::entries) {
            if let Some(reference) = affected.text_of("ref").filter(|_| all.len() < MOST) {
                // A reference into another document names the component behind its `#`.
                let subject = reference.rsplit('#').next().unwrap_or(reference).to_owned();
                let mut made = statement(name, subject, status, time, node, file);
                made.reason = reason(analysis, &["justification", "detail"]);
                all.push(made);
            }
        }
    }
    all
}

fn statement(
    vulnerability: &str,
    subject: String,
    status: &str,
    time: Option<&str>,
    node: &Node<'_>,
    file: &SourceFile<'_>,
) -> VexStatement {
    VexStatement {
        vulnerability: vulnerability.to_owned(),
        subject,
        status: status.to_owned(),
        time: time.map(str::to_owned),
        reason: None,
        place: node.place(file),
    }
}
