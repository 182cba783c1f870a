//! What the parts of a scan cost: `cargo bench`. For a whole scan see `against-rg`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark that cannot go on has failed"
)]

use std::path::Path;

use divan::{Bencher, counter::BytesCount, counter::ItemsCount};
use openclause::collect::{self, COLLECTORS, Prefilter, SourceFile};
use openclause::config::Config;
use openclause::model::{Encoding, FileKind, Inventory, RelPath};
use openclause::policy::{self, Policy, Terms};
use openclause::report::{FORMATS, View};
use openclause::walk::{self, Roots};
use openclause::{ConfigSource, ScanRequest};

fn main() {
    divan::main();
}

/// Source code without any word that a collector asks for: what most of a checkout looks like.
const PLAIN: &str = "    let total = items.iter().map(|item| item.price * item.count).sum::<u64>();\n";

const HEADER: &str = "// SPDX-FileCopyrightText: 2024 Jane Doe <jane@example.org>\n// SPDX-License-Identifier: MIT OR Apache-2.0\n\nfn main() {}\n";

fn tree(files: &[(&str, String)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

fn gather(root: &Path) -> Inventory {
    let roots = Roots::find(&[root.to_path_buf()]).unwrap();
    let walked = walk::walk(&roots, &walk::Options::default()).unwrap();
    collect::collect(walked, &collect::Options::default(), &|_| {})
}

/// The automaton is built at every start.
#[divan::bench]
fn build_prefilter() -> Prefilter {
    Prefilter::new(COLLECTORS)
}

/// Reading and one prefilter pass: 16 MiB in which nobody is interested.
#[divan::bench]
fn read_plain_source(bencher: Bencher<'_, '_>) {
    let text = PLAIN.repeat((16 << 20) / PLAIN.len());
    let size = text.len();
    let dir = tree(&[("plain.rs", text)]);
    bencher.counter(BytesCount::new(size)).bench(|| gather(dir.path()));
}

/// A thousand files with a header of two tags each.
#[divan::bench]
fn read_tagged_files(bencher: Bencher<'_, '_>) {
    let files: Vec<(String, String)> =
        (0..1000).map(|n| (format!("src/{}/{n}.rs", n % 10), format!("{HEADER}{}", PLAIN.repeat(50)))).collect();
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    let dir = tree(&files);
    bencher.counter(ItemsCount::new(1000_usize)).bench(|| gather(dir.path()));
}

/// A thousand regions of one file of a megabyte.
#[divan::bench]
fn build_regions(bencher: Bencher<'_, '_>) {
    let text = PLAIN.repeat((1 << 20) / PLAIN.len());
    let path = RelPath::new("plain.rs");
    let kind = FileKind::Text(Encoding::Utf8);
    bencher.counter(ItemsCount::new(1000_usize)).bench(|| {
        let file = SourceFile::text_file(&path, "plain.rs", &kind, &text);
        (0..1000).map(|n| file.region(n * 1000..n * 1000 + 60).end_column).sum::<u32>()
    });
}

/// The text of Apache-2.0 as a whole.
#[divan::bench]
fn detect_license_text(bencher: Bencher<'_, '_>) {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE")).unwrap();
    let path = RelPath::new("LICENSE");
    let kind = FileKind::Text(Encoding::Utf8);
    bencher.counter(BytesCount::new(text.len())).bench(|| {
        let file = SourceFile::text_file(&path, "license", &kind, &text);
        collect::license::detect(&file)
    });
}

#[divan::bench]
fn load_packs() -> Policy {
    Policy::load(&[], Vec::new(), &Config::default(), &[]).unwrap()
}

/// How many components a large project has: a service, and a repository of many products.
const COMPONENTS: [usize; 2] = [2_000, 20_000];

/// A project of so many components, each of which needs two more, and 2,000 files, a quarter of them without a license.
fn large_project(components: usize) -> tempfile::TempDir {
    let mut lock = String::from("version = 4\n");
    for n in 0..components {
        lock.push_str(&format!(
            "\n[[package]]\nname = \"crate-{n}\"\nversion = \"1.{n}.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{n:064x}\"\n"
        ));
        let needs: Vec<String> =
            [2 * n + 1, 2 * n + 2].iter().filter(|m| **m < components).map(|m| format!("\"crate-{m}\"")).collect();
        lock.push_str(&format!("dependencies = [{}]\n", needs.join(", ")));
    }
    let manifest =
        "[package]\nname = \"large\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n\n[dependencies]\ncrate-0 = \"1\"\n";
    let files: Vec<(String, String)> = (0..2000)
        .map(|n| (format!("src/{n}.rs"), if n % 4 == 0 { PLAIN.to_owned() } else { format!("{HEADER}{PLAIN}") }))
        .chain([("Cargo.lock".to_owned(), lock), ("Cargo.toml".to_owned(), manifest.to_owned())])
        .collect();
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    tree(&files)
}

/// Reading a large project, for comparison with judging it.
#[divan::bench(args = COMPONENTS)]
fn gather_project(bencher: Bencher<'_, '_>, components: usize) {
    let dir = large_project(components);
    bencher.counter(ItemsCount::new(components)).bench(|| gather(dir.path()));
}

/// Judging a large project by all packs.
#[divan::bench(args = COMPONENTS)]
fn evaluate_policy(bencher: Bencher<'_, '_>, components: usize) {
    let dir = large_project(components);
    let inventory = gather(dir.path());
    let config = Config::default();
    let policy = Policy::load(&[], Vec::new(), &config, &[]).unwrap();
    let terms = Terms { today: jiff::civil::date(2026, 1, 1), only: None, baseline: Default::default() };
    bencher.counter(ItemsCount::new(components)).bench(|| policy::evaluate(&policy, &inventory, &config, &terms));
}

/// Every format of one report.
#[divan::bench(args = FORMATS.iter().map(|f| f.name))]
fn render(bencher: Bencher<'_, '_>, name: &str) {
    let dir = large_project(COMPONENTS[0]);
    let request =
        ScanRequest { paths: vec![dir.path().to_path_buf()], config: ConfigSource::None, ..ScanRequest::default() };
    let report = openclause::scan(&request, &|_| {}).unwrap();
    let format = openclause::report::find(name).unwrap();
    let view = View::default();
    bencher.bench(|| {
        let mut out = Vec::new();
        (format.render)(&report, &view, &mut out).unwrap();
        out
    });
}
