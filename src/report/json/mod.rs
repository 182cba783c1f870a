//! The stable JSON report, and its JSON Schema.

mod schema;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use schemars::generate::SchemaSettings;

use self::schema as out;
use super::{Format, View};
use crate::model::{self, Place, RelPath, Report, SCHEMA_VERSION};

pub(super) const FORMAT: Format = Format {
    name: "json",
    summary: "Everything, as stable JSON for other programs; `openclause schema report` prints its schema.",
    extension: "json",
    render,
};

fn render(report: &Report, _: &View, out: &mut dyn Write) -> io::Result<()> {
    write(&root(report), out)
}

/// Writes a value as indented JSON, and a line end.
pub(super) fn write(value: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    // A report is written in millions of pieces: gathered here they need no call through a table each.
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// The JSON Schema (draft 2020-12) of the report.
pub fn json_schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<out::Root<'_>>().into()
}

/// The license and copyright evidence of every file, as the report shows it.
pub fn files_json(inventory: &model::Inventory) -> impl serde::Serialize {
    inventory.files.iter().map(file).collect::<Vec<_>>()
}

/// The licenses of every folder, as the report shows them.
pub fn folders_json(inventory: &model::Inventory) -> impl serde::Serialize {
    inventory.folders.iter().map(folder).collect::<Vec<_>>()
}

fn root(report: &Report) -> out::Root<'_> {
    let inventory = &report.inventory;
    let statistics = inventory.statistics;
    out::Root {
        schema_version: SCHEMA_VERSION,
        tool: out::Tool { name: report.tool.name, version: report.tool.version, home: report.tool.home },
        whole: inventory.whole,
        repository: inventory.repository.as_ref().map(repository),
        statistics: out::Statistics {
            files: statistics.files,
            text_files: statistics.text_files,
            binary_files: statistics.binary_files,
            bytes: statistics.bytes,
            licensed_files: statistics.licensed_files,
        },
        files: inventory
            .files
            .iter()
            .filter(|f| !f.licenses.is_empty() || !f.copyrights.is_empty())
            .map(file)
            .collect(),
        folders: inventory.folders.iter().map(folder).collect(),
        packages: inventory.packages.iter().map(package).collect(),
        manifests: inventory.manifests.iter().map(manifest).collect(),
        documents: inventory.documents.iter().map(document).collect(),
        models: inventory.models.iter().map(model_file).collect(),
        secrets: inventory.secrets.iter().filter(|s| s.allowed.is_none()).map(secret).collect(),
        findings: report.findings.iter().map(finding).collect(),
        verdicts: report.verdicts.iter().map(verdict).collect(),
        clauses: report.clauses.iter().map(clause).collect(),
        skipped: inventory.skipped.iter().map(skipped).collect(),
    }
}

fn repository(repository: &model::Repository) -> out::Repository<'_> {
    let head = repository.head.as_ref();
    let here = repository.tags.iter().filter(|tag| head.is_some_and(|head| head.id == tag.commit));
    out::Repository {
        commit: head.map(|head| head.id.as_str()),
        commit_time: head.map(|head| head.committer.time),
        branch: repository.branch.as_deref(),
        prefix: repository.prefix.as_str(),
        remote: repository.remote.as_deref(),
        tags: here.map(|tag| tag.name.as_str()).collect(),
        shallow: repository.shallow,
        unread: &repository.unread,
    }
}

/// The path as text; `.` for the root.
fn path(path: &RelPath) -> &str {
    if path.as_str().is_empty() { "." } else { path.as_str() }
}

fn span(place: &Place) -> out::Span {
    match &place.region {
        Some(region) => out::Span {
            start_line: region.start_line,
            end_line: region.end_line,
            start_column: Some(region.start_column),
            end_column: Some(region.end_column),
        },
        None => out::Span { start_line: 1, end_line: 1, start_column: None, end_column: None },
    }
}

/// The path of `place`, when it is not `own`.
fn from<'a>(place: &'a Place, own: &RelPath) -> Option<&'a str> {
    (place.path != *own).then(|| path(&place.path))
}

fn file(file: &model::FileRecord) -> out::File<'_> {
    out::File {
        path: path(&file.path),
        license: file.license.as_deref(),
        licenses: file.licenses.iter().map(|d| detection(d, &file.path)).collect(),
        copyrights: file
            .copyrights
            .iter()
            .map(|c| out::Copyright {
                statement: &c.statement,
                holder: &c.holder,
                line: c.place.start_line(),
                from: from(&c.place, &file.path),
            })
            .collect(),
    }
}

fn folder(folder: &model::Folder) -> out::Folder<'_> {
    out::Folder {
        path: path(&folder.path),
        declared: folder.declared.as_deref(),
        declared_by: folder.declared_by.as_ref().map(path),
        detected: folder.detected.as_deref(),
        licenses: folder
            .licenses
            .iter()
            .map(|(expression, files)| out::Share { expression, files: *files })
            .collect(),
        files: folder.files,
        licensed: folder.licensed,
        coverage: folder.coverage(),
    }
}

