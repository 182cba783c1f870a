//! Commands that fetch what nothing verifies: the questions of OpenSSF Scorecard's Pinned-Dependencies.

use std::ops::Range;

use super::found::Found;
use super::shell::{self, Command, Form};
use crate::model::{Weight, is_commit_id};

/// What a command does wrong.
pub(super) struct Download {
    /// The command.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) message: String,
    /// Whether what was fetched is run at once, rather than installed in whatever version is newest.
    pub(super) runs: bool,
    /// The check of OpenSSF Scorecard that finds it as well: it looks at each step alone, and not at PowerShell.
    pub(super) scorecard: Option<&'static str>,
}

impl Download {
    /// The name of the audit that finds it.
    pub(super) fn audit(&self) -> &'static str {
        if self.runs { "download-then-run" } else { "package-unpinned" }
    }

    /// The finding, at `span` of the file.
    pub(super) fn found_at(self, span: Range<usize>) -> Found {
        let weight = if self.runs { Weight::High } else { Weight::Low };
        Found::new(span, self.message).weight(weight).scorecard(self.scorecard)
    }
}

/// Names of files that were fetched and that nothing has checked yet.
#[derive(Default)]
pub(super) struct Fetched {
    /// By earlier steps of the same recipe or job.
    before: Vec<String>,
    /// By this one.
    here: Vec<String>,
}

impl Fetched {
    /// A file that something else than a command fetched.
    pub(super) fn add(&mut self, file: &str) {
        self.before.push(file.to_owned());
    }

    fn clear(&mut self) {
        self.before.clear();
        self.here.clear();
    }
}

/// The check that asks the same questions.
const SCORECARD: &str = "Pinned-Dependencies";
/// How deep `sh -c '…'` is followed.
const MOST_NESTED: usize = 3;
/// Programs that run what they are given.
const INTERPRETERS: &[&str] = &[
    "sh",
    "bash",
    "mksh",
    "dash",
    "ksh",
    "zsh",
    "exec",
    "su",
    "eval",
    "source",
    ".",
    "python",
    "python3",
    "python2.7",
    "perl",
    "ruby",
    "php",
    "node",
    "nodejs",
    "java",
    "dotnet",
    "nuget",
];
/// Programs that check what was fetched against something that is known.
const VERIFIERS: &[&str] = &[
    "sha256sum",
    "sha512sum",
    "shasum",
    "sha1sum",
    "md5sum",
    "b2sum",
    "gpg",
    "gpgv",
    "cosign",
    "minisign",
    "openssl",
    "slsa-verifier",
    "gh",
];

/// The downloads of a script that nothing verifies. `fetched` comes from earlier steps of the same recipe or job, and is
/// what is left for later ones.
pub(super) fn downloads(script: &str, fetched: &mut Fetched) -> Vec<Download> {
    let mut out = Vec::new();
    judge(script, 0, 0, fetched, &mut out);
    fetched.before.append(&mut fetched.here);
    out
}

/// As [`downloads`], of a script in PowerShell: `iwr … | iex`, files that are fetched and then run, installations.
pub(super) fn powershell_downloads(script: &str) -> Vec<Download> {
    const FETCH: &[&str] =
        &["iwr", "invoke-webrequest", "irm", "invoke-restmethod", "curl", "wget", "downloadstring", "downloaddata"];
    const RUN: &[&str] = &["iex", "invoke-expression", "scriptblock"];
    let mut out = Vec::new();
    let mut fetched: Vec<String> = Vec::new();
    let mut start = 0;
    for line in script.split_inclusive('\n') {
        let span = start..start + line.trim_end().len();
        start += line.len();
        let lower = line.to_ascii_lowercase();
        let code = lower.split(" #").next().unwrap_or_default().trim();
        let mut names = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let has = |known: &[&str]| names.clone().any(|name| known.contains(&name));
        let shown = shorten(line.trim());
        let words: Vec<&str> = code.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
        let option = |name: &str| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1));
        let is_file = |word: &str, file: &String| {
            word.trim_start_matches("./").trim_start_matches(".\\")
                == file.trim_start_matches("./").trim_start_matches(".\\")
        };
        let first = words
            .iter()
            .find(|word| !matches!(**word, "&" | "." | "start-process" | "powershell" | "pwsh" | "-file"));
        if code.is_empty() || code.starts_with('#') {
            continue;
        }
        if has(&["get-filehash", "get-authenticodesignature"]) {
            fetched.clear();
        } else if has(FETCH) && has(RUN) {
            out.push(Download {
                span,
                message: format!("`{shown}` runs what was fetched, unseen"),
                runs: true,
                scorecard: None,
            });
        } else if names.any(|name| FETCH.contains(&name)) {
            fetched.extend(option("-outfile").or_else(|| option("-o")).map(|file| (*file).to_owned()));
        } else if first.is_some_and(|word| fetched.iter().any(|file| is_file(word, file))) {
            let message = format!("`{shown}` runs a file that was fetched and not checked");
            out.push(Download { span, message, runs: true, scorecard: None });
        }
    }
    for command in shell::commands(script, "pwsh").unwrap_or_default() {
        if let Some(what) = unpinned(&words(&command)) {
            let shown = shorten(script.get(command.span.clone()).unwrap_or_default());
            out.push(Download {
                span: command.span,
                message: format!("`{shown}` {what}"),
                runs: false,
                scorecard: None,
            });
        }
    }
    out.sort_by_key(|download| download.span.start);
    out
}

