//! Release jobs: what they publish, and whether they make notices and source archives.

use super::{at_line, lines};
use crate::collect::SourceFile;
use crate::model::{Handling, HandlingKind, RelPath};

pub(super) fn wants(name: &str, path: &RelPath) -> bool {
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    yaml && path.as_str().starts_with(".github/workflows/")
        || matches!(
            name,
            ".gitlab-ci.yml"
                | ".goreleaser.yml"
                | ".goreleaser.yaml"
                | "makefile"
                | "justfile"
                | "package.json"
                | "about.toml"
                | "dist-workspace.toml"
                | "dockerfile"
        )
}

/// Words that tell that a job publishes what others run, with what it is.
const SHIPS: &[(&str, &str)] = &[
    ("actions/upload-release-asset", "release files"),
    ("gh release upload", "release files"),
    ("goreleaser/goreleaser-action", "release binaries"),
    ("taiki-e/upload-rust-binary-action", "release binaries"),
    ("svenstaro/upload-release-action", "release files"),
    ("docker push", "a container image"),
    ("electron-builder --publish", "an application"),
    ("dist build", "release binaries"),
];

/// Tools and words that tell that third-party notices are made or packed.
const NOTICES: &[&str] = &[
    "cargo about",
    "cargo-about",
    "cargo bundle-licenses",
    "cargo-bundle-licenses",
    "license-checker",
    "license-report",
    "go-licenses",
    "google/go-licenses",
    "pip-licenses",
    "generate-license-file",
    "licenses generate-disclaimer",
    "pnpm licenses",
    "rollup-plugin-license",
    "webpack-license-plugin",
    "license-webpack-plugin",
    "licensed cache",
    "oss-attribution",
    "third-party",
    "third_party_notices",
    "thirdparty",
    "license-maven-plugin",
    "openclause",
];

/// Words that tell that source archives are made.
const SOURCES: &[&str] =
    &["git archive", "source.tar", "sources.tar", "src.tar", "sources.zip", "make dist", "cargo vendor"];

pub(super) fn read(file: &SourceFile<'_>, text: &str, out: &mut Vec<Handling>) {
    if file.name == "about.toml" {
        out.push(at_line(file, 1, HandlingKind::MakesNotices, "cargo-about"));
        return;
    }
    let job = file.name.ends_with(".yml") || file.name.ends_with(".yaml");
    let mut first = [false; 3];
    let mut once = |slot: usize, handling: Handling, out: &mut Vec<Handling>| {
        if !std::mem::replace(&mut first[slot], true) {
            out.push(handling);
        }
    };
    let gives = [("softprops/action-gh-release", "files:"), ("ncipollo/release-action", "artifacts:")];
    let gives = gives.iter().find(|(action, input)| text.contains(action) && text.contains(input));
    let pushes = text.contains("docker/build-push-action") && text.contains("push: true");
    for (number, line) in lines(text, &["#"]) {
        let lower = line.to_ascii_lowercase();
        if job {
            let named = SHIPS.iter().find(|(word, _)| lower.contains(word)).map(|(_, what)| *what);
            let what = named
                .or(gives.filter(|(action, _)| lower.contains(action)).map(|_| "release files"))
                .or((pushes && lower.contains("docker/build-push-action")).then_some("a container image"));
            if let Some(what) = what {
                once(0, at_line(file, number, HandlingKind::Ships, what), out);
            }
        }
        if let Some(tool) = NOTICES.iter().find(|word| lower.contains(*word)) {
            once(1, at_line(file, number, HandlingKind::MakesNotices, *tool), out);
        }
        let enabled = lower.trim() == "source:" && file.name.contains("goreleaser");
        if enabled || SOURCES.iter().any(|word| lower.contains(word)) {
            once(2, at_line(file, number, HandlingKind::MakesSource, line.trim()), out);
        }
    }
}
