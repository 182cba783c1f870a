//! Bills of materials: built once from the report, and written by one file or folder per standard.
//!
//! [`of`] fills a [`Bill`], which no standard shapes; a [`Writer`] only writes it. What a checkout cannot tell is
//! declared unknown (`compositions` of CycloneDX, `NOASSERTION` and `completeness` of SPDX) and never guessed. The
//! same tree gives the same bytes: identifiers follow from the content (see [`identity`]), and time is that of
//! `SOURCE_DATE_EPOCH` or of the commit.

mod component;
mod cyclonedx;
mod graph;
mod identity;
mod license;
mod merge;
mod notice;
mod report_json;
mod root;
mod spdx2;
mod spdx3;
mod supplier;
mod xml;

use std::collections::HashSet;
use std::io::{self, Write};

use crate::model::{Bill, BillTool, Inventory, Report, Tool};

pub use merge::{keep, merge};
pub use report_json::read as read_report;
pub use root::party;

pub(super) use cyclonedx::{FORMAT as CYCLONEDX, FORMAT_1_7 as CYCLONEDX_1_7, XML_FORMAT as CYCLONEDX_XML};
pub(super) use notice::{FORMAT as NOTICE, HTML_FORMAT as NOTICE_HTML};
pub(super) use spdx2::{FORMAT as SPDX, TAG_VALUE_FORMAT as SPDX_TAG_VALUE};
pub(super) use spdx3::FORMAT as SPDX3;

/// Writes a bill in one format.
pub type WriteBill = fn(&Bill, &mut dyn Write) -> io::Result<()>;

/// The formats that a bill alone can be written in, by the names of [`super::FORMATS`].
pub static WRITERS: &[(&str, WriteBill)] = &[
    (CYCLONEDX.name, cyclonedx::write_1_6),
    (CYCLONEDX_1_7.name, cyclonedx::write_1_7),
    (CYCLONEDX_XML.name, cyclonedx::write_xml),
    (SPDX.name, spdx2::write_json),
    (SPDX_TAG_VALUE.name, spdx2::write_tag_value),
    (SPDX3.name, spdx3::write),
];

/// The formats that tell readers of a bill and cannot be read back.
static NOTICES: &[(&str, WriteBill)] = &[(NOTICE.name, notice::write_text), (NOTICE_HTML.name, notice::write_html)];

/// What writes a bill in the format called `name`; `None` for formats that hold more than a bill.
pub fn writer(name: &str) -> Option<WriteBill> {
    WRITERS.iter().chain(NOTICES).find(|(format, _)| *format == name).map(|(_, write)| *write)
}

/// The bill of materials of a report.
fn of(report: &Report) -> Bill {
    of_inventory(&report.inventory, &report.tool)
}

/// The bill of materials that `tool` makes of an inventory.
pub fn of_inventory(inventory: &Inventory, tool: &Tool) -> Bill {
    let mut components: Vec<_> = inventory.packages.iter().map(|p| component::of(p, inventory)).collect();
    let reference = root::complete(&root::find(inventory), inventory, &mut components);
    components.sort_by(|a, b| a.reference.cmp(&b.reference));
    graph::complete(&reference, &asked(inventory), &mut components);
    let name = components.iter().find(|c| c.reference == reference).map_or_else(String::new, |root| {
        root.version.as_ref().map_or_else(|| root.name.clone(), |version| format!("{}@{version}", root.name))
    });
    Bill {
        name,
        created: time(inventory),
        authors: Vec::new(),
        tools: vec![BillTool {
            name: tool.name.to_owned(),
            version: Some(tool.version.to_owned()),
            url: Some(tool.home.to_owned()),
        }],
        // A checkout is what a build starts from.
        lifecycles: vec!["pre-build".to_owned()],
        root: Some(reference),
        components,
        license_texts: Vec::new(),
    }
}

/// What is asked for, and by no package of the project: by a file that has no package of its own.
fn asked(inventory: &Inventory) -> Vec<&str> {
    let own = inventory.packages.iter().filter(|package| package.local);
    let by_own: HashSet<&str> = own.flat_map(|package| &package.dependencies).map(String::as_str).collect();
    let direct = inventory.packages.iter().filter(|package| package.direct).map(|package| package.purl.as_str());
    direct.filter(|purl| !by_own.contains(purl)).collect()
}

/// The time that `SOURCE_DATE_EPOCH` gives, else that of the commit which is checked out. The clock is never asked: it
/// would make every run differ.
fn time(inventory: &Inventory) -> Option<String> {
    let asked = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.trim().parse::<i64>().ok());
    let commit = || Some(inventory.repository.as_ref()?.head.as_ref()?.committer.time);
    jiff::Timestamp::from_second(asked.or_else(commit)?).ok().map(|time| time.to_string())
}