/// Whether a command line of npm names a package, so that it is found as one outside of a lock file.
pub(super) fn names_npm_package(command: &str) -> bool {
    let mut words = command.split_whitespace().filter(|word| !word.starts_with('-'));
    words.next() == Some("npm") && words.next() != Some("update") && words.next().is_some()
}

/// The words of a command without what only changes who runs it.
fn words(command: &Command) -> Vec<&str> {
    let mut words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
    while words.first().is_some_and(|word| ["sudo", "env", "command", "nice", "time", "exec"].contains(word))
        && words.len() > 1
    {
        words.remove(0);
        while words.len() > 1 && (words[0].starts_with('-') || (words[0].contains('=') && !words[0].contains('/'))) {
            words.remove(0);
        }
    }
    words
}

fn program<'w>(words: &[&'w str]) -> &'w str {
    let first = words.first().copied().unwrap_or_default();
    let name = first.rsplit('/').next().unwrap_or(first);
    name.strip_suffix(".exe").unwrap_or(name)
}

fn is_fetch(words: &[&str]) -> bool {
    match program(words) {
        "curl" | "wget" | "gsutil" => true,
        "aws" => {
            words.get(1..3) == Some(&["s3api", "get-object"])
                || words.get(1..3) == Some(&["s3", "cp"])
                    && words.get(3).is_some_and(|from| from.starts_with("s3://"))
        }
        _ => false,
    }
}

/// Whether a text is what a fetch gives: `$(curl …)`.
fn is_substituted_fetch(text: &str) -> bool {
    ["$(curl ", "$(wget ", "`curl ", "`wget "].iter().any(|start| text.starts_with(start))
}

fn judge(script: &str, base: usize, nested: usize, fetched: &mut Fetched, out: &mut Vec<Download>) {
    let commands = shell::bash(script);
    for command in &commands {
        let words = words(command);
        let program = program(&words);
        let span = base + command.span.start..base + command.span.end;
        let shown = shorten(script.get(command.span.clone()).unwrap_or_default());
        if VERIFIERS.contains(&program) {
            fetched.clear();
            continue;
        }
        let unseen = || Download {
            span: span.clone(),
            message: format!("`{shown}` runs what was fetched, unseen"),
            runs: true,
            scorecard: Some(SCORECARD),
        };
        let is_interpreter = INTERPRETERS.contains(&program);
        let source = command.reads.and_then(|at| commands.get(at));
        let reads_code = is_interpreter && !has_code_of_its_own(program, &words);
        if reads_code && source.is_some_and(|source| is_fetch(&self::words(source))) {
            out.push(unseen());
        }
        let substituted = command.words.iter().filter_map(|word| word.substitutes).filter_map(|at| commands.get(at));
        if is_interpreter && substituted.into_iter().any(|inner| is_fetch(&self::words(inner))) {
            out.push(unseen());
        }
        let evaluates = ["eval", "source", "."].contains(&program);
        if evaluates && words.iter().skip(1).any(|word| is_substituted_fetch(word)) {
            out.push(unseen());
        }
        // `sh -c "$(curl …)"`, and scripts in quotes.
        if is_interpreter && let Some(at) = words.iter().position(|word| word.starts_with('-') && word.contains('c'))
        {
            let inner = command.words.iter().find(|word| words.get(at + 1) == Some(&word.text.as_str()));
            if let Some(inner) = inner {
                if is_substituted_fetch(&inner.text) {
                    out.push(unseen());
                } else if inner.form == Form::Quoted && nested < MOST_NESTED {
                    judge(&inner.text, base + inner.span.start + 1, nested + 1, fetched, out);
                }
            }
        }
        let runs = |file: &String| {
            let is = |word: &&str| word.trim_start_matches("./") == file.trim_start_matches("./");
            words.first().is_some_and(is) || (is_interpreter && script_words(&words).iter().any(is))
        };
        let (here, earlier) = (fetched.here.iter().any(runs), fetched.before.iter().any(runs));
        if !is_fetch(&words) && (here || earlier) {
            let message = format!("`{shown}` runs a file that was fetched and not checked");
            out.push(Download { span: span.clone(), message, runs: true, scorecard: here.then_some(SCORECARD) });
        }
        if is_fetch(&words) {
            fetched.here.extend(target(command, &words));
        }
        if let Some(what) = unpinned(&words) {
            out.push(Download {
                span,
                message: format!("`{shown}` {what}"),
                runs: false,
                scorecard: Some(SCORECARD),
            });
        }
    }
}

