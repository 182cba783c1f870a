//! MSBuild's project files (`*.csproj`, `*.fsproj`, `*.vbproj`) and the files that many projects share
//! (`Directory.Packages.props`, `Directory.Build.props`).
//!
//! Central package management (NuGet documentation) keeps versions in `Directory.Packages.props`; properties are
//! filled in where a file of the tree sets them to a literal. Both are done in [`super::workspace`].

use std::collections::BTreeMap;

use super::NUGET;
use crate::collect::packages::draft;
use crate::collect::xml::Element;
use crate::collect::{SourceFile, xml};
use crate::model::{Dependency, Evidence, Given, LicenseField, Manifest, RelPath, Scope};

/// Whether the file is a project's by its extension.
pub(in crate::collect::packages) fn is_project(_: &str, _: &RelPath) -> bool {
    true
}

/// Reads a project or shared file; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    // Others use these endings too.
    if memchr::memmem::find(file.text().as_bytes(), b"<Project").is_none() && !file.name.starts_with("directory.") {
        return;
    }
    let root = match xml::parse(file) {
        Ok(root) => root,
        Err(note) => return out.push(*note),
    };
    let mut manifest = draft::manifest(file, NUGET);
    let mut properties: BTreeMap<&str, &Element> = BTreeMap::new();
    for property in root.all("PropertyGroup").flat_map(|group| &group.children) {
        properties.insert(&property.name, property);
    }
    for (name, element) in &properties {
        let values = vec![element.trimmed().unwrap_or_default().to_owned()];
        manifest.inheritance.fields.insert((*name).to_owned(), Given { values, place: element.place(file) });
    }
    let groups = root.all("ImportGroup").flat_map(|group| group.all("Import"));
    let imports = root.all("Import").chain(groups).filter_map(|import| import.attribute("Project"));
    manifest.inheritance.takes = imports.take(100).filter_map(import).collect();
    let shared = file.name.ends_with(".props") || file.name.ends_with(".targets");
    let groups =
        root.all("ItemGroup").chain(root.all("Choose").flat_map(|c| c.all("When")).flat_map(|w| w.all("ItemGroup")));
    for item in groups.flat_map(|group| &group.children) {
        self::item(file, item, shared, &mut manifest);
    }
    if shared {
        let inheritance = &manifest.inheritance;
        if !inheritance.dependencies.is_empty() || !inheritance.takes.is_empty() || !properties.is_empty() {
            manifest.publishable = false;
            out.push(Evidence::Manifest(Box::new(manifest)));
        }
        return;
    }
    let text = |key: &str| properties.get(key).and_then(|e| e.trimmed()).map(str::to_owned);
    let stem = file.path.name().rsplit_once('.').map_or(file.path.name(), |(stem, _)| stem);
    manifest.name = text("PackageId").or_else(|| text("AssemblyName")).or_else(|| Some(stem.to_owned()));
    manifest.version = text("PackageVersion").or_else(|| text("Version")).or_else(|| text("VersionPrefix"));
    manifest.description = text("Description");
    manifest.homepage = text("PackageProjectUrl");
    manifest.repository = text("RepositoryUrl");
    manifest.authors = text("Authors").into_iter().collect();
    manifest.application = text("OutputType").is_some_and(|t| t.ends_with("xe"));
    manifest.compiled = true;
    manifest.publishable = text("IsPackable").is_none_or(|t| !t.eq_ignore_ascii_case("false"));
    manifest.license = properties.get("PackageLicenseExpression").and_then(|element| {
        Some(LicenseField { text: element.trimmed()?.to_owned(), place: element.place(file), spdx: true })
    });
    manifest.license_file = properties
        .get("PackageLicenseFile")
        .and_then(|e| Some((file.path.parent().join(&e.trimmed()?.replace('\\', "/"))?, e.place(file))));
    out.push(Evidence::Manifest(Box::new(manifest)));
}

/// The path of a file that is imported, relative to the one that does; `None` where a property hides it.
fn import(path: &str) -> Option<String> {
    let path = path.trim().replace('\\', "/");
    let path = path
        .strip_prefix("$(MSBuildThisFileDirectory)")
        .or(path.strip_prefix("$(MSBuildProjectDirectory)/"))
        .unwrap_or(&path);
    (!path.is_empty() && !path.contains('$')).then(|| path.trim_start_matches('/').to_owned())
}

/// One item of an `ItemGroup`.
fn item(file: &SourceFile<'_>, item: &Element, shared: bool, manifest: &mut Manifest) {
    // What a package needs in the tree is an attribute or a child element.
    let meta = |key: &str| item.attribute(key).map(str::trim).or_else(|| item.text_of(key));
    let Some(name) = meta("Include").or_else(|| meta("Update")).filter(|n| !n.is_empty()) else { return };
    let version = meta("VersionOverride").or_else(|| meta("Version")).unwrap_or_default();
    // Assets that stay private are used to build and do not reach whoever depends on the project.
    let private = meta("PrivateAssets").is_some_and(|v| v.eq_ignore_ascii_case("all"));
    let scope = if private || item.name == "GlobalPackageReference" { Scope::Build } else { Scope::Runtime };
    let mut add = |name: &str, version: &str, source: Option<String>| {
        let mut found: Dependency = draft::dependency(file, name, version, scope, 0..0);
        found.place = item.place(file);
        found.source = source;
        if shared {
            manifest.inheritance.dependencies.insert(name.to_lowercase(), found.clone());
        }
        if shared && item.name == "PackageVersion" {
            return;
        }
        if item.attribute("Include").is_none() {
            // An update gives what is included elsewhere another version.
            if let Some(known) = manifest.dependencies.iter_mut().find(|d| d.name.eq_ignore_ascii_case(name)) {
                if !version.is_empty() {
                    version.clone_into(&mut known.requirement);
                }
                return;
            }
        }
        manifest.dependencies.push(found);
    };
    match item.name.as_str() {
        "PackageReference" | "GlobalPackageReference" | "DotNetCliToolReference" => {
            // Several may stand in one, parted by semicolons.
            name.split(';').map(str::trim).filter(|n| !n.is_empty()).for_each(|name| add(name, version, None));
        }
        "PackageVersion" if shared => add(name, version, None),
        "ProjectReference" if !shared => {
            let path = name.replace('\\', "/");
            let (folder, project) = path.rsplit_once('/').unwrap_or((".", &path));
            let stem = project.rsplit_once('.').map_or(project, |(stem, _)| stem);
            let folder = if folder.starts_with(['.', '/']) { folder.to_owned() } else { format!("./{folder}") };
            add(stem, "", Some(folder));
        }
        _ => {}
    }
}
