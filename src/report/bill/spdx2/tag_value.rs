//! SPDX 2.3 as tag-value.

use std::io::{self, Write};

use super::{DOCUMENT, Document};

/// Writes the document.
pub(super) fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut tags = Tags { out };
    tags.line("SPDXVersion", "SPDX-2.3")?;
    tags.line("DataLicense", "CC0-1.0")?;
    tags.line("SPDXID", DOCUMENT)?;
    tags.line("DocumentName", &document.name)?;
    tags.line("DocumentNamespace", &document.namespace)?;
    document.creators.iter().try_for_each(|creator| tags.line("Creator", creator))?;
    tags.line("Created", &document.created)?;
    if !document.comment.is_empty() {
        tags.text("CreatorComment", &document.comment)?;
    }
    for package in &document.packages {
        tags.section("Package", &package.id)?;
        tags.line("PackageName", &package.name)?;
        tags.line("SPDXID", &package.id)?;
        tags.optional("PackageVersion", package.version.as_deref())?;
        tags.optional("PackageFileName", package.file_name.as_deref())?;
        tags.line("PackageSupplier", &package.supplier)?;
        tags.line("PackageOriginator", &package.originator)?;
        tags.line("PackageDownloadLocation", &package.download)?;
        tags.optional("PrimaryPackagePurpose", package.purpose)?;
        tags.line("FilesAnalyzed", "false")?;
        package
            .checksums
            .iter()
            .try_for_each(|(algorithm, value)| tags.line("PackageChecksum", &format!("{algorithm}: {value}")))?;
        tags.optional("PackageHomePage", package.homepage.as_deref())?;
        package.source_info.as_ref().map_or(Ok(()), |info| tags.text("PackageSourceInfo", info))?;
        tags.line("PackageLicenseConcluded", &package.concluded)?;
        tags.line("PackageLicenseDeclared", &package.declared)?;
        package.license_comment.as_ref().map_or(Ok(()), |text| tags.text("PackageLicenseComments", text))?;
        if package.copyright == super::UNKNOWN {
            tags.line("PackageCopyrightText", &package.copyright)?;
        } else {
            tags.text("PackageCopyrightText", &package.copyright)?;
        }
        package.summary.as_ref().map_or(Ok(()), |text| tags.text("PackageSummary", text))?;
        package.comment.as_ref().map_or(Ok(()), |text| tags.text("PackageComment", text))?;
        package.references.iter().try_for_each(|(category, kind, locator)| {
            tags.line("ExternalRef", &format!("{category} {kind} {locator}"))
        })?;
    }
    if !document.relationships.is_empty() {
        tags.section("Relationships", "")?;
        document
            .relationships
            .iter()
            .try_for_each(|r| tags.line("Relationship", &format!("{} {} {}", r.from, r.kind, r.to)))?;
    }
    for license in &document.licenses {
        tags.section("License", &license.id)?;
        tags.line("LicenseID", &license.id)?;
        tags.text("ExtractedText", &license.text)?;
        tags.optional("LicenseName", license.name.as_deref())?;
    }
    Ok(())
}

struct Tags<'o> {
    out: &'o mut dyn Write,
}

impl Tags<'_> {
    /// A comment that parts sections.
    fn section(&mut self, kind: &str, name: &str) -> io::Result<()> {
        writeln!(self.out, "\n##### {kind} {name}", name = one_line(name))
    }

    /// A value of one line.
    fn line(&mut self, tag: &str, value: &str) -> io::Result<()> {
        writeln!(self.out, "{tag}: {}", one_line(value))
    }

    /// A value of one line, where there is one.
    fn optional(&mut self, tag: &str, value: Option<&str>) -> io::Result<()> {
        value.map_or(Ok(()), |value| self.line(tag, value))
    }

    /// A value that may have several lines. Nothing can be escaped in one, so its end mark must not occur.
    fn text(&mut self, tag: &str, value: &str) -> io::Result<()> {
        writeln!(self.out, "{tag}: <text>{}</text>", value.replace("</text>", "</ text>").replace("\r\n", "\n"))
    }
}

/// The text with white space and control characters folded, as a line must have it.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}
