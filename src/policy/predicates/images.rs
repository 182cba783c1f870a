//! Images in documents.

use super::Predicate;
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::is_first_party;

pub(super) const ALT: Predicate = Predicate {
    name: "image-alt-missing",
    about: "A document shows an image without alternative text. One finding for each document, with the first image; badges, whose link text tells what they are, count too.",
    on: SubjectKind::Document,
    fields: &["target", "count"],
    params: &[],
    check: |context, judge| {
        for document in context.scene.inventory.documents.iter().filter(|d| is_first_party(&d.place.path)) {
            if document.images.is_empty() {
                continue;
            }
            let without: Vec<_> = document.images.iter().filter(|image| image.alt.is_none()).collect();
            let Some(first) = without.first() else {
                judge.pass();
                continue;
            };
            judge.fail(
                Failure::new(document.place.path.as_str(), first.place.clone())
                    .with("target", first.target.as_str())
                    .with("count", without.len().to_string()),
            );
        }
    },
};
