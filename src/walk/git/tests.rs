//! Against repositories that git itself makes.

use std::path::Path;
use std::process::Command;

use super::*;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Runs git without the configuration of the machine.
fn git(folder: &Path, arguments: &[&str]) -> Result<String, Box<dyn std::error::Error>> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments);
    for (name, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "Ada"),
        ("GIT_AUTHOR_EMAIL", "ada@example.org"),
        ("GIT_COMMITTER_NAME", "Bob"),
        ("GIT_COMMITTER_EMAIL", "bob@example.org"),
    ] {
        command.env(name, value);
    }
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX"]
    {
        command.env_remove(name);
    }
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn commit(folder: &Path, message: &str, time: u64) -> Outcome {
    git(folder, &["add", "-A"])?;
    let stamp = format!("{time} +0000");
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "commit.gpgsign=false", "commit", "-q", "-m", message])
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "Ada")
        .env("GIT_AUTHOR_EMAIL", "ada@example.org")
        .env("GIT_COMMITTER_NAME", "Bob")
        .env("GIT_COMMITTER_EMAIL", "bob@example.org")
        .env("GIT_AUTHOR_DATE", &stamp)
        .env("GIT_COMMITTER_DATE", &stamp)
        .output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}

/// A repository with three commits, two tags, a removed file and a large file that changes a little each time.
fn repository(format: &str) -> Result<tempfile::TempDir, Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    let at = dir.path();
    git(at, &["init", "-q", "-b", "main", &format!("--object-format={format}")])?;
    git(at, &["remote", "add", "origin", "https://me:secret@example.org/a/b.git"])?;
    let long: String = (0..5000).map(|n| format!("line {n}\n")).collect();
    std::fs::create_dir_all(at.join("src/deep"))?;
    std::fs::write(at.join("src/deep/long.txt"), &long)?;
    std::fs::write(at.join("gone.txt"), "old content\n")?;
    commit(at, "first", 1_000_000_000)?;
    git(at, &["tag", "v1"])?;
    std::fs::remove_file(at.join("gone.txt"))?;
    std::fs::write(at.join("src/deep/long.txt"), format!("{long}one more\n"))?;
    commit(at, "second\n\nBody.\n\nSigned-off-by: Ada <ada@example.org>", 1_000_000_100)?;
    git(at, &["tag", "-a", "-m", "the second", "v2"])?;
    std::fs::write(at.join("src/deep/long.txt"), format!("first\n{long}one more\n"))?;
    commit(at, "third", 1_000_000_200)?;
    Ok(dir)
}

fn check(at: &Path, root: &Path) -> Outcome {
    let found = Git::find(root).ok_or("no repository")?;
    let summary = found.summary();
    assert_eq!(summary.unread, Vec::<String>::new());
    let head = summary.head.as_ref().ok_or("no head")?;
    assert_eq!(head.id, git(at, &["rev-parse", "HEAD"])?);
    assert_eq!((head.author.name.as_str(), head.committer.email.as_str()), ("Ada", "bob@example.org"));
    assert_eq!((head.committer.time, head.message.as_str(), head.signed), (1_000_000_200, "third", false));
    let subjects: Vec<&str> = summary.recent.iter().filter_map(|c| c.message.lines().next()).collect();
    assert_eq!(subjects, ["third", "second", "first"]);
    assert_eq!(summary.recent[1].trailers, [("Signed-off-by".to_owned(), "Ada <ada@example.org>".to_owned())]);
    let tags: Vec<(&str, &str)> = summary.tags.iter().map(|t| (t.name.as_str(), t.commit.as_str())).collect();
    let (v1, v2) = (git(at, &["rev-parse", "v1^{commit}"])?, git(at, &["rev-parse", "v2^{commit}"])?);
    assert_eq!(tags, [("v1", v1.as_str()), ("v2", v2.as_str())]);
    assert_eq!(summary.tags[1].time, Some(1_000_000_100));
    assert_eq!(summary.remote.as_deref(), Some("https://example.org/a/b.git"));

    let first = found.resolve("v1")?;
    let old = found.file_at(&first, &RelPath::new("gone.txt"))?;
    assert_eq!(old.as_deref(), Some(&b"old content\n"[..]));
    assert_eq!(found.file_at(&found.resolve("v2")?, &RelPath::new("gone.txt"))?, None);
    let long = found.file_at(&found.resolve("HEAD")?, &RelPath::new("src/deep/long.txt"))?;
    assert_eq!(long, Some(std::fs::read(root.join("src/deep/long.txt"))?));

    let tracked = summary.tracked.ok_or("no index")?;
    let entry = tracked.iter().find(|t| t.path.as_str() == "src/deep/long.txt").ok_or("not tracked")?;
    assert_eq!(entry.id, git(at, &["rev-parse", "HEAD:src/deep/long.txt"])?);

    let past = found.past()?;
    let mut paths: Vec<&str> = past.blobs.iter().map(|b| b.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["gone.txt", "src/deep/long.txt", "src/deep/long.txt"]);
    assert_eq!((past.commits, past.unread.len()), (3, 0));
    Ok(())
}

