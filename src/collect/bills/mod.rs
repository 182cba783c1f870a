//! Bills of materials that lie in a checkout: CycloneDX (JSON, XML), SPDX 2 (JSON, tag-value), SPDX 3 (JSON-LD), and
//! statements about vulnerabilities (VEX).
//!
//! Every encoding is first brought into the shape of its JSON, with the places of its text, so that one reader per
//! standard fills the [`Bill`] and says where the document breaks its standard.

mod cyclonedx;
mod faults;
mod profiles;
mod spdx2;
mod spdx3;
mod tag_value;
mod vex;
mod xml_shape;

use super::{Collector, Hit, Interest, SourceFile, json, xml};
use crate::model::{BillDocument, Encoding, Evidence, FileKind, RelPath};
use faults::Faults;

/// Reads bills of materials and VEX documents.
pub struct Bills;

impl Collector for Bills {
    fn id(&self) -> &'static str {
        "bills"
    }

    fn summary(&self) -> &'static str {
        "Bills of materials in CycloneDX 1.2 to 1.7 and SPDX 2.2 to 3.0.1, and VEX documents (OpenVEX, CycloneDX), with what breaks their standards."
    }

    fn interest(&self) -> Interest {
        Interest { keywords: KEYWORDS, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        let Some(kind) = Kind::of(file.text()) else { return };
        match read_kind(file, kind) {
            Ok(Some(read)) => read.into_evidence(out),
            Ok(None) => {}
            Err(unread) => out.push(*unread),
        }
    }
}

/// Marks of which each document has one; every one of them is rare elsewhere.
const KEYWORDS: &[&str] = &[
    "\"bomformat\"",
    "cyclonedx.org/schema/bom/",
    "\"spdxversion\"",
    "spdxversion:",
    "spdx.org/rdf/3.",
    "openvex.dev/ns",
];

/// What a text seems to be, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Json,
    Xml,
    TagValue,
}

impl Kind {
    fn of(text: &str) -> Option<Self> {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        match start.bytes().next()? {
            b'{' => Some(Self::Json),
            b'<' => Some(Self::Xml),
            _ => start
                .lines()
                .take(40)
                .any(|line| line.starts_with("SPDXVersion:") && line.contains("SPDX-"))
                .then_some(Self::TagValue),
        }
    }
}

/// What one document gave.
struct Read {
    bill: Option<BillDocument>,
    vex: Vec<crate::model::VexStatement>,
}

impl Read {
    fn into_evidence(self, out: &mut Vec<Evidence>) {
        out.extend(self.bill.map(|bill| Evidence::Bill(Box::new(bill))));
        out.extend(self.vex.into_iter().map(|statement| Evidence::Vex(Box::new(statement))));
    }
}

/// Reads a document by itself, for conversion. `name` is what messages call it.
///
/// # Errors
/// Why it cannot be read, in one sentence.
pub fn read(name: &str, text: &str) -> Result<BillDocument, String> {
    let path = RelPath::new(name);
    let lower = path.name().to_lowercase();
    let kind = FileKind::Text(Encoding::Utf8);
    let file = SourceFile::text_file(&path, &lower, &kind, text);
    let found = Kind::of(text).map(|kind| read_kind(&file, kind));
    match found {
        Some(Ok(Some(Read { bill: Some(bill), .. }))) => Ok(bill),
        Some(Err(evidence)) => match *evidence {
            Evidence::Unread(skipped) => Err(match skipped.line {
                Some(line) => format!("line {line}: {}", skipped.reason),
                None => skipped.reason,
            }),
            _ => Err("it cannot be read".to_owned()),
        },
        _ => Err("it is no bill of materials in CycloneDX (JSON, XML) or SPDX (JSON, tag-value, JSON-LD)".to_owned()),
    }
}

fn read_kind(file: &SourceFile<'_>, kind: Kind) -> Result<Option<Read>, Box<Evidence>> {
    let mut faults = Faults::new(file);
    let (mut gaps, mut models) = (Faults::new(file), 0);
    let (standard, version, encoding, bill, vex) = match kind {
        Kind::Json => {
            // A schema or a program's text may hold the marks; a document holds them at its top.
            if !KEYWORDS.iter().any(|mark| contains_ignoring_case(file.text(), mark)) {
                return Ok(None);
            }
            let root = json::parse(file)?;
            let context = root.text_of("@context").unwrap_or_default();
            if root.text_of("bomFormat") == Some("CycloneDX") {
                let bill = cyclonedx::read(&root, &mut faults);
                models = profiles::cyclonedx(&root, &mut gaps);
                let version = root.text_of("specVersion").unwrap_or_default().to_owned();
                ("CycloneDX", version, "json", bill, vex::cyclonedx(&root, file))
            } else if let Some(version) = root.text_of("spdxVersion") {
                let bill = spdx2::read(&root, &mut faults);
                ("SPDX", version.trim_start_matches("SPDX-").to_owned(), "json", bill, Vec::new())
            } else if context.contains("spdx.org/rdf/3.") && root.get("@graph").is_some() {
                let (bill, version) = spdx3::read(&root, &mut faults);
                models = profiles::spdx3(&root, &version, &mut gaps);
                ("SPDX", version, "json-ld", bill, Vec::new())
            } else if context.contains("openvex.dev/ns") {
                return Ok(Some(Read { bill: None, vex: vex::openvex(&root, file) }));
            } else {
                return Ok(None);
            }
        }
        Kind::Xml => {
            if !file.text().contains("cyclonedx.org/schema/bom/") {
                return Ok(None);
            }
            let element = xml::parse(file)?;
            let Some(version) = xml_shape::version(&element) else { return Ok(None) };
            let root = xml_shape::document(&element, &version);
            let bill = cyclonedx::read(&root, &mut faults);
            models = profiles::cyclonedx(&root, &mut gaps);
            ("CycloneDX", version, "xml", bill, vex::cyclonedx(&root, file))
        }
        Kind::TagValue => {
            let root = tag_value::document(file.text(), &mut faults);
            let version = root.text_of("spdxVersion").unwrap_or_default().trim_start_matches("SPDX-").to_owned();
            ("SPDX", version, "tag-value", spdx2::read(&root, &mut faults), Vec::new())
        }
    };
    let document = BillDocument {
        path: file.path.clone(),
        standard: standard.to_owned(),
        version,
        encoding: encoding.to_owned(),
        bill,
        faults: faults.finish(),
        models,
        gaps: gaps.finish(),
    };
    Ok(Some(Read { bill: Some(document), vex }))
}

fn contains_ignoring_case(text: &str, lower: &str) -> bool {
    let lower = lower.as_bytes();
    let Some(&first) = lower.first() else { return true };
    let bytes = text.as_bytes();
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), bytes)
        .any(|at| bytes.get(at..at + lower.len()).is_some_and(|part| part.eq_ignore_ascii_case(lower)))
}

#[cfg(test)]
mod tests;