/// Whether an interpreter of a language is given its code on the command line, so that what flows into it is data:
/// `curl … | python3 -c '…'`, `curl … | perl -ne '…'`, `curl … | node script.js`.
fn has_code_of_its_own(program: &str, words: &[&str]) -> bool {
    let code: &[char] = match program {
        name if name.starts_with("python") => &['c', 'm'],
        "perl" => &['e', 'E', 'n', 'p'],
        "ruby" => &['e', 'n', 'p'],
        "php" => &['r', 'B', 'R'],
        "node" | "nodejs" => &['e', 'p'],
        _ => return false,
    };
    let is_code = |word: &&str| {
        word.strip_prefix('-').is_some_and(|flags| !flags.starts_with('-') && flags.contains(code))
            || (!word.starts_with('-') && !word.is_empty())
    };
    words.iter().skip(1).any(is_code)
}

/// The words of an interpreter's command line among which the name of its script is: its options, their values, and
/// the first word that is neither. What comes after is handed to the script.
fn script_words<'a, 'w>(words: &'a [&'w str]) -> &'a [&'w str] {
    let takes_value = |word: &str| ["-o", "+o", "-O", "-W", "-X", "-cp", "-classpath", "-I", "-c"].contains(&word);
    let rest = words.get(1..).unwrap_or_default();
    let is_script = |(at, word): (usize, &&str)| {
        let is_value = at > 0 && rest.get(at - 1).is_some_and(|before| takes_value(before));
        !word.starts_with(['-', '+']) && !is_value
    };
    let script = rest.iter().enumerate().position(is_script);
    &rest[..script.map_or(rest.len(), |at| at + 1)]
}

