//! `pom.xml` (Maven's POM reference). What a manifest takes from its parents, from managed dependencies and from imported
//! bills of materials is filled in by [`super::resolve`], as far as these lie in the checkout.

use super::MAVEN;
use crate::collect::xml::{self, Element};
use crate::collect::{SourceFile, malformed};
use crate::model::{Dependency, Evidence, Given, LicenseField, Manifest, Place, RelPath, Scope};

/// Key of [`crate::model::Inheritance::fields`] under which a property stands.
pub(super) const PROPERTY: &str = "property:";
/// Keys under which the coordinates of the parent stand, and the path to it.
pub(super) const PARENT: [&str; 3] = ["parent.groupId", "parent.artifactId", "parent.version"];
pub(super) const PARENT_PATH: &str = "parent.relativePath";
/// Key in front of the name of an imported bill of materials.
pub(super) const IMPORT: &str = "import:";

/// Whether a file is a POM by its extension.
pub(in crate::collect::packages) fn is_pom(name: &str, path: &RelPath) -> bool {
    // The copies inside of archives' metadata describe other people's packages.
    name.len() > ".pom".len() && !path.as_str().contains("META-INF/")
}

/// Reads the manifest; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    if file.path.as_str().contains("META-INF/maven/") {
        return;
    }
    let project = match xml::parse(file) {
        Ok(project) => project,
        Err(note) => return out.push(*note),
    };
    if project.name != "project" {
        let line = file.line_at(project.at);
        return out.push(malformed(file, Some(line), format!("`{}` where `project` belongs", project.name)));
    }
    out.push(Evidence::Manifest(Box::new(manifest(file, &project))));
}

fn manifest(file: &SourceFile<'_>, project: &Element) -> Manifest {
    let text = |name: &str| project.text_of(name).map(str::to_owned);
    let place =
        project.child("artifactId").map_or_else(|| Place::file(file.path.clone()), |e| file.place(e.text_at.clone()));
    let mut manifest = Manifest { compiled: true, ..Manifest::new(place, MAVEN) };
    let parent = project.child("parent");
    let group = project.text_of("groupId").or_else(|| parent.and_then(|p| p.text_of("groupId")));
    let artifact = project.text_of("artifactId");
    manifest.name = group.zip(artifact).map(|(group, artifact)| format!("{group}/{artifact}"));
    manifest.version = text("version").or_else(|| parent.and_then(|p| p.text_of("version")).map(str::to_owned));
    manifest.publishable = manifest.name.is_some();
    manifest.application = matches!(project.text_of("packaging"), Some("war" | "ear" | "spring-boot"));
    manifest.description = text("description").or_else(|| text("name"));
    manifest.homepage = text("url");
    manifest.repository = project.descend(&["scm", "url"]).and_then(Element::trimmed).map(str::to_owned);
    let people = project.child("developers").into_iter().flat_map(|d| d.all("developer"));
    manifest.authors = people.filter_map(|p| p.text_of("name")).map(str::to_owned).collect();
    manifest.license = license(file, project);

    let fields = &mut manifest.inheritance.fields;
    let given =
        |element: &Element| Given { values: vec![element.text.trim().to_owned()], place: element.place(file) };
    if let Some(parent) = parent {
        for (key, child) in PARENT.iter().zip(["groupId", "artifactId", "version"]) {
            fields.extend(parent.child(child).map(|e| ((*key).to_owned(), given(e))));
        }
        fields.extend(parent.child("relativePath").map(|e| (PARENT_PATH.to_owned(), given(e))));
    }
    // Later properties win over earlier ones, those of the project over those of profiles that must be chosen.
    let profiles = || project.child("profiles").into_iter().flat_map(|p| p.all("profile"));
    let active =
        |p: &&Element| p.descend(&["activation", "activeByDefault"]).and_then(Element::trimmed) == Some("true");
    let chosen = profiles().filter(|p| !active(p));
    for holder in chosen.chain(std::iter::once(project)).chain(profiles().filter(active)) {
        for property in holder.child("properties").map_or(&[][..], |p| &p.children) {
            fields.insert(format!("{PROPERTY}{}", property.name), given(property));
        }
    }
    for holder in profiles().chain(std::iter::once(project)) {
        let managed = holder.descend(&["dependencyManagement", "dependencies"]);
        for element in managed.into_iter().flat_map(|d| d.all("dependency")) {
            let Some(dependency) = dependency(file, element, Scope::Runtime) else { continue };
            let import = element.text_of("scope") == Some("import");
            let key = if import { format!("{IMPORT}{}", dependency.name) } else { dependency.name.clone() };
            manifest.inheritance.dependencies.insert(key, dependency);
        }
    }
    let all = |holder: &Element, runtime: Scope, out: &mut Vec<Dependency>| {
        let list = holder.child("dependencies").into_iter();
        out.extend(list.flat_map(|d| d.all("dependency")).filter_map(|e| dependency(file, e, runtime)));
    };
    all(project, Scope::Runtime, &mut manifest.dependencies);
    for profile in profiles() {
        let runtime = if active(&profile) { Scope::Runtime } else { Scope::Optional };
        all(profile, runtime, &mut manifest.dependencies);
    }
    // Whatever is managed may also narrow the scope of a dependency that states none.
    let scopeless = |d: &Element| d.child("scope").is_none() && d.child("optional").is_none();
    let own = project.child("dependencies").into_iter().flat_map(|d| d.all("dependency"));
    let mut number = 0;
    for element in own {
        if dependency(file, element, Scope::Runtime).is_some() {
            if scopeless(element) {
                manifest.inheritance.takes_dependencies.push((number, "scope".to_owned()));
            }
            number += 1;
        }
    }
    manifest
}

