//! What the files of a folder state of their licenses.

use super::RelPath;

/// The declared and the stated licenses of a folder, and how many of its files state one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The folder; empty for the root.
    pub path: RelPath,
    /// The SPDX expression that is declared for it.
    pub declared: Option<String>,
    /// The manifest or license text that declares it: of the folder, else of the nearest folder above it that has one.
    pub declared_by: Option<RelPath>,
    /// The distinct licenses that its files state, joined with `AND`; `None` when none states one.
    pub detected: Option<String>,
    /// What single files state, and how many state just that; the most frequent first.
    pub licenses: Vec<(String, u64)>,
    /// Files in it and in the folders below, without empty and unread ones and links.
    pub files: u64,
    /// Of those, how many state a license, in themselves, beside them or in a `REUSE.toml`.
    pub licensed: u64,
}

impl Folder {
    /// The share of the files that state a license, from 0 to 1 to three digits, rounded down: only 1 means all.
    pub fn coverage(&self) -> f32 {
        (self.licensed * 1000).checked_div(self.files).map_or(0.0, |thousandths| thousandths as f32 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_files_are_full_coverage() {
        let of = |licensed, files| {
            let path = RelPath::default();
            let folder = Folder {
                path,
                declared: None,
                declared_by: None,
                detected: None,
                licenses: Vec::new(),
                files,
                licensed,
            };
            folder.coverage()
        };
        assert_eq!((of(2, 3), of(9_999, 10_000), of(7, 7), of(0, 0)), (0.666, 0.999, 1.0, 0.0));
    }
}
