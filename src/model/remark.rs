//! Things that a text says in passing and that a rule may ask about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;

/// One thing that was seen in a file: a marking, an address, a pointer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Remark {
    /// Where.
    pub place: Place,
    /// What it is: `confidential`, `internal-endpoint`, `lfs-pointer` ... (see the collector `remarks`).
    pub kind: String,
    /// What was read, shortened; personal data are never in it.
    pub detail: String,
}