#[test]
fn loose_and_packed_repositories_say_the_same() -> Outcome {
    for format in ["sha1", "sha256"] {
        let dir = repository(format)?;
        check(dir.path(), dir.path())?;
        git(dir.path(), &["repack", "-adfq", "--depth=50", "--window=50"])?;
        git(dir.path(), &["pack-refs", "--all"])?;
        git(dir.path(), &["prune-packed"])?;
        check(dir.path(), dir.path())?;
        git(dir.path(), &["update-index", "--index-version", "4"])?;
        check(dir.path(), dir.path())?;
    }
    Ok(())
}

#[test]
fn a_folder_of_a_work_tree_sees_its_own_paths() -> Outcome {
    let dir = repository("sha1")?;
    let found = Git::find(&dir.path().join("src/deep")).ok_or("no repository")?;
    let summary = found.summary();
    assert_eq!(summary.prefix.as_str(), "src/deep");
    let tracked: Vec<String> = summary.tracked.iter().flatten().map(|t| t.path.to_string()).collect();
    assert_eq!(tracked, ["long.txt"]);
    assert!(found.file_at(&found.resolve("v1")?, &RelPath::new("long.txt"))?.is_some());
    assert_eq!(found.past()?.blobs.len(), 2, "gone.txt lies outside");
    Ok(())
}

#[test]
fn worktrees_and_submodules_are_followed() -> Outcome {
    let dir = repository("sha1")?;
    let other = tempfile::tempdir()?;
    let tree = other.path().join("tree");
    git(dir.path(), &["worktree", "add", "-q", "-b", "side", tree.to_str().ok_or("path")?])?;
    check(dir.path(), &tree)?;
    let summary = Git::find(&tree).ok_or("no repository")?.summary();
    assert_eq!(summary.branch.as_deref(), Some("side"));

    let outer = tempfile::tempdir()?;
    git(outer.path(), &["init", "-q", "-b", "main"])?;
    let source = dir.path().to_str().ok_or("path")?;
    git(outer.path(), &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source, "inner"])?;
    let summary = Git::find(outer.path()).ok_or("no repository")?.summary();
    assert_eq!((summary.head.as_ref(), summary.branch.as_deref()), (None, Some("main")));
    let commit = git(dir.path(), &["rev-parse", "HEAD"])?;
    let modules: Vec<(&str, &str)> = summary.submodules().map(|t| (t.path.as_str(), t.id.as_str())).collect();
    assert_eq!(modules, [("inner", commit.as_str())]);
    let inner = Git::find(&outer.path().join("inner")).ok_or("no repository")?;
    assert_eq!(inner.head().map(|id| id.to_string()), Some(commit));
    Ok(())
}

#[test]
fn shallow_clones_end_where_they_were_cut() -> Outcome {
    let dir = repository("sha1")?;
    let clone = tempfile::tempdir()?;
    let source = format!("file://{}", dir.path().to_str().ok_or("path")?);
    git(clone.path(), &["clone", "-q", "--depth=1", &source, "x"])?;
    let summary = Git::find(&clone.path().join("x")).ok_or("no repository")?.summary();
    assert!(summary.shallow);
    assert_eq!((summary.recent.len(), summary.unread.len()), (1, 0));
    Ok(())
}

