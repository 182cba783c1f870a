//! From what was typed to what is to be done: defaults filled in, lists read, the terminal asked.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use openclause::model::{Bill, Party, RelPath, Severity};
use openclause::online::{self, Online};
use openclause::walk::Roots;
use openclause::{ConfigSource, ScanRequest};
use thiserror::Error;

use super::args::{GlobalArgs, InputArgs, OutputArgs, PolicyArgs, ProgressWhen, ReportFile, Resolver, ScanArgs};
use super::progress::Bar;
use super::{output, terminal};
use openclause::report::{Format, View, diff};

/// A scan, ready to run.
pub(crate) struct Plan {
    pub(crate) request: ScanRequest,
    pub(crate) format: &'static Format,
    /// Whether something goes to standard output.
    pub(crate) prints: bool,
    pub(crate) reports: Vec<ReportFile>,
    pub(crate) gate: Option<Severity>,
    pub(crate) strict: bool,
    /// The framework whose controls are printed instead of findings.
    pub(crate) framework: Option<String>,
    pub(crate) view: View,
    pub(crate) progress: bool,
    /// Whether a report without findings is left unprinted.
    pub(crate) quiet: bool,
}

/// What was typed cannot be done.
#[derive(Debug, Error, Diagnostic)]
enum ResolveError {
    #[error("cannot read `{}`, which `--files-from` names: {reason}", path.display())]
    #[diagnostic(code(openclause::files_from), help("name a file with one path per line, or `-` for standard input"))]
    FilesFrom { path: PathBuf, reason: io::Error },
    #[error("cannot use `{}` as a bill of materials: {reason}", path.display())]
    #[diagnostic(
        code(openclause::bill),
        help("give a document in CycloneDX (JSON, XML) or SPDX (JSON, tag-value, JSON-LD), or a report in JSON")
    )]
    Bill { path: PathBuf, reason: String },
    #[error("`{format}` holds more than a bill of materials")]
    #[diagnostic(code(openclause::usage), help("use `openclause scan --report {format}=FILE`"))]
    NoBill { format: &'static str },
    #[error("`{who}` names nobody")]
    #[diagnostic(
        code(openclause::usage),
        help("write it like `Ann Example <ann@example.org>` or `Example (https://example.org)`")
    )]
    Nobody { who: String },
    #[error("two reports go to `{}`", path.display())]
    #[diagnostic(code(openclause::report), help("give each `--report` and `--output` a file of its own"))]
    SameFile { path: PathBuf },
    #[error("a framework cannot be printed as `{format}`")]
    #[diagnostic(
        code(openclause::framework),
        help("use `--format human` or `--format json`; `--report` writes the findings in any format")
    )]
    FrameworkFormat { format: &'static str },
    #[error("cannot read the baseline `{}`: {reason}", path.display())]
    #[diagnostic(code(openclause::usage), help("write one with `openclause scan --report json=FILE`"))]
    Baseline { path: PathBuf, reason: String },
    #[error("cannot compare `{}`: {reason}", path.display())]
    #[diagnostic(code(openclause::usage), help("name a checkout, or a report of `openclause scan --format json`"))]
    Side { path: PathBuf, reason: String },
    #[error("cannot scan `{name}`: there is no such file")]
    #[diagnostic(code(openclause::usage), help("a command comes first: `openclause {command} …`"))]
    MisplacedCommand { name: String, command: String },
}

/// Resolves the arguments of `scan`.
///
/// # Errors
/// When a list cannot be read or a report cannot be written where it should be.
pub(crate) fn scan(args: ScanArgs, global: &GlobalArgs) -> miette::Result<Plan> {
    let OutputArgs {
        format,
        output,
        report: mut reports,
        fail_on,
        framework,
        baseline,
        min_severity,
        show_suppressed,
        strict,
    } = args.output;
    if framework.is_some() && !["human", "json"].contains(&format.name) {
        return Err(ResolveError::FrameworkFormat { format: format.name }.into());
    }
    let prints = output.is_none();
    reports.extend(output.map(|path| ReportFile { format, path }));
    let progress = shows_progress(&args.input, global);
    let mut request = request(args.input, args.policy)?;
    for (at, report) in reports.iter().enumerate() {
        if reports[..at].iter().any(|other| other.path == report.path) {
            return Err(ResolveError::SameFile { path: report.path.clone() }.into());
        }
        output::check_file("--report", &report.path)?;
        request.exclude.extend(exclusion(&request.paths, &report.path));
    }
    if let Some(path) = &baseline {
        request.baseline = fingerprints(path)?;
        request.exclude.extend(exclusion(&request.paths, path));
    }
    let root = Roots::find(&request.paths).ok().map(|roots| roots.root);
    let view = View { min_severity: min_severity.into(), show_suppressed, root, ..view(global) };
    Ok(Plan {
        request,
        format,
        prints,
        reports,
        gate: fail_on.severity(),
        strict,
        framework,
        view,
        progress,
        quiet: global.quiet,
    })
}

