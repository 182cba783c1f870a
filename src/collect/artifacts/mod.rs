//! Files that are to be looked at for what they are: programs in machine code, key stores, archives that write elsewhere,
//! characters that hide.

mod escapes;
mod hidden;
mod keys;
mod programs;

use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Artifact, ArtifactKind, Evidence, Place, RelPath};

/// Finds programs, key material, archives that write elsewhere, and hidden characters.
pub struct Artifacts;

impl Collector for Artifacts {
    fn id(&self) -> &'static str {
        "artifacts"
    }

    fn summary(&self) -> &'static str {
        "Programs in machine or byte code and key stores by their magic numbers, files of credentials, archives with members outside of their folder, bidirectional and invisible characters in source (CVE-2021-42574)"
    }

    fn interest(&self) -> Interest {
        Interest {
            keywords: hidden::KEYWORDS,
            names: |name, path| {
                keys::is_named(name, path) || programs::is_named(name) || escapes::is_named(name) || is_workflow(path)
            },
            binary: true,
            content: |head| {
                programs::sniff(head).is_some_and(|what| !programs::is_container(what))
                    || keys::store(head).is_some()
                    || escapes::is_container(head)
            },
            ..Interest::NONE
        }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        let mut tell = |kind: ArtifactKind, place: Place, what: String| {
            out.push(Evidence::Artifact(Artifact { place, kind, what }));
        };
        let whole = || Place::file(file.path.clone());
        if file.encoding().is_none() {
            if let Some(what) = programs::of(file.name, file.bytes()) {
                tell(ArtifactKind::Executable, whole(), what.to_owned());
            } else if let Some(what) = keys::store_of(file.bytes()) {
                tell(ArtifactKind::KeyMaterial, whole(), what.to_owned());
            }
            if let Some(what) = escapes::of(file.name, file.bytes()) {
                tell(ArtifactKind::Escape, whole(), what);
            }
            return;
        }
        if is_workflow(file.path) && file.text().contains("wrapper-validation") {
            tell(ArtifactKind::WrapperValidation, whole(), "a check of gradle-wrapper.jar".to_owned());
        }
        if let Some((what, at)) = keys::text(file.name, file.path, file.text()) {
            tell(ArtifactKind::KeyMaterial, redacted(file, at), what.to_owned());
        }
        for (range, what) in hidden::find(file, hits) {
            tell(ArtifactKind::HiddenText, file.place(range), what);
        }
    }
}

/// Whether a file is a workflow of GitHub Actions.
fn is_workflow(path: &RelPath) -> bool {
    path.as_str().starts_with(".github/workflows/")
}

/// The place of a line, without its text.
fn redacted(file: &SourceFile<'_>, at: usize) -> Place {
    let mut place = file.place_of_line(file.line_at(at));
    if let Some(region) = &mut place.region {
        let kept = region.excerpt.find(['=', ':']).map_or(0, |n| n + 1);
        let excerpt: String = region.excerpt.char_indices().map(|(n, c)| if n < kept { c } else { '*' }).collect();
        region.excerpt = excerpt.into();
    }
    place
}
