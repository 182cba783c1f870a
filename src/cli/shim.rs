//! Stands in for formats that are not merged yet. To be deleted when they are.

use std::io::{self, Write};
use std::sync::LazyLock;

use openclause::model::Report;
use openclause::report;
pub(crate) use openclause::report::{Format, View};

fn short(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    report::find("short").map_or(Ok(()), |format| (format.render)(report, view, out))
}

fn bom(_: &Report, _: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{{ \"bomFormat\": \"CycloneDX\" }}")
}

pub(crate) static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(|| {
    let stand_ins = [
        Format { name: "human", summary: "For people at a terminal.", extension: "txt", render: short },
        Format { name: "markdown", summary: "For job summaries.", extension: "md", render: short },
        Format { name: "cyclonedx", summary: "A bill of materials.", extension: "cdx.json", render: bom },
    ];
    let missing = stand_ins.into_iter().filter(|f| report::find(f.name).is_none());
    report::FORMATS.iter().copied().chain(missing).collect()
});

pub(crate) fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.name == name)
}
