//! Changes to the code of others that nobody can trace upstream.

use super::{Context, Predicate};
use crate::policy::judge::Failure;
use crate::policy::pack::SubjectKind;
use crate::policy::paths::is_first_party;

pub(crate) const UNLINKED: Predicate = Predicate {
    name: "patched-upstream-unlinked",
    about: "A patch file in a folder for patches says nowhere in its head where the change was proposed upstream, or why it was not.",
    on: SubjectKind::File,
    fields: &["what"],
    params: &[],
    check: |context: &Context<'_>, judge| {
        for patch in context.scene.inventory.patches.iter().filter(|p| is_first_party(&p.place.path)) {
            if patch.linked {
                judge.pass();
            } else {
                judge.fail(
                    Failure::new(patch.place.path.as_str(), patch.place.clone()).with("what", patch.what.clone()),
                );
            }
        }
        judge.nothing("nothing of others is patched");
    },
};