/// How standard output is to look.
pub(crate) fn view(global: &GlobalArgs) -> View {
    View {
        width: terminal::width_stdout(),
        color: terminal::color_stdout(global),
        unicode: terminal::unicode_stdout(),
        hyperlinks: terminal::hyperlinks_stdout(global),
        verbose: global.verbose,
        ..View::default()
    }
}

/// How a report file is to look: the same on every terminal.
pub(crate) fn file_view(view: &View) -> View {
    View {
        min_severity: view.min_severity,
        show_suppressed: view.show_suppressed,
        verbose: view.verbose,
        ..View::default()
    }
}

/// Whether progress may be shown.
pub(crate) fn shows_progress(input: &InputArgs, global: &GlobalArgs) -> bool {
    input.progress == ProgressWhen::Auto && !global.quiet && terminal::is_terminal_stderr()
}

/// What the library is asked to scan.
///
/// # Errors
/// When `--files-from` cannot be read.
pub(crate) fn request(input: InputArgs, policy: PolicyArgs) -> miette::Result<ScanRequest> {
    let config = config_source(&input);
    misplaced_command(&input.paths)?;
    let files_from = input.files_from.as_deref().map(files_from).transpose()?;
    let paths = if input.paths.is_empty() { vec![PathBuf::from(".")] } else { input.paths };
    Ok(ScanRequest {
        paths,
        files_from,
        changed_since: input.changed_since,
        exclude: input.exclude,
        no_ignore: input.no_ignore,
        history: input.history,
        against: input.against.clone(),
        caches: input.caches,
        online: input.online.then(|| Online {
            addresses: input.registry.into_iter().collect(),
            cache: (!input.no_cache).then(|| online::usual_place(|name| std::env::var_os(name))).flatten(),
        }),
        bill: false,
        osv: input.osv,
        resolve_cargo: input.resolve.contains(&Resolver::Cargo),
        max_file_size: Some(input.max_file_size),
        threads: input.threads,
        config,
        packs: policy.policy,
        set: policy.set,
        baseline: BTreeSet::new(),
        today: None,
    })
}

/// What the library is asked about rules alone, from the current folder.
pub(crate) fn policy_request(policy: &PolicyArgs) -> ScanRequest {
    ScanRequest {
        paths: vec![PathBuf::from(".")],
        packs: policy.policy.clone(),
        set: policy.set.clone(),
        ..ScanRequest::default()
    }
}

fn config_source(input: &InputArgs) -> ConfigSource {
    match &input.config {
        _ if input.no_config => ConfigSource::None,
        // An empty variable in CI is an unset one.
        Some(path) if !path.as_os_str().is_empty() => ConfigSource::File(path.clone()),
        _ => ConfigSource::Discover,
    }
}

/// A path that is none, but is or resembles a command: `--format json rules`, `expalin`.
fn misplaced_command(paths: &[PathBuf]) -> Result<(), ResolveError> {
    use clap::CommandFactory;
    let Some(name) = paths.first().and_then(|p| p.to_str()).filter(|name| !Path::new(name).exists()) else {
        return Ok(());
    };
    let commands = super::Args::command();
    let names = commands.get_subcommands().filter(|c| !c.is_hide_set()).map(clap::Command::get_name);
    match names.into_iter().find(|command| strsim::jaro_winkler(name, command) > 0.85) {
        Some(command) => Err(ResolveError::MisplacedCommand { name: name.to_owned(), command: command.to_owned() }),
        None => Ok(()),
    }
}

/// The error of a format that a bill alone cannot be written in.
pub(crate) fn no_bill(format: &'static str) -> impl Diagnostic + Send + Sync + 'static {
    ResolveError::NoBill { format }
}

/// The parties that `--author` names: a person where there is a mail address, else an organization.
///
/// # Errors
/// When a text names nobody.
pub(crate) fn authors(texts: &[String]) -> miette::Result<Vec<Party>> {
    let party = |text: &String| {
        let party =
            openclause::report::bill::party(text).ok_or_else(|| ResolveError::Nobody { who: text.clone() })?;
        Ok(Party { person: party.email.is_some(), ..party })
    };
    texts.iter().map(party).collect()
}

/// The most that a document may hold.
const LARGEST_DOCUMENT: u64 = 256 << 20;

/// The bill of a document that was named on the command line; `-` is standard input.
///
/// # Errors
/// When it cannot be read, or is no bill in a format that is known.
pub(crate) fn bill(path: &Path) -> miette::Result<Bill> {
    let failed = |reason: String| ResolveError::Bill { path: path.to_path_buf(), reason };
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(LARGEST_DOCUMENT).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LARGEST_DOCUMENT).read_to_string(&mut text))
    };
    read.map_err(|error| failed(error.to_string()))?;
    if let Some(bill) = openclause::report::bill::read_report(&text, openclause::TOOL) {
        return Ok(bill);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let document = openclause::collect::bills::read(&name, &text).map_err(failed)?;
    Ok(document.bill)
}

