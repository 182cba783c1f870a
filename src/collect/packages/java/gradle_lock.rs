//! Gradle's lock files (Gradle's user manual, "Dependency Locking"): one module per line, with the configurations that
//! hold it. In the form of before Gradle 6, each configuration has a file of its own in `dependency-locks`.

use super::{MAVEN, coordinates};
use crate::collect::packages::locks;
use crate::collect::packages::purl::purl;
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Locked, RelPath, Scope};

/// Whether a file with this extension is a lock of Gradle.
pub(in crate::collect::packages) fn is_lock(name: &str, path: &RelPath) -> bool {
    name.ends_with("gradle.lockfile") || path.parent().name() == "dependency-locks"
}

/// Reads the lock file; a line that does not follow the form is noted and left out.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let stem = file.name.strip_suffix(".lockfile").unwrap_or_default();
    let build = matches!(stem, "buildscript-gradle" | "settings-gradle");
    let mut packages = Vec::new();
    for (number, line) in (1_u32..).zip(file.text().lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || line.starts_with("empty=") {
            continue;
        }
        let (module, configurations) = line.split_once('=').unwrap_or((line, stem));
        let Some((name, version)) = coordinates(module).filter(|(_, version)| !version.is_empty()) else {
            out.push(malformed(file, Some(number), "no `group:artifact:version`"));
            continue;
        };
        packages.push(Locked {
            purl: purl("maven", &name, version, &[]),
            name,
            version: version.to_owned(),
            scope: Some(if build { Scope::Build } else { scope(configurations) }),
            region: file.place_of_line(number).region,
            ..Locked::default()
        });
    }
    out.push(locks::lock(file, MAVEN, packages));
}

/// What a module is needed for by the configurations that hold it, the strongest first.
fn scope(configurations: &str) -> Scope {
    let of = |name: &str| configuration(name.trim().trim_end_matches("Classpath"));
    configurations.split(',').map(of).min().unwrap_or_default()
}

/// What a configuration of the Java, Android and Kotlin plugins is for, by its name.
pub(super) fn configuration(name: &str) -> Scope {
    let lower = name.to_ascii_lowercase();
    if lower.contains("test") {
        Scope::Test
    } else if [
        "annotationprocessor",
        "kapt",
        "ksp",
        "classpath",
        "detekt",
        "ktlint",
        "checkstyle",
        "jacoco",
        "lint",
        "build",
    ]
    .iter()
    .any(|word| lower.contains(word))
    {
        Scope::Build
    } else if lower.contains("compileonly") || lower.contains("provided") {
        Scope::Peer
    } else if lower.contains("developmentonly") {
        Scope::Dev
    } else {
        Scope::Runtime
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{fixture, lock, notes, with_text};
    use crate::model::Scope;

    #[test]
    fn configurations_tell_the_scope() {
        let evidence = fixture("gradle-lock", "plain/gradle.lockfile");
        let seen: Vec<_> = lock(&evidence).packages.iter().map(|p| (p.purl.as_str(), p.scope.unwrap())).collect();
        use Scope::{Build, Runtime, Test};
        assert_eq!(
            seen,
            [
                ("pkg:maven/com.google.guava/guava@31.1-jre", Runtime),
                ("pkg:maven/org.junit/junit@5.0", Test),
                ("pkg:maven/org.processor/p@1.0", Build),
            ]
        );
        let build = with_text("buildscript-gradle.lockfile", "a:b:1=classpath\n");
        assert_eq!(lock(&build).packages[0].scope, Some(Build));
        let old = with_text("gradle/dependency-locks/testCompileClasspath.lockfile", "a:b:1\n");
        assert_eq!(lock(&old).packages[0].scope, Some(Test));
    }

    #[test]
    fn broken_lines_are_named() {
        assert_eq!(notes(&with_text("gradle.lockfile", "# x\na:b:1=c\n<<<<<<< HEAD\n"))[0].line, Some(3));
    }
}