/// The command on one line, without what is long.
fn shorten(text: &str) -> String {
    let line = text.split_whitespace().filter(|word| *word != "\\").collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The file that a fetch writes.
fn target(command: &Command, words: &[&str]) -> Option<String> {
    if let Some(redirect) = command.redirects.iter().find(|redirect| redirect.writes) {
        return Some(redirect.target.text.clone());
    }
    let option = words.iter().position(|word| match program(words) {
        "curl" => {
            *word == "-o"
                || *word == "--output"
                || (word.starts_with('-') && !word.starts_with("--") && word.ends_with('o'))
        }
        _ => *word == "-O" || *word == "--output-document" || (word.starts_with("-q") && word.ends_with('O')),
    });
    if let Some(file) = option.and_then(|at| words.get(at + 1)).filter(|file| **file != "-") {
        return Some((*file).to_owned());
    }
    match program(words) {
        "gsutil" | "aws" => {
            let to = words.last()?;
            let from = words.iter().find(|word| word.starts_with("gs://") || word.starts_with("s3://"));
            let name = from.and_then(|from| from.rsplit('/').next());
            let is_folder = *to == "." || to.ends_with('/');
            Some(name.filter(|_| is_folder).map_or_else(
                || (*to).to_owned(),
                |name| format!("{}{name}", to.strip_prefix("./").unwrap_or(to).trim_start_matches('.')),
            ))
        }
        name => {
            let is_named = name == "wget"
                || words.iter().any(|w| {
                    *w == "--remote-name" || (w.starts_with('-') && !w.starts_with("--") && w.contains('O'))
                });
            let url = words.iter().find(|word| word.starts_with("http")).filter(|_| is_named)?;
            url.split(['?', '#']).next()?.rsplit('/').next().map(str::to_owned).filter(|file| !file.is_empty())
        }
    }
}

/// What is wrong with an installation, when nothing pins all that it takes.
fn unpinned(words: &[&str]) -> Option<&'static str> {
    const LOOSE: &str = "installs what neither hashes nor a lock file pin";
    let rest = words.get(1..).unwrap_or_default();
    let has = |word: &str| rest.contains(&word);
    let is_unpinned = match program(words) {
        "pip" | "pip3" => rest.first() == Some(&"install") && !is_pip_pinned(&rest[1..]),
        name if name.starts_with("python") => {
            let module = rest.windows(3).position(|w| w == ["-m", "pip", "install"]);
            module.is_some_and(|at| !is_pip_pinned(&rest[at + 3..]))
        }
        "npm" => {
            let installs = ["install", "i", "install-test", "update"];
            rest.iter().find(|word| !word.starts_with('-')).is_some_and(|word| installs.contains(word)) && !has("ci")
        }
        "go" => matches!(rest.first(), Some(&("get" | "install"))) && rest.len() > 1 && !is_go_pinned(&rest[1..]),
        "cargo" => {
            let installs = rest.iter().find(|word| !word.starts_with(['-', '+'])) == Some(&"install");
            let is_own = has("--path") || rest.iter().any(|word| word.starts_with("--path="));
            installs && !is_own && !has("--locked") && !has("--list")
        }
        "choco" => {
            let checks = |word: &&str| {
                let name = word.split('=').next().unwrap_or_default().to_ascii_lowercase();
                ["--requirechecksum", "--requirechecksums", "--require-checksums"].contains(&name.as_str())
            };
            rest.first() == Some(&"install") && !rest.iter().any(checks)
        }
        "nuget" => {
            let listed = rest.get(1).is_none_or(|word| word.ends_with("packages.config"));
            rest.first() == Some(&"install")
                && !listed
                && !rest.iter().any(|word| word.eq_ignore_ascii_case("-version"))
        }
        "dotnet" => {
            rest.first() == Some(&"add")
                && rest.iter().take(3).any(|w| *w == "package")
                && !has("-v")
                && !has("--version")
        }
        _ => false,
    };
    is_unpinned.then_some(LOOSE)
}

/// Whether an installation of Python packages takes only what it knows by its hash, or what lies in the checkout.
fn is_pip_pinned(arguments: &[&str]) -> bool {
    let has = |word: &str| arguments.contains(&word);
    if has("--require-hashes") {
        return true;
    }
    let is_remote = |word: &str| ["git", "hg", "svn", "bzr"].iter().any(|kind| word.starts_with(&format!("{kind}+")));
    let is_commit = |word: &str| {
        let version = word.rsplit_once('@').map_or("", |(_, version)| version.split('#').next().unwrap_or_default());
        is_commit_id(version)
    };
    let mut packages = arguments.iter().filter(|word| !word.starts_with('-')).peekable();
    let is_editable = has("-e") || has("--editable");
    if is_editable {
        return has("--no-deps") && packages.all(|word| !is_remote(word) || is_commit(word));
    }
    if has("--no-deps")
        && packages.peek().is_some()
        && packages.clone().all(|word| is_remote(word) && is_commit(word))
    {
        return true;
    }
    packages.peek().is_some() && packages.all(|word| word.ends_with(".whl"))
}