/// One side of a comparison: a JSON report, or a folder, which is scanned with its own configuration. The `other` side, a
/// report that lies in the folder, is no evidence.
///
/// # Errors
/// When the report cannot be read, or the scan cannot start.
pub(crate) fn side(
    path: &Path,
    other: &Path,
    policy: &PolicyArgs,
    global: &GlobalArgs,
) -> miette::Result<diff::Side> {
    let failed = |reason: String| ResolveError::Side { path: path.to_path_buf(), reason };
    if path.is_dir() {
        let bar = Bar::new(!global.quiet && terminal::is_terminal_stderr());
        let mut request = ScanRequest { paths: vec![path.to_path_buf()], ..policy_request(policy) };
        request.exclude.extend(exclusion(&request.paths, other));
        let report = openclause::scan(&request, &|progress| bar.tick(progress))?;
        return Ok(diff::Side::of(&report).map_err(failed)?);
    }
    let mut text = String::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST_DOCUMENT).read_to_string(&mut text));
    read.map_err(|error| failed(error.to_string()))?;
    Ok(diff::Side::read(&text).map_err(failed)?)
}

/// The text of a file of a checkout that may be changed: one that is no link and is UTF-8.
pub(crate) fn source(root: &Path, path: &RelPath) -> Option<String> {
    let file = root.join(path.as_str());
    let is_plain = is_inside(root, path) && file.symlink_metadata().ok()?.is_file();
    if is_plain { std::fs::read_to_string(file).ok() } else { None }
}

/// Whether a file of a checkout, there or not, lies in it: no folder above it is a link, which may lead out.
pub(crate) fn is_inside(root: &Path, path: &RelPath) -> bool {
    let is_folder = |folder: &RelPath| match root.join(folder.as_str()).symlink_metadata() {
        Ok(meta) => meta.is_dir(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    path.parent().ancestors().filter(|folder| !folder.as_str().is_empty()).all(|folder| is_folder(&folder))
}

/// The fingerprints of the findings of an earlier JSON report.
fn fingerprints(path: &Path) -> Result<BTreeSet<String>, ResolveError> {
    #[derive(serde::Deserialize)]
    struct Earlier {
        findings: Vec<Known>,
    }
    #[derive(serde::Deserialize)]
    struct Known {
        fingerprint: String,
    }
    let failed = |reason: String| ResolveError::Baseline { path: path.to_path_buf(), reason };
    let file = std::fs::File::open(path).map_err(|error| failed(error.to_string()))?;
    let earlier: Earlier = serde_json::from_reader(io::BufReader::new(file.take(LARGEST_DOCUMENT)))
        .map_err(|error| failed(format!("it is no JSON report of openclause: {error}")))?;
    Ok(earlier.findings.into_iter().map(|known| known.fingerprint).collect())
}

fn files_from(path: &Path) -> Result<Vec<PathBuf>, ResolveError> {
    let mut list = Vec::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().read_to_end(&mut list)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut list))
    };
    match read {
        Ok(_) => Ok(split_list(&list)),
        Err(reason) => Err(ResolveError::FilesFrom { path: path.to_path_buf(), reason }),
    }
}

/// Splits a list of paths at NUL bytes when it has any (`git diff -z`), else at line ends.
fn split_list(list: &[u8]) -> Vec<PathBuf> {
    let nul = list.contains(&0);
    list.split(|&b| if nul { b == 0 } else { b == b'\n' })
        .map(|item| if nul { item } else { item.strip_suffix(b"\r").unwrap_or(item) })
        .filter(|item| !item.is_empty())
        .map(path_of)
        .collect()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The glob that keeps a report in the scanned tree from being evidence in the next scan.
pub(crate) fn exclusion(paths: &[PathBuf], report: &Path) -> Option<String> {
    let roots = Roots::find(paths).ok()?;
    let folder = std::path::absolute(report).ok()?.parent()?.canonicalize().ok()?;
    let at = RelPath::below(&roots.canonical, &folder.join(report.file_name()?))?;
    Some(format!("/{}", globset::escape(at.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_split_at_lines_or_at_nul_bytes() {
        let paths = |list: &[u8]| split_list(list).iter().map(|p| p.display().to_string()).collect::<Vec<_>>();
        assert_eq!(paths(b"a b.c\r\n\nd\n"), ["a b.c", "d"]);
        assert_eq!(paths(b"a\nb\0c\0"), ["a\nb", "c"]);
        assert!(paths(b"").is_empty());
    }

    #[test]
    fn a_report_inside_the_tree_is_left_out_of_the_scan() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("out")).unwrap();
        let paths = [dir.path().to_path_buf()];
        let inside = dir.path().join("out/[1].sarif");
        assert_eq!(exclusion(&paths, &inside).as_deref(), Some("/out/[[]1[]].sarif"));
        let other = tempfile::tempdir().unwrap();
        assert_eq!(exclusion(&paths, &other.path().join("x.sarif")), None);
    }
}
