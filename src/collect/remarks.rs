//! Things that texts say in passing: markings of confidentiality, addresses inside a network, pointers to content
//! that is elsewhere, downloads of build files.
//!
//! A kind of remark is a row of [`KINDS`]: the keywords that the prefilter looks for, and a function that reads what
//! stands around one of them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::syntax::{Context, Syntax};
use super::{Collector, Hit, Interest, SourceFile};
use crate::model::{Evidence, Inventory, Remark};

/// Collects remarks.
pub struct Remarks;

/// A kind of remark.
struct Kind {
    name: &'static str,
    /// In lower case.
    keywords: &'static [&'static str],
    /// What is remarked at a keyword, as a range of the text; `None` when the keyword means something else.
    find: fn(&SourceFile<'_>, usize) -> Option<Range<usize>>,
}

const KIND_COUNT: usize = 7;

static KINDS: &[Kind; KIND_COUNT] = &[
    Kind {
        name: "confidential",
        keywords: &[
            "confidential",
            "trade secret",
            "do not distribute",
            "not for distribution",
            "严禁外传",
            "不得外传",
            "内部机密",
            "机密文件",
            "仅限内部使用",
        ],
        find: confidential,
    },
    Kind {
        name: "internal-endpoint",
        keywords: &["://10.", "://192.168.", "://172.", ".corp", ".intranet", ".internal"],
        find: internal_endpoint,
    },
    Kind { name: "lfs-pointer", keywords: &["git-lfs.github.com/spec/v1"], find: lfs_pointer },
    Kind {
        name: "build-download",
        keywords: &["file(download", "externalproject_add", "fetchcontent_declare", "urlretrieve("],
        find: build_download,
    },
    Kind { name: "lfs-store", keywords: &["[lfs]"], find: lfs_store },
    Kind {
        name: "change-mark",
        keywords: &[
            "modified by",
            "modified for",
            "modified from",
            "modified to",
            "modifications by",
            "modifications copyright",
            "modifications for",
            "changed by",
            "changes by",
            "changes for",
            "patched by",
            "patched for",
            "patched to",
            "local modification",
            "local change",
            "has been modified",
            "was modified",
            "has been changed",
            "is modified",
            "altered by",
            "adapted by",
            "adapted for",
        ],
        find: change_mark,
    },
    Kind { name: "remote-code", keywords: &["trust_remote_code"], find: remote_code },
];

/// The keywords of all kinds, and for each the kind it belongs to.
static KEYWORDS: LazyLock<(Vec<&'static str>, Vec<usize>)> = LazyLock::new(|| {
    let all =
        KINDS.iter().enumerate().flat_map(|(number, kind)| kind.keywords.iter().map(move |word| (*word, number)));
    all.unzip()
});

/// How many remarks of one kind are kept of one file.
const MOST: usize = 10;

impl Collector for Remarks {
    fn id(&self) -> &'static str {
        "remarks"
    }

    fn summary(&self) -> &'static str {
        "What texts say in passing: markings of confidentiality, addresses inside a network, Git LFS pointers, downloads of build files, trust in remote code"
    }

    fn interest(&self) -> Interest {
        Interest { keywords: &KEYWORDS.0, ..Interest::NONE }
    }

    fn collect(&self, file: &SourceFile<'_>, hits: &[Hit], out: &mut Vec<Evidence>) {
        let mut counts = [0; KIND_COUNT];
        let mut behind = [0; KIND_COUNT];
        for hit in hits {
            let number = KEYWORDS.1[usize::from(hit.keyword)];
            let start = hit.start as usize;
            if counts[number] >= MOST || start < behind[number] {
                continue;
            }
            let kind = &KINDS[number];
            let Some(range) = (kind.find)(file, start) else { continue };
            counts[number] += 1;
            behind[number] = range.end;
            let detail = shorten(&file.text()[range.clone()]);
            out.push(Evidence::Remark(Remark { place: file.place(range), kind: kind.name.to_owned(), detail }));
        }
    }

    fn assemble(&self, inventory: &mut Inventory) {
        inventory.remarks.sort();
    }
}

/// The first words of a text, white space folded.
fn shorten(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(100).collect()
}

/// How much of an endless line is looked at on either side of a keyword.
const REACH: usize = 300;

