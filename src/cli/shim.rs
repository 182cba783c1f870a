//! Stands in for the library until the pipeline and the reports are merged. To be deleted then.
#![allow(dead_code, reason = "a stand-in")]

use std::io::{self, Write};
use std::path::PathBuf;

use openclause::model::{Packs, Report, Severity, Tool};
use openclause::{collect, walk};

pub(crate) struct Format {
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) extension: &'static str,
    pub(crate) render: fn(&Report, &View, &mut dyn Write) -> io::Result<()>,
}

#[derive(Clone)]
pub(crate) struct View {
    pub(crate) width: usize,
    pub(crate) color: bool,
    pub(crate) unicode: bool,
    pub(crate) hyperlinks: bool,
    pub(crate) root: Option<PathBuf>,
    pub(crate) min_severity: Severity,
    pub(crate) show_suppressed: bool,
    pub(crate) verbose: u8,
}

fn human(report: &Report, _: &View, out: &mut dyn Write) -> io::Result<()> {
    for file in &report.inventory.files {
        writeln!(out, "{}", file.path)?;
    }
    Ok(())
}

fn json(report: &Report, _: &View, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &report.inventory).map_err(io::Error::from)?;
    writeln!(out)
}

pub(crate) static FORMATS: &[Format] = &[
    Format { name: "human", summary: "for people at a terminal", extension: "txt", render: human },
    Format { name: "json", summary: "everything, for programs", extension: "json", render: json },
    Format { name: "sarif", summary: "code scanning", extension: "sarif", render: json },
    Format { name: "markdown", summary: "job summaries", extension: "md", render: human },
    Format { name: "cyclonedx", summary: "bill of materials", extension: "cdx.json", render: json },
];

pub(crate) enum ConfigSource {
    Discover,
    File(PathBuf),
    None,
}

pub(crate) struct ScanRequest {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) files_from: Option<Vec<PathBuf>>,
    pub(crate) exclude: Vec<String>,
    pub(crate) no_ignore: bool,
    pub(crate) max_file_size: u64,
    pub(crate) threads: usize,
    pub(crate) config: ConfigSource,
    pub(crate) packs: Vec<String>,
    pub(crate) set: Vec<(String, String)>,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) resolve_cargo: bool,
}

pub(crate) enum Progress {
    Listed(u64),
    Read(u64),
}

pub(crate) fn scan(request: &ScanRequest, progress: &(dyn Fn(Progress) + Sync)) -> miette::Result<Report> {
    let given = request.files_from.as_ref().unwrap_or(&request.paths);
    let roots = walk::Roots::find(given)?;
    let limits = walk::Limits { file_size: request.max_file_size, ..walk::Limits::default() };
    let options = walk::Options {
        exclude: request.exclude.clone(),
        no_ignore: request.no_ignore,
        threads: request.threads,
        limits,
    };
    let walked = walk::walk(&roots, &options)?;
    progress(Progress::Listed(walked.entries.len() as u64));
    let options = collect::Options { limits, ..collect::Options::default() };
    let inventory = collect::collect(walked, &options, &|n| progress(Progress::Read(n)));
    Ok(Report {
        tool: Tool { name: "openclause", version: env!("CARGO_PKG_VERSION"), home: "" },
        inventory,
        findings: Vec::new(),
        verdicts: Vec::new(),
        clauses: Vec::new(),
        packs: Packs::default(),
    })
}

pub(crate) fn rules(_: &[String], _: &ConfigSource) -> miette::Result<Packs> {
    Ok(Packs::default())
}
