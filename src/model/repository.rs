//! The git repository that a checkout is of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RelPath;

/// Whether a reference is the full id of a commit (SHA-1, 40 hexadecimal digits), which nobody can move.
pub fn is_commit_id(reference: &str) -> bool {
    reference.len() == 40 && reference.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What the git repository of the scanned root says, as far as it is cheap to know.
///
/// Paths are relative to the scanned root, which may be a folder of the repository; see [`Repository::prefix`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Repository {
    /// Where the scanned root lies in the work tree; empty when it is the work tree.
    pub prefix: RelPath,
    /// The branch that is checked out, without `refs/heads/`; `None` when a commit is checked out by its id.
    pub branch: Option<String>,
    /// The commit that is checked out; `None` in a repository without a commit.
    pub head: Option<Commit>,
    /// The last commits behind `head`, newest first and `head` among them, at most [`Repository::RECENT`].
    pub recent: Vec<Commit>,
    /// Tags, sorted by name.
    pub tags: Vec<Tag>,
    /// URL of the remote `origin`, without user name and password.
    pub remote: Option<String>,
    /// Whether the history was cut (`git clone --depth`), so that what is absent from it may exist elsewhere.
    pub shallow: bool,
    /// The paths below the scanned root that the index lists, sorted; `None` when there is no index that can be read.
    pub tracked: Option<Vec<Tracked>>,
    /// What could not be read of the repository, in words.
    pub unread: Vec<String>,
}

impl Repository {
    /// How many commits are kept in [`Repository::recent`].
    pub const RECENT: usize = 100;

    /// Whether git tracks a file; `None` when there is no index that tells.
    pub fn is_tracked(&self, path: &RelPath) -> Option<bool> {
        let tracked = self.tracked.as_ref()?;
        Some(tracked.binary_search_by(|t| t.path.cmp(path)).is_ok())
    }

    /// The submodules below the scanned root.
    pub fn submodules(&self) -> impl Iterator<Item = &Tracked> {
        self.tracked.iter().flatten().filter(|t| t.kind == TrackedKind::Submodule)
    }
}

/// One entry of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tracked {
    /// Its path.
    pub path: RelPath,
    /// What it is.
    pub kind: TrackedKind,
    /// The id of its blob, or of the commit of a submodule, in hexadecimal.
    pub id: String,
}

/// What an entry of the index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrackedKind {
    /// A file.
    File,
    /// A file that may be executed.
    Executable,
    /// A symbolic link.
    Link,
    /// A commit of another repository.
    Submodule,
    /// A folder of a sparse index.
    Folder,
}

/// One tag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Tag {
    /// Its name, without `refs/tags/`.
    pub name: String,
    /// The commit that it leads to, in hexadecimal.
    pub commit: String,
    /// When that commit was made, in seconds since 1970; `None` when the commit cannot be read.
    pub time: Option<i64>,
}

/// One commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Commit {
    /// Its id, in hexadecimal.
    pub id: String,
    /// The ids of its parents.
    pub parents: Vec<String>,
    /// Who wrote the change.
    pub author: Person,
    /// Who recorded it.
    pub committer: Person,
    /// Subject and body.
    pub message: String,
    /// Trailers of the last paragraph (`Signed-off-by: …`), in order.
    pub trailers: Vec<(String, String)>,
    /// Whether it carries a signature, of whatever kind; nothing is verified.
    pub signed: bool,
}

/// Who did something to a commit, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Seconds since 1970.
    pub time: i64,
}