/// Whether every package of `go install` has a version that cannot move.
fn is_go_pinned(arguments: &[&str]) -> bool {
    let packages = arguments.iter().filter(|word| !word.starts_with('-'));
    packages.into_iter().all(|word| {
        let host = word.split('/').next().unwrap_or_default();
        // What is no address lies in the checkout.
        if !host.contains('.') || host.starts_with('.') {
            return true;
        }
        let Some((_, version)) = word.split_once('@') else { return false };
        let is_release = version.strip_prefix('v').is_some_and(|v| {
            let numbers = v.split(['-', '+']).next().unwrap_or_default();
            numbers.split('.').count() == 3 && numbers.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        });
        version == "none" || is_release || (version.len() >= 40 && version.bytes().all(|b| b.is_ascii_hexdigit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(script: &str) -> Vec<(&str, bool)> {
        downloads(script, &mut Fetched::default()).into_iter().map(|d| (&script[d.span], d.runs)).collect()
    }

    #[test]
    fn what_is_fetched_and_run_is_found() {
        for script in [
            "curl -sSf https://example.com/i.sh | sh -s -- -y",
            "wget -qO- https://example.com/i.sh | sudo bash",
            "bash <(curl -s https://example.com/i.sh)",
            "sh -c \"$(curl -fsSL https://example.com/i.sh)\"",
            "curl -o /tmp/f https://example.com/f && bash /tmp/f",
            "curl https://example.com/f > f; chmod +x f; ./f",
            "wget https://example.com/a/f.sh\nsh f.sh",
            "bash -c 'curl https://example.com/x | sh'",
            "curl https://example.com/x.py | python3 - --yes",
            "curl -o f https://example.com/f; bash -o pipefail f x",
            "eval \"$(curl -fsSL https://example.com/i.sh)\"",
            "gsutil cp gs://bucket/i.sh . && bash i.sh",
            "aws s3 cp s3://bucket/i.sh i.sh && bash i.sh",
        ] {
            assert_eq!(found(script).iter().filter(|(_, runs)| *runs).count(), 1, "{script}");
        }
    }

    #[test]
    fn what_is_checked_or_only_kept_is_left_alone() {
        for script in [
            "curl -o f https://example.com/f\necho \"abc  f\" | sha256sum --check\nsh f",
            "curl https://example.com/data.json | jq .name",
            "curl -O https://example.com/a.tar.gz && tar xf a.tar.gz",
            "echo 'curl x | sh'",
            "curl https://example.com/data.json | python3 -c 'import json, sys; print(json.load(sys.stdin))'",
            "curl https://example.com/data.json | python -m json.tool",
            "curl https://example.com/log | perl -ne 'print if /x/'",
            "curl -o \"$2\" https://example.com/log; bash \"$(dirname \"$0\")/clean.sh\" \"$2\"",
        ] {
            assert_eq!(found(script), [], "{script}");
        }
    }

    #[test]
    fn powershell_runs_what_it_fetched() {
        for script in [
            "iwr https://example.com/i.ps1 | iex",
            "Invoke-Expression (Invoke-WebRequest https://example.com/i.ps1).Content",
            "iex ((New-Object System.Net.WebClient).DownloadString('https://example.com/i.ps1'))",
            "& ([scriptblock]::Create((irm https://example.com/i.ps1)))",
            "iwr https://example.com/i.exe -OutFile i.exe\n.\\i.exe /S",
            "choco install git",
        ] {
            assert_eq!(powershell_downloads(script).len(), 1, "{script}");
        }
        for script in [
            "iwr https://example.com/a.zip -OutFile a.zip\nExpand-Archive a.zip",
            "# iwr https://example.com/i.ps1 | iex",
            "iwr https://example.com/i.exe -OutFile i.exe\nif ((Get-FileHash i.exe).Hash -ne $h) { exit 1 }\n.\\i.exe",
            "npm ci",
        ] {
            assert_eq!(powershell_downloads(script).len(), 0, "{script}");
        }
    }

    #[test]
    fn installations_of_the_newest_are_found() {
        for script in [
            "pip install requests",
            "python -m pip install -U pip",
            "pip install -r requirements.txt",
            "sudo pip3 install x",
            "npm install",
            "go install example.com/x@latest",
            "go get example.com/x",
            "cargo install cargo-deny",
            "choco install git",
            "nuget install x",
            "dotnet add package x",
        ] {
            assert_eq!(found(script), [(script, false)], "{script}");
        }
        for script in [
            "pip install --require-hashes -r requirements.txt",
            "pip install ./dist/x.whl",
            "pip install --no-deps -e .",
            "pip install --no-deps git+https://example.com/x@0123456789abcdef0123456789abcdef01234567",
            "npm ci",
            "npm run install-hooks",
            "go install example.com/x@v1.2.3",
            "go install ./cmd/x",
            "cargo install --locked cargo-deny",
            "cargo install --path .",
            "choco install git --requirechecksum",
            "nuget install x -Version 1",
            "dotnet add package x --version 1",
            "pip --version",
        ] {
            assert_eq!(found(script), [], "{script}");
        }
    }
}
