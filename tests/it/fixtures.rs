//! Puts a fixture together in a folder of its own; `fixtures/README.md` says how fixtures are written.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What is taken out of `.parts` files.
const CUT: &str = "~|~";

/// A fixture, ready to be scanned.
pub(crate) struct Fixture(tempfile::TempDir);

impl Fixture {
    /// Copies and assembles the fixture in `folder`.
    pub(crate) fn assemble(folder: &Path) -> Self {
        let fixture = Self(tempfile::tempdir().unwrap());
        let steps = std::fs::read_to_string(folder.join("history.txt")).ok();
        if steps.is_none() {
            fixture.lay(folder, &[]);
            return fixture;
        }
        fixture.git(&["init", "-q", "-b", "main"], "");
        let mut whole = false;
        for step in steps.unwrap().lines().filter(|line| !line.is_empty()) {
            let (verb, rest) = step.split_once(' ').unwrap();
            match verb {
                "origin" => fixture.git(&["remote", "add", "origin", rest], ""),
                "tag" => fixture.git(&["tag", rest], ""),
                "remove" => std::fs::remove_file(fixture.path().join(rest)).unwrap(),
                "commit" => {
                    let [number, day, message] = rest.splitn(3, ' ').collect::<Vec<_>>()[..] else {
                        panic!("{step}")
                    };
                    if number == "." {
                        whole = true;
                        fixture.lay(folder, &["history.txt", "history"]);
                    } else {
                        fixture.lay(&folder.join("history").join(number), &[]);
                    }
                    let when = format!("{day}T12:00:00+00:00");
                    fixture.git(&["add", "-A", "-f"], "");
                    let message = message.replace("\\n", "\n");
                    fixture
                        .git(&["-c", "commit.gpgsign=false", "commit", "-q", "--allow-empty", "-m", &message], &when);
                }
                _ => panic!("{step}: there is no such step"),
            }
        }
        if !whole {
            fixture.lay(folder, &["history.txt", "history"]);
        }
        fixture
    }

    /// The folder to scan.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Copies a tree over what is there, without its top entries named in `without`.
    fn lay(&self, folder: &Path, without: &[&str]) {
        let keep =
            |entry: &walkdir::DirEntry| entry.depth() != 1 || !without.iter().any(|name| entry.file_name() == *name);
        for entry in walkdir::WalkDir::new(folder).into_iter().filter_entry(keep) {
            let entry = entry.unwrap();
            if !entry.file_type().is_dir() {
                self.put(entry.path(), &self.path().join(entry.path().strip_prefix(folder).unwrap()));
            }
        }
    }

    fn put(&self, from: &Path, to: &Path) {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let whole = |to: &Path| -> PathBuf { to.with_extension("") };
        match from.extension().and_then(|e| e.to_str()) {
            Some("parts") => {
                let text = std::fs::read_to_string(from).unwrap();
                assert!(text.contains(CUT), "{}: nothing in parts", from.display());
                std::fs::write(whole(to), text.replace(CUT, "")).unwrap();
            }
            Some("hex") => {
                let text = std::fs::read_to_string(from).unwrap();
                let digits: Vec<u8> = text
                    .lines()
                    .filter(|line| !line.starts_with('#'))
                    .flat_map(|line| line.bytes().filter(|b| !b.is_ascii_whitespace()))
                    .collect();
                let digit = |b: u8| char::from(b).to_digit(16).unwrap() as u8;
                let bytes: Vec<u8> = digits.chunks(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])).collect();
                std::fs::write(whole(to), bytes).unwrap();
            }
            _ => {
                std::fs::copy(from, to).unwrap();
            }
        }
    }

    /// Runs git in the folder, as one fixed person and without the configuration of the machine.
    fn git(&self, arguments: &[&str], when: &str) {
        let mut command = Command::new("git");
        command.current_dir(self.path()).args(arguments);
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"] {
            command.env_remove(name);
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Ada").env(format!("GIT_{who}_EMAIL"), "ada@example.org");
            command.env(format!("GIT_{who}_DATE"), when);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn fixtures_are_put_together_with_their_history() {
    let source = crate::support::Tree::new(&[
        (
            "history.txt",
            "origin https://example.org/a/b.git\ncommit 1 2024-05-01 One\\n\\nMore\nremove old.c\ncommit . 2024-06-01 Two\ntag v1\n",
        ),
        ("history/1/old.c", "int x;\n"),
        ("src/token.txt.parts", "ab~|~cd\n"),
        ("tool.hex", "# magic\n7f 45\n4c46\n"),
    ]);
    let fixture = Fixture::assemble(source.path());
    let read = |path: &str| std::fs::read(fixture.path().join(path)).unwrap();
    assert_eq!((read("src/token.txt"), read("tool")), (b"abcd\n".to_vec(), b"\x7fELF".to_vec()));
    assert!(!fixture.path().join("old.c").exists() && !fixture.path().join("history").exists());
    let repository = openclause::walk::git::Git::find(fixture.path()).unwrap().summary();
    let messages: Vec<&str> = repository.recent.iter().map(|c| c.message.as_str()).collect();
    assert_eq!(messages, ["Two", "One\n\nMore"]);
    assert_eq!(repository.tags[0].time, Some(1_717_243_200), "noon of 2024-06-01 in UTC");
}
