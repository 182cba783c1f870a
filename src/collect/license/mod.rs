//! Finds license texts.
//!
//! `words` splits a text into words, `find` compares them with the texts that the build script compiled (`index`),
//! and `texts` turns what was found into evidence. What the engine concludes follows the conventions of the field:
//! a GNU text without a notice names the `-only` identifier, and an exception counts together with the license text
//! before it.

mod align;
mod find;
mod index;
mod layout;
mod names;
mod placeholders;
pub mod reuse;
mod riders;
pub mod tags;
mod texts;
mod words;

use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Detection, Evidence, SkipReason, Skipped};

/// How much of one file is searched for license texts, in bytes: above the largest collections of third-party
/// licenses that projects ship.
const MOST_BYTES: usize = 8 << 20;

/// License texts in files named like one.
pub struct LicenseFiles;

impl Collector for LicenseFiles {
    fn id(&self) -> &'static str {
        "license-files"
    }

    fn summary(&self) -> &'static str {
        "License texts, whole or in part, in files named like one (LICENSE, COPYING, NOTICE, LICENSES/*), compared with \
         the SPDX License List by the SPDX matching guidelines"
    }

    fn interest(&self) -> Interest {
        Interest { names: names::is_license_file, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, _: &[Hit], out: &mut Vec<Evidence>) {
        if file.encoding().is_none() {
            return;
        }
        if file.text().len() > MOST_BYTES {
            out.push(Evidence::Unread(Skipped {
                path: file.path.clone(),
                kind: SkipReason::Limit,
                reason: format!("only the first {MOST_BYTES} bytes were searched for license texts"),
                line: None,
            }));
        }
        out.extend(detect(file).into_iter().map(Evidence::License));
    }
}

/// The license statements in a file that holds license texts, in order; at most the first 8 MiB are searched.
///
/// A text that resembles a license and matches none is reported as `LicenseRef-unidentified`, with the nearest
/// license of the list and the words that differ.
pub fn detect(file: &SourceFile<'_>) -> Vec<Detection> {
    texts::detect(file, MOST_BYTES)
}

#[cfg(test)]
mod tests;
