//! Openclause reads a checkout once, in parallel, turns it into evidence, and judges the evidence by policy packs.
//!
//! The folders, read from top to bottom, are the flow of data: [`walk`], [`collect`], [`policy`], [`report`], all of
//! them around [`model`]. [`scan`] is the whole of it as one function; [`fix`] mends what leaves nothing to decide.

pub mod advisories;
pub mod collect;
pub mod config;
pub mod fix;
pub mod model;
pub mod names;
pub mod online;
pub mod policy;
pub mod report;
pub mod walk;

mod request;

use config::Config;
use model::{Inventory, Report, Tool};
use policy::Policy;
use walk::Roots;

pub use request::{ConfigSource, ScanError, ScanRequest};

/// What made a report.
pub const TOOL: Tool = Tool {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    home: "https://github.com/openclause/openclause",
};

/// Scans what `request` names: walk, collect, evaluate.
///
/// `progress` is told how many files were found, and then, from several threads, how many more are done.
///
/// # Errors
/// Paths that do not exist, and mistakes in configuration or packs. What cannot be read inside the checkout is no
/// error; it is in [`Inventory::skipped`].
pub fn scan(request: &ScanRequest, progress: &(dyn Fn(Progress) + Sync)) -> Result<Report, ScanError> {
    let roots = Roots::find(&request.paths)?;
    let config = request.config(&roots.root)?;
    let policy = request.policy(&config, &roots.root)?;
    let pool = request.pool()?;
    let terms = request.terms(&roots)?;
    let inventory = gather(request, &roots, &config, &pool, progress)?;
    let judgement = pool.install(|| policy::evaluate(&policy, &inventory, &config, &terms));
    Ok(Report {
        tool: TOOL,
        inventory,
        findings: judgement.findings,
        verdicts: judgement.verdicts,
        clauses: judgement.clauses,
        packs: policy.docs(),
    })
}

/// Walks and collects.
fn gather(
    request: &ScanRequest,
    roots: &Roots,
    config: &Config,
    pool: &rayon::ThreadPool,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Inventory, ScanError> {
    let walked = walk::walk(roots, &request.walk_options(config))?;
    request.check_against(walked.git.as_deref())?;
    progress(Progress::Found(walked.entries.len() as u64));
    let options = request.collect_options(config);
    let mut inventory = pool.install(|| collect::collect(walked, &options, &|done| progress(Progress::Done(done))));
    if request.resolve_cargo {
        collect::packages::resolve_cargo(&mut inventory, &roots.root);
    }
    if request.caches {
        pool.install(|| collect::caches::fill(&mut inventory, &collect::caches::Places::of_environment()));
    }
    if let Some(online) = &request.online {
        let progress = |step| match step {
            online::Step::Asking(packages) => progress(Progress::Asking(packages)),
            online::Step::Answered => progress(Progress::Done(1)),
        };
        online::fill(&mut inventory.packages, online, &TOOL, &progress)?;
    }
    config.apply(&mut inventory);
    // No bill of materials tells of them.
    if !request.bill {
        inventory.folders = collect::license::folders(&inventory);
    }
    if let Some(folder) = &request.osv {
        let found = pool.install(|| advisories::look_up(folder, &inventory.packages));
        inventory.advisories = Some(found.map_err(|reason| ScanError::database(folder, reason))?);
    }
    Ok(inventory)
}

/// How far a scan has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// This many files were found.
    Found(u64),
    /// This many more files are done, or packages where those are asked for.
    Done(u64),
    /// The files are done, and registries are asked for the licenses of this many packages.
    Asking(u64),
}

/// Loads the packs that a request would judge by, for documentation.
///
/// # Errors
/// Mistakes in configuration or packs.
pub fn load_policy(request: &ScanRequest) -> Result<Policy, ScanError> {
    let roots = Roots::find(&request.paths)?;
    let config: Config = request.config(&roots.root)?;
    request.policy(&config, &roots.root)
}

/// The inventory alone, without any judgement.
///
/// # Errors
/// As [`scan`].
pub fn inventory(request: &ScanRequest, progress: &(dyn Fn(Progress) + Sync)) -> Result<Inventory, ScanError> {
    let roots = Roots::find(&request.paths)?;
    let config = request.config(&roots.root)?;
    gather(request, &roots, &config, &request.pool()?, progress)
}