#[test]
fn what_the_configuration_asks_for_is_not_done() -> Outcome {
    let dir = repository("sha1")?;
    let witness = dir.path().join("witness");
    let mut config = std::fs::read_to_string(dir.path().join(".git/config"))?;
    let order = format!("touch {}", witness.display());
    config.push_str(&format!(
        "[core]\n\tfsmonitor = {order}\n\tsshCommand = {order}\n[include]\n\tpath = ../more\n[alias]\n\tx = !{order}\n"
    ));
    std::fs::write(dir.path().join(".git/config"), config)?;
    std::fs::write(dir.path().join("more"), "[remote \"origin\"]\n\turl = https://example.org/included\n")?;
    let summary = Git::find(dir.path()).ok_or("no repository")?.summary();
    assert_eq!(summary.remote.as_deref(), Some("https://example.org/a/b.git"));
    assert!(!witness.exists());
    Ok(())
}

#[test]
fn broken_repositories_are_told_and_cost_only_themselves() -> Outcome {
    let dir = repository("sha1")?;
    git(dir.path(), &["repack", "-adq"])?;
    for entry in std::fs::read_dir(dir.path().join(".git/objects/pack"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "pack") {
            let mut bytes = std::fs::read(&path)?;
            let middle = bytes.len() / 2;
            bytes.truncate(middle);
            std::fs::remove_file(&path)?;
            std::fs::write(&path, bytes)?;
        }
    }
    std::fs::write(dir.path().join(".git/index"), b"DIRC\0\0\0\x02\0\0\xff\xffshort")?;
    let summary = Git::find(dir.path()).ok_or("no repository")?.summary();
    assert!(summary.tracked.is_none());
    assert!(!summary.unread.is_empty());
    // A head that names a file elsewhere is not followed.
    std::fs::write(dir.path().join(".git/HEAD"), "ref: refs/../../outside")?;
    std::fs::write(dir.path().join("outside"), "a".repeat(40))?;
    assert_eq!(Git::find(dir.path()).ok_or("no repository")?.head(), None);
    assert!(Git::find(tempfile::tempdir()?.path()).is_none());
    Ok(())
}

#[test]
fn what_changed_is_told_by_content_since_the_lines_parted() -> Outcome {
    for format in ["sha1", "sha256"] {
        let dir = tempfile::tempdir()?;
        let at = dir.path();
        git(at, &["init", "-q", "-b", "main", &format!("--object-format={format}")])?;
        for name in ["same", "edited", "theirs", "staged"] {
            std::fs::write(at.join(name), name)?;
        }
        commit(at, "first", 1_700_000_000)?;
        git(at, &["checkout", "-q", "-b", "topic"])?;
        std::fs::write(at.join("new"), "new")?;
        commit(at, "second", 1_700_000_100)?;
        git(at, &["checkout", "-q", "main"])?;
        std::fs::write(at.join("theirs"), "changed on the other line")?;
        commit(at, "third", 1_700_000_200)?;
        git(at, &["checkout", "-q", "topic"])?;
        std::fs::write(at.join("edited"), "not committed")?;
        // Touched, and back to what it was.
        std::fs::write(at.join("same"), "same")?;
        let git = Git::find(at).ok_or("no repository")?;
        let changes = git.changes_since("main")?;
        let changed: Vec<&str> = ["edited", "gone", "new", "same", "staged", "theirs"]
            .into_iter()
            .filter(|name| changes.has(&RelPath::new(*name), &at.join(name)))
            .collect();
        assert_eq!(changed, ["edited", "gone", "new"], "{format}");
        for name in ["nowhere", "HEAD~9", "HEAD^2", "HEAD~x", "HEAD^", "main^{tree}", "HEAD~é"] {
            assert_eq!(git.resolve(name).is_ok(), name == "HEAD^", "{name}");
        }
        assert_eq!(git.resolve("topic~1")?, git.resolve("main^")?);
        assert!(git.changes_since("nowhere").is_err());
    }
    Ok(())
}
