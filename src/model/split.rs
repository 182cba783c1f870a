//! Records of datasets.

use super::Place;

/// A file of records that is one part of a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// The file.
    pub place: Place,
    /// `train`, `test` or `validation`.
    pub part: &'static str,
    /// The path with the part left out: files of one group belong to one dataset.
    pub group: String,
    /// Digests of its records, at most the first 200,000.
    pub records: Vec<u64>,
}
