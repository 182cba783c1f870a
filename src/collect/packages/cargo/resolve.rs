//! What cargo itself says about a lock file: which packages the default features need, for what, and by which edges.
//!
//! `cargo metadata` builds nothing and runs no build script. What a checkout could make it run instead (a compiler
//! wrapper of `.cargo/config.toml`, a toolchain of `rust-toolchain.toml`) cargo and rustup find from the folder that
//! they are started in, so they are started in the root of the file system. A fresh folder would not do: it lies below
//! a temporary folder in which every user of the machine may leave a configuration.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, PackageId};

use super::purl;
use crate::collect::packages::purl::without_credentials;
use crate::model::{Ecosystem, Inventory, Lock, RelPath, Scope, SkipReason, Skipped};

/// Variables that name a program to run instead of the compiler, or change what is resolved.
const VARIABLES: &[&str] = &[
    "CARGO_BUILD_RUSTC",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// Asks cargo about every `Cargo.lock` that has a manifest beside it, and writes its answers into the locks: edges,
/// features and scopes. Packages that only a feature outside the default ones needs are optional.
///
/// `root` is the folder that the paths of the inventory are relative to. Cargo works from the local registry alone
/// (`--locked --offline`). A lock that it cannot resolve stays as it was read, and the inventory says so.
pub(in crate::collect::packages) fn resolve(inventory: &mut Inventory, root: &Path) {
    let manifests: BTreeSet<RelPath> = inventory.manifests.iter().map(|m| m.place.path.clone()).collect();
    for lock in inventory.locks.iter_mut().filter(|lock| lock.ecosystem == Ecosystem::CARGO) {
        let Some(manifest) = lock.place.path.parent().join("Cargo.toml").filter(|path| manifests.contains(path))
        else {
            continue;
        };
        match ask(&root.join(manifest.as_str())) {
            Ok(metadata) => answer(lock, &metadata),
            Err(reason) => inventory.skipped.push(Skipped {
                path: lock.place.path.clone(),
                kind: SkipReason::Unreadable,
                reason: format!("cargo could not resolve it, so features are not considered: {reason}"),
                line: None,
            }),
        }
    }
    inventory.skipped.sort();
}

/// Runs `cargo metadata` for one manifest; the error is what cargo says first, without paths of this machine.
fn ask(manifest: &Path) -> Result<Metadata, String> {
    let away = manifest.ancestors().last().map(PathBuf::from).unwrap_or_default();
    let mut command = MetadataCommand::new();
    command.manifest_path(manifest).current_dir(away).other_options(["--locked", "--offline"].map(String::from));
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command.exec().map_err(|error| match error {
        cargo_metadata::Error::CargoMetadata { stderr } => first_error(&stderr, manifest.parent()),
        cargo_metadata::Error::Io(error) => format!("cargo could not be started ({error})"),
        other => other.to_string(),
    })
}

/// The message behind the first `error:` of cargo's output.
fn first_error(output: &str, folder: Option<&Path>) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let start = lines.iter().position(|line| line.starts_with("error")).unwrap_or(0);
    let message: Vec<&str> = lines[start..].iter().map(|l| l.trim()).take_while(|l| !l.is_empty()).take(3).collect();
    let message = message.join(" ");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    match folder.and_then(Path::to_str).filter(|folder| folder.len() > 1) {
        Some(folder) => message.replace(&format!("{folder}{}", std::path::MAIN_SEPARATOR), "").replace(folder, "."),
        None => message.to_owned(),
    }
}

/// Writes cargo's answer into a lock.
fn answer(lock: &mut Lock, metadata: &Metadata) {
    let Some(resolved) = &metadata.resolve else { return };
    // A package is the same when name, version and source are; packages of the project have no source.
    let mut numbers: HashMap<(String, bool), usize> = HashMap::new();
    for (at, package) in lock.packages.iter().enumerate() {
        numbers.insert((package.purl.clone(), package.local), at);
    }
    let number = |package: &cargo_metadata::Package| {
        let source = package.source.as_ref().map_or("", |source| source.repr.as_str());
        let purl = purl(&package.name, &package.version.to_string(), &without_credentials(source));
        numbers.get(&(purl, source.is_empty())).copied()
    };
    let known: HashMap<&PackageId, usize> =
        metadata.packages.iter().filter_map(|package| Some((&package.id, number(package)?))).collect();
    let nodes: HashMap<&PackageId, &Node> = resolved.nodes.iter().map(|node| (&node.id, node)).collect();
    let scopes = scopes(&nodes, &metadata.workspace_members);
    for package in lock.packages.iter_mut().filter(|package| !package.local) {
        package.scope = Some(Scope::Optional);
    }
    for (id, node) in &nodes {
        let Some(&at) = known.get(id) else { continue };
        let package = &mut lock.packages[at];
        let edges: BTreeSet<usize> = node.deps.iter().filter_map(|dep| known.get(&dep.pkg).copied()).collect();
        package.dependencies = edges.into_iter().collect();
        package.features = node.features.iter().map(|feature| feature.to_string()).collect();
        package.features.sort_unstable();
        if !package.local {
            package.scope = scopes.get(id).copied().or(package.scope);
        }
    }
}

/// What each package is needed for: the strongest need that leads from a member of the workspace to it.
fn scopes<'m>(nodes: &HashMap<&'m PackageId, &'m Node>, members: &'m [PackageId]) -> HashMap<&'m PackageId, Scope> {
    let mut found: HashMap<&PackageId, Scope> = HashMap::new();
    let mut waiting: BTreeMap<Scope, Vec<&PackageId>> = BTreeMap::from([(Scope::Runtime, members.iter().collect())]);
    // A need never grows along an edge, so whoever is reached first has its strongest one.
    while let Some(mut first) = waiting.first_entry() {
        let need = *first.key();
        let Some(id) = first.get_mut().pop() else {
            first.remove();
            continue;
        };
        if found.contains_key(id) {
            continue;
        }
        found.insert(id, need);
        for dep in nodes.get(id).iter().flat_map(|node| &node.deps) {
            for kind in &dep.dep_kinds {
                let next = match kind.kind {
                    DependencyKind::Development => Scope::Dev,
                    DependencyKind::Build => need.max(Scope::Build),
                    _ => need,
                };
                waiting.entry(next).or_default().push(&dep.pkg);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_cargo_are_told_without_paths() {
        let output =
            "    Updating index\nerror: failed to read `/some/checkout/a/Cargo.toml`\n\nCaused by:\n  no such file\n";
        assert_eq!(first_error(output, Some(Path::new("/some/checkout"))), "failed to read `a/Cargo.toml`");
        let output =
            "error: the lock file /x/Cargo.lock needs to be updated but --locked was passed to prevent this\n";
        let told = first_error(output, Some(Path::new("/x")));
        assert_eq!(told, "the lock file Cargo.lock needs to be updated but --locked was passed to prevent this");
        assert_eq!(first_error("", None), "");
    }
}