/// How many parents are asked. Real chains have a handful.
const MOST_PARENTS: usize = 8;

/// Gives a manifest the license of the nearest parent that states one, where it states none itself. `pom` finds the file
/// of a module by name (`group/artifact`) and version.
pub(crate) fn with_license_of_parents(manifest: &mut Manifest, mut pom: impl FnMut(&str, &str) -> Option<Vec<u8>>) {
    let mut parent = parent_of(manifest);
    for _ in 0..MOST_PARENTS {
        let Some((name, version)) = parent.take().filter(|_| manifest.license.is_none()) else { return };
        let above = pom(&name, &version).and_then(|bytes| crate::collect::packages::describe("a.pom", &bytes));
        if let Some(above) = above {
            parent = parent_of(&above);
            manifest.license = above.license;
        }
    }
}

/// Name and version of the parent that a manifest states.
fn parent_of(manifest: &Manifest) -> Option<(String, String)> {
    let field = |key: &str| manifest.inheritance.fields.get(key).and_then(|given| given.values.first());
    Some((format!("{}/{}", field(PARENT[0])?, field(PARENT[1])?), field(PARENT[2])?.clone()))
}

/// A dependency as it stands there, properties not yet replaced; `None` for one that names no group or artifact.
fn dependency(file: &SourceFile<'_>, element: &Element, runtime: Scope) -> Option<Dependency> {
    let (group, artifact) = (element.text_of("groupId")?, element.child("artifactId")?);
    let scope = match element.text_of("scope") {
        Some("test") => Scope::Test,
        Some("provided") => Scope::Peer,
        _ if element.text_of("optional") == Some("true") => Scope::Optional,
        _ => runtime,
    };
    Some(Dependency {
        name: format!("{group}/{}", artifact.trimmed()?),
        requirement: element.text_of("version").unwrap_or_default().to_owned(),
        scope,
        source: None,
        place: file.place(artifact.text_at.clone()),
    })
}

/// The licenses, of which a user may choose one (POM reference, "Licenses").
fn license(file: &SourceFile<'_>, project: &Element) -> Option<LicenseField> {
    let all: Vec<&Element> = project.child("licenses")?.all("license").collect();
    let name = |l: &&Element| l.text_of("name").or_else(|| l.text_of("url")).map(str::to_owned);
    let names: Vec<String> = all.iter().filter_map(name).collect();
    let place = all.first()?.child("name").map_or_else(|| all[0].place(file), |e| file.place(e.text_at.clone()));
    (!names.is_empty()).then(|| LicenseField { text: names.join(" OR "), place, spdx: false })
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, inventory, manifest, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn what_stands_in_one_file() {
        let evidence = fixture("pom", "tree/app/pom.xml");
        let m = manifest(&evidence);
        assert_eq!(m.name.as_deref(), Some("org.example/app"));
        assert_eq!(m.version.as_deref(), Some("${revision}"));
        let license = m.license.as_ref().unwrap();
        assert_eq!((license.text.as_str(), license.place.start_line()), ("Apache-2.0 OR MIT", 11));
    }

    #[test]
    fn parents_properties_and_imports_are_resolved_inside_the_tree() {
        let inventory = inventory("pom/tree");
        let app = inventory.manifests.iter().find(|m| m.place.path.as_str() == "app/pom.xml").unwrap();
        let seen: Vec<_> = app
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.requirement.as_str(), d.scope, d.place.start_line()))
            .collect();
        use Scope::{Optional, Peer, Runtime, Test};
        assert_eq!(
            seen,
            [
                ("org.direct/alice", "1.2.0", Runtime, 17),
                ("org.direct/managed", "4.4.4", Runtime, 22),
                ("org.direct/imported", "5.0", Test, 26),
                ("org.example/lib", "2.0.0", Runtime, 30),
                ("org.direct/servlet", "3.1", Peer, 35),
                ("org.direct/unknown", "${nowhere}", Runtime, 41),
                ("org.direct/chosen", "9", Optional, 51),
            ]
        );
        assert_eq!(app.version.as_deref(), Some("2.0.0"));
        let purls: Vec<_> = inventory.packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(
            purls,
            [
                "pkg:maven/org.direct/alice@1.2.0",
                "pkg:maven/org.direct/chosen@9",
                "pkg:maven/org.direct/imported@5.0",
                "pkg:maven/org.direct/managed@4.4.4",
                "pkg:maven/org.direct/servlet@3.1",
                "pkg:maven/org.direct/unknown",
                "pkg:maven/org.example/app@2.0.0",
                "pkg:maven/org.example/bom@1.0",
                "pkg:maven/org.example/lib@2.0.0",
                "pkg:maven/org.example/parent@2.0.0",
            ]
        );
        let app = inventory.packages.iter().find(|p| p.name == "org.example/app").unwrap();
        assert!(app.dependencies.contains(&"pkg:maven/org.example/lib@2.0.0".to_owned()));
    }

    #[test]
    fn broken_manifests_name_the_line() {
        for (text, line) in [("<project>\n<a>\n</project>", 3), ("\n<settings/>", 2), ("", 1)] {
            let found = notes(&with_text("pom.xml", text)).first().and_then(|n| n.line);
            assert_eq!(found, Some(line), "{text}");
        }
    }
}
