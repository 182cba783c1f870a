//! Certificates in the tree, which tell what the private keys beside them are for.

use serde::Serialize;

use super::RelPath;

/// An X.509 certificate in armour (RFC 5280, RFC 7468), as far as it tells whether somebody relies on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Certificate {
    /// The file it stands in.
    pub path: RelPath,
    /// A digest of the name that it certifies.
    pub subject: u64,
    /// A digest of the name of who certifies it.
    pub issuer: u64,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// Whether a name in it says that it stands for none in use: `localhost`, `example.com`, `Test CA`.
    pub is_stand_in: bool,
}

impl Certificate {
    /// Whether nobody but its owner vouches for it.
    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }
}