/// The line around an offset, cut at [`REACH`].
fn line(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let low = at.saturating_sub(REACH);
    let high = (at + REACH).min(bytes.len());
    let start = memchr::memrchr(b'\n', &bytes[low..at]).map_or(low, |n| low + n + 1);
    let end = memchr::memchr(b'\n', &bytes[at..high]).map_or(high, |n| at + n);
    let border = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    border(start)..border(end)
}

/// The match of a pattern in the line around `at` that covers `at`.
fn in_line(pattern: &Regex, text: &str, at: usize) -> Option<Range<usize>> {
    let line = line(text, at);
    let found = pattern.find_iter(&text[line.clone()]).map(|m| line.start + m.start()..line.start + m.end());
    found.into_iter().find(|found| found.start <= at && at < found.end)
}

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        #[allow(clippy::unwrap_used, reason = "a constant; a test compiles it")]
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).unwrap());
    };
}

pattern!(
    CONFIDENTIAL,
    r"(?i)\b(?:strictly|company|highly|top)[ -]confidential\b|\bconfidential\s*(?:and|&|/)\s*proprietary\b|\bproprietary\s*(?:and|&|/)\s*confidential\b|\bconfidential[:;,.!]?\s+(?:do not|not for|property of|-+\s*do not)\b|^[\s#/*<!%;\[({=-]*(?:company\s+confidential|(?-i:CONFIDENTIAL))[\s#/*>!%;\])}=.-]*$|\b(?:contains?|constitutes?)\s+(?:the\s+)?(?:trade secrets?|confidential information)\s+(?:of|belonging|and)\b|\b(?:trade secrets?)\s+(?:of|and confidential)\b|\bdo not distribute\s+(?:outside|without\s+(?:the\s+|prior\s+|express\s+|written\s+)*(?:permission|approval|consent|authori[sz]ation)|externally)\b|\bnot for (?:external|public) distribution\b|^[\s#/*<!%;\[({=-]*not for distribution[\s#/*>!%;\])}=.-]*$|(?-i:\bNOT FOR DISTRIBUTION\b)|严禁外传|不得外传|内部机密|机密文件|仅限内部使用"
);

/// A marking counts at the head of a file, where markings stand; further down the words speak about something.
fn confidential(file: &SourceFile<'_>, at: usize) -> Option<Range<usize>> {
    const HEAD: usize = 4096;
    if at > HEAD {
        return None;
    }
    // In source code a marking is a comment; a string that holds the words is about them.
    if let Some(mut syntax) = Syntax::new(file.path.extension(), file.text())
        && syntax.at(at) != Context::Comment
    {
        return None;
    }
    // A page shows code and its headings as examples.
    let before = &file.text()[..at];
    let is_page = ["html", "htm", "xhtml"].contains(&file.path.extension());
    let shown = |tag: &str| before.matches(&format!("<{tag}")).count() > before.matches(&format!("</{tag}")).count();
    if is_page && (shown("pre") || shown("PRE")) {
        return None;
    }
    // Prose speaks of what has to be kept so, and goes on over lines.
    const KEPT: &[&str] =
        &["be", "kept", "keep", "keeps", "keeping", "remain", "remains", "stay", "stays", "held", "treated"];
    let found = in_line(&CONFIDENTIAL, file.text(), at)?;
    let before = file.text().get(..found.start)?.split_whitespace().next_back().unwrap_or_default();
    (!KEPT.contains(&before.to_ascii_lowercase().as_str())).then_some(found)
}

pattern!(
    INTERNAL,
    r#"(?i)\bhttps?://(?:[^/\s"'@]*@)?(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2}|(?:[a-z0-9-]+\.)+(?:corp|intranet|internal))(?::\d+)?(?:/[^\s"'<>)]*)?"#
);

/// Addresses that are the same everywhere: defaults of devices and emulators, and names that platforms reserve.
const EVERYWHERE: &[&str] = &[
    "//10.0.0.1",
    "//10.0.2.2",
    "//10.96.0.1",
    "//192.168.0.1",
    "//192.168.1.1",
    "//192.168.1.100",
    "//192.168.99.100",
    "//172.17.0.1",
    "docker.internal",
    "google.internal",
    "compute.internal",
    "ec2.internal",
    "containers.internal",
    "example.",
    "//my.",
    "your",
    "//test",
    "//foo",
    "azure.internal",
    "orb.internal",
    "svc.",
];

