//! Credentials in text: tokens by their form and checksum, keys and tokens that can be parsed, values assigned to names of
//! credentials, logins in addresses and commands.
//!
//! Structure decides, and what looks like a credential and is something else is told by its class (see [`value`]). No
//! secret leaves this folder: places carry marks in its stead.

mod allow;
mod assignment;
mod call;
mod certificate;
mod command;
mod generic;
mod history;
mod login;
mod name;
mod redact;
mod rule;
mod shape;
mod text;
mod value;

#[cfg(test)]
mod tests;

use super::{Collector, Hit, Interest, Options, SourceFile};
use crate::model::{Evidence, Inventory};
use crate::walk::git::Git;

/// Finds credentials.
pub struct Secrets;

impl Collector for Secrets {
    fn id(&self) -> &'static str {
        "secrets"
    }

    fn summary(&self) -> &'static str {
        "Credentials in text: tokens by form and checksum, private keys, logins in addresses, values assigned to names of credentials; shown redacted"
    }

    fn interest(&self) -> Interest {
        Interest { keywords: rule::KEYWORDS, starts_word: rule::starts_word, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        let secrets = text::find(file, hits);
        out.extend(allow::unused(file, hits, &secrets).into_iter().map(Evidence::Artifact));
        out.extend(secrets.into_iter().map(Evidence::Secret));
        out.extend(certificate::find(file, hits).into_iter().map(Box::new).map(Evidence::Certificate));
    }

    fn look_back(&self, inventory: &mut Inventory, git: &Git, options: &Options) {
        if options.history {
            history::look_back(inventory, git, &options.exclude);
        }
    }
}