fn model_file(model: &model::ModelFile) -> out::ModelFile<'_> {
    out::ModelFile {
        path: path(&model.place.path),
        format: &model.format,
        safety: model.safety,
        reasons: &model.reasons,
    }
}

fn detection<'a>(detection: &'a model::Detection, own: &RelPath) -> out::Detection<'a> {
    let spans = |places: &[Place]| places.iter().map(span).collect();
    out::Detection {
        expression: &detection.expression,
        kind: detection.kind,
        span: span(&detection.place),
        score: detection.score,
        from: from(&detection.place, own),
        reason: &detection.reason,
        invalid: detection.invalid.as_deref(),
        snippet: detection.snippet,
        text: detection.text.as_ref().map(|text| out::TextMatch {
            nearest: &text.nearest,
            exact: text.exact,
            missing: &text.missing,
            added: spans(&text.added),
            placeholders: spans(&text.placeholders),
            riders: spans(&text.riders),
        }),
    }
}

fn package(package: &model::Package) -> out::Package<'_> {
    out::Package {
        purl: &package.purl,
        name: &package.name,
        version: &package.version,
        kind: package.kind.name(),
        scope: match package.scope {
            model::Scope::Runtime | model::Scope::Peer => out::Scope::Runtime,
            model::Scope::Optional => out::Scope::Optional,
            model::Scope::Build => out::Scope::Build,
            model::Scope::Dev | model::Scope::Test => out::Scope::Dev,
        },
        direct: package.direct,
        locked: package.locked,
        local: package.local,
        license: out::PackageLicense {
            declared: package.license.declared.as_deref(),
            concluded: package.license.concluded.as_deref(),
            source: package.license.source.as_deref(),
        },
        dependencies: &package.dependencies,
        features: &package.features,
        hashes: package.hashes.iter().map(|h| out::Hash { algorithm: &h.algorithm, value: &h.value }).collect(),
        resolved: package.resolved.as_deref(),
        origin: package.origin.iter().map(|p| out::Origin { path: path(&p.path), line: p.start_line() }).collect(),
    }
}

fn manifest(manifest: &model::Manifest) -> out::Manifest<'_> {
    out::Manifest {
        path: path(&manifest.place.path),
        ecosystem: manifest.ecosystem.as_str(),
        name: manifest.name.as_deref(),
        version: manifest.version.as_deref(),
        license: manifest.license.as_ref().map(|l| l.text.as_str()),
        license_file: manifest.license_file.as_ref().map(|(file, _)| path(file)),
        publishable: manifest.publishable,
    }
}

fn document(document: &model::Document) -> out::Document<'_> {
    out::Document {
        path: path(&document.place.path),
        role: document.role,
        language: &document.language,
        words: document.words,
    }
}

fn secret(secret: &model::Secret) -> out::Secret<'_> {
    out::Secret {
        kind: &secret.kind,
        path: path(&secret.place.path),
        span: span(&secret.place),
        confidence: secret.confidence,
        title: &secret.title,
        shown: &secret.shown,
        commit: secret.commit.as_deref(),
    }
}

fn finding(finding: &model::Finding) -> out::Finding<'_> {
    out::Finding {
        rule: &finding.rule,
        severity: finding.severity,
        subject: &finding.subject,
        message: &finding.message,
        help: &finding.help,
        path: path(&finding.place.path),
        span: span(&finding.place),
        fingerprint: &finding.fingerprint,
        state: finding.state,
        license: finding.license.as_deref(),
        justification: finding.justification.as_deref(),
        maps: &finding.maps,
        related: finding
            .related
            .iter()
            .map(|(place, message)| out::Related { path: path(&place.path), span: span(place), message })
            .collect(),
    }
}

fn verdict(verdict: &model::Verdict) -> out::Verdict<'_> {
    out::Verdict {
        rule: &verdict.rule,
        phrase: &verdict.phrase,
        verdict: verdict.verdict,
        reason: &verdict.reason,
        subjects: verdict.subjects,
        failed: verdict.failed,
    }
}

fn clause(clause: &model::ClauseSummary) -> out::Clause<'_> {
    out::Clause {
        phrase: &clause.phrase,
        title: &clause.title,
        pass: clause.pass,
        fail: clause.fail,
        not_applicable: clause.not_applicable,
        undecidable: clause.undecidable,
        worst: clause.worst,
    }
}

fn skipped(skipped: &model::Skipped) -> out::Skipped<'_> {
    out::Skipped { path: path(&skipped.path), reason: &skipped.reason, kind: skipped.kind, line: skipped.line }
}