fn internal_endpoint(file: &SourceFile<'_>, at: usize) -> Option<Range<usize>> {
    let found = in_line(&INTERNAL, file.text(), at)?;
    let text = file.text()[found.clone()].to_ascii_lowercase();
    // `proxy.corp.example.com`: what follows is a part of the name.
    if matches!(file.text().as_bytes()[found.end..], [b'.', b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z', ..]) {
        return None;
    }
    (!EVERYWHERE.iter().any(|known| text.contains(known))).then_some(found)
}

/// A notice that a copy of somebody's file was changed: in a comment, in folders for code of others.
fn change_mark(file: &SourceFile<'_>, at: usize) -> Option<Range<usize>> {
    const FOLDERS: &[&str] = &["vendor", "vendored", "third_party", "third-party", "thirdparty", "3rdparty"];
    if !file.path.folder().split('/').any(|part| FOLDERS.contains(&part.to_ascii_lowercase().as_str())) {
        return None;
    }
    if let Some(mut syntax) = Syntax::new(file.path.extension(), file.text())
        && syntax.at(at) != Context::Comment
    {
        return None;
    }
    Some(line(file.text(), at))
}

/// A pointer of Git LFS is a whole file of a few lines.
fn lfs_pointer(file: &SourceFile<'_>, _: usize) -> Option<Range<usize>> {
    let text = file.text();
    (text.len() < 1024
        && text.starts_with("version https://git-lfs.github.com/spec/v1")
        && text.contains("\noid sha256:"))
    .then(|| 0..text.lines().next().unwrap_or_default().len())
}

pattern!(LFS_URL, r"(?m)^\s*url\s*=\s*(\S+)");

/// The store that `.lfsconfig` names.
fn lfs_store(file: &SourceFile<'_>, at: usize) -> Option<Range<usize>> {
    /// Longest section that is looked at, in bytes.
    const LONGEST: usize = 2000;
    if file.name != ".lfsconfig" {
        return None;
    }
    let section = &file.text()[at..file.text().floor_char_boundary(at + LONGEST)];
    let url = LFS_URL.captures(section)?.get(1)?.range();
    Some(at + url.start..at + url.end)
}

/// A build file that downloads without naming a digest. A call runs to its closing bracket.
fn build_download(file: &SourceFile<'_>, at: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 2000;
    let is_cmake = file.name == "cmakelists.txt" || file.name.ends_with(".cmake");
    let is_python = matches!(file.name, "setup.py" | "build.py" | "conanfile.py");
    let text = file.text();
    let tail = &text.as_bytes()[at..(at + LONGEST).min(text.len())];
    let mut depth = 0;
    let mut end = None;
    for (offset, byte) in tail.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => {
                end = Some(offset + 1);
                break;
            }
            b')' => depth -= 1,
            _ => {}
        }
    }
    let call = text.get(at..at + end?)?;
    let lower = call.to_ascii_lowercase();
    let fetches = lower.contains("http://") || lower.contains("https://");
    let is_checked = ["hash", "md5", "sha1", "sha256", "sha512"].iter().any(|word| lower.contains(word));
    // A repository fetched at a commit is checked by the commit.
    let from_git = lower.contains("git_repository");
    (fetches && !is_checked && !from_git && (is_cmake && !is_commented_cmake(text, at) || is_python))
        .then(|| line(text, at).start.max(at)..line(text, at).end)
}

/// Whether a place lies in a comment of CMake: one to the end of its line, or in brackets (`#[==[ … ]==]`).
fn is_commented_cmake(text: &str, at: usize) -> bool {
    const LONGEST: usize = 64 << 10;
    let before = &text[text.ceil_char_boundary(at.saturating_sub(LONGEST))..at];
    if before.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('#')) {
        return true;
    }
    let Some(open) = before.rfind("#[") else { return false };
    let rest = &before[open + 2..];
    let level = rest.bytes().take_while(|b| *b == b'=').count();
    rest[level..].starts_with('[') && !rest.contains(&format!("]{}]", "=".repeat(level)))
}

pattern!(REMOTE_CODE, r#"\btrust_remote_code["']?\s*[=:]\s*(?:True|true)\b"#);

fn remote_code(file: &SourceFile<'_>, at: usize) -> Option<Range<usize>> {
    in_line(&REMOTE_CODE, file.text(), at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Encoding, FileKind, RelPath};

    fn read(name: &str, text: &str) -> Vec<(String, String)> {
        let path = RelPath::new(name);
        let lower = path.name().to_lowercase();
        let kind = FileKind::Text(Encoding::Utf8);
        let file = SourceFile::text_file(&path, &lower, &kind, text);
        let text = text.to_ascii_lowercase();
        let mut hits: Vec<Hit> = Vec::new();
        for (number, word) in KEYWORDS.0.iter().enumerate() {
            hits.extend(text.match_indices(word).map(|(at, _)| Hit { keyword: number as u16, start: at as u32 }));
        }
        hits.sort_by_key(|hit| hit.start);
        let mut out = Vec::new();
        Remarks.collect(&file, &hits, &mut out);
        out.into_iter()
            .filter_map(|evidence| match evidence {
                Evidence::Remark(remark) => Some((remark.kind, remark.detail)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn markings_are_told_from_words_about_confidentiality() {
        assert_eq!(read("a.c", "/* ACME Corp. Proprietary and Confidential. */")[0].0, "confidential");
        assert_eq!(read("a.c", "// CONFIDENTIAL\nint x;")[0].0, "confidential");
        assert_eq!(read("notes.md", "本文档为内部机密")[0].0, "confidential");
        assert!(read("SECURITY.md", "Reports are kept confidential.").is_empty());
        assert!(read("doc/md5.txt", "The database must be kept strictly confidential; who has it").is_empty());
        assert!(read("doc/a.but", "only for what needs to be\nconfidential.)\n").is_empty());
        assert_eq!(read("a.txt", "This is strictly confidential.\n")[0].0, "confidential");
        assert!(read("oauth.py", "A confidential client keeps its secret.").is_empty());
        assert!(read("a.hs", "-- intended for local use and not for distribution. In this case,").is_empty());
        assert!(read("a.c", "// do not distribute without this notice").is_empty());
        assert!(read("a.md", "clients are either public or\nconfidential").is_empty());
        assert_eq!(read("a.c", "// Do not distribute without prior written consent.")[0].0, "confidential");
        assert_eq!(read("a.c", "/* Draft, NOT FOR DISTRIBUTION */")[0].0, "confidential");
        assert!(read("a.c", &format!("{}// CONFIDENTIAL\n", "int x;\n".repeat(2000))).is_empty());
    }

    #[test]
    fn addresses_inside_a_network_are_told_from_those_that_are_the_same_everywhere() {
        // Put together here, so that this file names no such address itself.
        let [address, name] = ["10.12.4.7:8080/api", "ci.acme.corp/x"].map(|rest| format!("http://{rest}"));
        assert_eq!(read("a.yml", &format!("url: {address}"))[0].1, address);
        assert_eq!(read("a.yml", &format!("url: {name}")).len(), 1);
        assert!(read("a.yml", "url: http://192.168.0.1/\nb: http://host.docker.internal:80").is_empty());
        assert!(read("a.rs", "// 10.12.4.7 is no address here, nor is std.internal").is_empty());
    }

    #[test]
    fn downloads_without_a_digest_are_remarked_in_build_files() {
        let call = "FetchContent_Declare(x URL https://example.org/x.zip)";
        assert_eq!(read("CMakeLists.txt", call).len(), 1);
        assert!(read("CMakeLists.txt", &call.replace(")", " URL_HASH SHA256=00)")).is_empty());
        assert!(read("notes.txt", call).is_empty());
    }

    #[test]
    fn pointers_and_trust_in_remote_code_are_remarked() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
        assert_eq!(read("model.bin", pointer)[0].0, "lfs-pointer");
        let load = |value: &str| format!("x = load(trust_remote_code={value})");
        assert_eq!(read("a.py", &load("True"))[0].0, "remote-code");
        assert!(read("a.py", &load("False")).is_empty());
    }
}
