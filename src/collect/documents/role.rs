//! What a document is for, how it is written and in which language, by its name and folder.

use crate::model::{DocumentRole, RelPath};

/// How a document is marked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// CommonMark with the extensions of GitHub.
    Markdown,
    /// reStructuredText.
    Rst,
    /// AsciiDoc.
    Asciidoc,
    /// HTML.
    Html,
    /// Text without marks, or with marks that are not read.
    Plain,
    /// YAML: issue forms and `CITATION.cff`.
    Yaml,
}

/// A document, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) role: DocumentRole,
    pub(super) format: Format,
}

/// Folders where a forge looks for a project's documents.
const HOMES: &[&str] = &[
    "",
    ".github",
    ".gitlab",
    ".gitee",
    ".forgejo",
    ".gitea",
    "docs",
    "doc",
    "Documentation",
    "docs/source",
    "doc/source",
];

/// Classifies a path; `None` when it is no document. `name` is the file name in lower case.
pub(super) fn classify(name: &str, path: &RelPath) -> Option<Class> {
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 => (&name[..dot], &name[dot + 1..]),
        _ => (name, ""),
    };
    if name == "citation.cff" {
        return Some(Class { role: DocumentRole::Citation, format: Format::Yaml });
    }
    if is_template(name, stem, extension, path) {
        let format = if matches!(extension, "yml" | "yaml") { Format::Yaml } else { Format::Markdown };
        return Some(Class { role: DocumentRole::Template, format });
    }
    let format = match extension {
        "md" | "markdown" | "mdown" | "mkd" | "mkdn" | "mdx" => Format::Markdown,
        "rst" | "rest" => Format::Rst,
        "adoc" | "asciidoc" => Format::Asciidoc,
        "html" | "htm" => Format::Html,
        "" | "txt" | "text" | "org" | "rdoc" | "pod" | "textile" | "asc" => Format::Plain,
        _ => return None,
    };
    if let Some(role) = named_role(stem, extension, path) {
        return Some(Class { role, format });
    }
    let in_documents = || path.as_str().split('/').rev().skip(1).any(|folder| matches!(folder, "docs" | "doc"));
    let counts = match format {
        Format::Markdown => true,
        Format::Rst | Format::Asciidoc => in_documents(),
        Format::Plain => extension == "txt" && name != "cmakelists.txt" && in_documents(),
        Format::Html | Format::Yaml => false,
    };
    counts.then_some(Class { role: DocumentRole::Other, format })
}

/// Issue and pull-request templates, where GitHub, GitLab and Gitee look for them.
fn is_template(name: &str, stem: &str, extension: &str, path: &RelPath) -> bool {
    let is_text = matches!(extension, "md" | "markdown" | "txt" | "");
    let is_form = matches!(extension, "yml" | "yaml");
    let folder = path.parent();
    let folder = folder.name().to_ascii_lowercase();
    let in_folder = ["issue_template", "pull_request_template", "issue_templates", "merge_request_templates"]
        .contains(&folder.as_str());
    let is_named =
        ["issue_template", "pull_request_template", "issue-template", "pull-request-template"].contains(&stem);
    !name.is_empty() && (in_folder || is_named) && (is_text || is_form)
}

fn named_role(stem: &str, extension: &str, path: &RelPath) -> Option<DocumentRole> {
    let bare = stem.get(..stem.len() - suffix(stem).map_or(0, |(_, length)| length)).unwrap_or(stem);
    let name: String = bare.chars().map(|c| if matches!(c, '_' | ' ' | '.') { '-' } else { c }).collect();
    let role = match name.as_str() {
        "readme" | "read-me" => DocumentRole::Readme,
        // Named so that lists show it first: `AAAREADME`, `00README`.
        first
            if first.strip_suffix("readme").is_some_and(|head| {
                head.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'a')
            }) =>
        {
            DocumentRole::Readme
        }
        "contributing" | "contribute" | "contributing-guide" | "hacking" => DocumentRole::Contributing,
        "code-of-conduct" | "codeofconduct" | "conduct" => DocumentRole::CodeOfConduct,
        "security"
        | "security-policy"
        | "security-process"
        | "vulnerability-disclosure"
        | "vulnerability-disclosure-policy" => DocumentRole::Security,
        "governance" => DocumentRole::Governance,
        "maintainers" => DocumentRole::Maintainers,
        "support" => DocumentRole::Support,
        "changelog" | "change-log" | "changes" | "history" | "news" | "releases" | "release-notes"
        | "releasenotes" | "relnotes" | "release-note" | "version-history" | "versionhistory" => {
            DocumentRole::Changelog
        }
        "install" | "installing" | "installation" | "build" | "building" | "compile" | "compiling"
        | "build-instructions" => DocumentRole::Install,
        _ => return None,
    };
    // Without an ending, `install` may be a program and `news` a folder's own file: those names count in capitals.
    let original = path.name();
    let is_capital = original.bytes().take(stem.len()).all(|b| !b.is_ascii_lowercase());
    let is_plain_name = matches!(role, DocumentRole::Readme) || name == "changelog" || name == "code-of-conduct";
    // Packages of Perl keep their changelog as `Changes`.
    let is_perls = original == "Changes" && path.depth() == 1;
    if extension.is_empty() && !is_capital && !is_plain_name && !is_perls {
        return None;
    }
    if extension == "html" || extension == "htm" {
        return (role == DocumentRole::Readme).then_some(role);
    }
    // Deep in a manual, `history.md` and `security.md` are chapters.
    let starts_capital = original.starts_with(|c: char| c.is_ascii_uppercase());
    let is_home = HOMES.contains(&path.parent().as_str());
    Some(if is_plain_name || starts_capital || is_home { role } else { DocumentRole::Other })
}

/// Languages that documents are translated into, by their ISO 639-1 code; codes that also are common words or names
/// of programming languages in file names are left out.
const LANGUAGES: &[&str] = &[
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "gl", "he", "hi", "hr",
    "hu", "hy", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mn", "ms", "nb", "ne", "nl", "nn", "pl", "pt", "ro", "ru",
    "sk", "sl", "sq", "sr", "sv", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh",
];

/// The BCP 47 tag of the language that the name or the folder tells; empty otherwise.
pub(super) fn language(path: &RelPath) -> String {
    let stem = path.stem().to_ascii_lowercase();
    if let Some((tag, _)) = suffix(&stem) {
        return tag;
    }
    tag(path.parent().name()).unwrap_or_default()
}

/// The language at the end of a stem, with the length of the suffix: `readme.zh-cn`, `readme_ja`.
fn suffix(stem: &str) -> Option<(String, usize)> {
    // `zh-cn` holds a separator itself, so the longer suffix is tried first.
    let cuts: Vec<usize> = stem.match_indices(['.', '_', '-']).map(|(at, _)| at).collect();
    cuts.iter().rev().take(2).rev().find_map(|&at| Some((tag(&stem[at + 1..])?, stem.len() - at)))
}

/// The BCP 47 tag that a word means: `zh_CN` gives `zh-CN`, `cn` gives `zh-CN`, `jp` gives `ja`.
fn tag(word: &str) -> Option<String> {
    let lower = word.to_ascii_lowercase().replace('_', "-");
    match lower.as_str() {
        "cn" | "chs" => return Some("zh-CN".into()),
        "tw" | "cht" => return Some("zh-TW".into()),
        "jp" => return Some("ja".into()),
        "kr" => return Some("ko".into()),
        "br" => return Some("pt-BR".into()),
        _ => {}
    }
    let (language, region) = lower.split_once('-').unwrap_or((&lower, ""));
    if !LANGUAGES.contains(&language) {
        return None;
    }
    match region {
        "" => Some(language.to_owned()),
        "hans" => Some(format!("{language}-Hans")),
        "hant" => Some(format!("{language}-Hant")),
        _ if region.len() == 2 && region.bytes().all(|b| b.is_ascii_lowercase()) => {
            Some(format!("{language}-{}", region.to_ascii_uppercase()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(path: &str) -> Option<&'static str> {
        let path = RelPath::new(path);
        classify(&path.name().to_lowercase(), &path).map(|c| c.role.name())
    }

    #[test]
    fn names_tell_roles() {
        for (path, want) in [
            ("README", "readme"),
            ("readme.md", "readme"),
            ("AAAREADME", "readme"),
            ("00README.txt", "readme"),
            ("docs/unreadme.md", "other"),
            ("pkg/README.zh-CN.md", "readme"),
            ("README_ja.rst", "readme"),
            ("CONTRIBUTING.adoc", "contributing"),
            (".github/CODE_OF_CONDUCT.md", "code-of-conduct"),
            ("docs/security.md", "security"),
            ("CHANGES", "changelog"),
            ("lib/x/CHANGELOG.md", "changelog"),
            ("docs/guide/history.md", "other"),
            ("docs/source/history.rst", "changelog"),
            ("NEWS.txt", "changelog"),
            ("INSTALL", "install"),
            ("CITATION.cff", "citation"),
            (".github/ISSUE_TEMPLATE/bug.yml", "template"),
            (".github/ISSUE_TEMPLATE/bug.md", "template"),
            (".github/pull_request_template.md", "template"),
            ("a/notes.md", "other"),
            ("docs/x.rst", "other"),
        ] {
            assert_eq!(role(path), Some(want), "{path}");
        }
        for path in [
            "src/main.rs",
            "install",
            "install.sh",
            "security.rs",
            "x.rst",
            "src/x.txt",
            "docs/CMakeLists.txt",
            "build.gradle",
        ] {
            assert_eq!(role(path), None, "{path}");
        }
    }

    #[test]
    fn names_tell_languages() {
        for (path, want) in [
            ("README.zh-CN.md", "zh-CN"),
            ("README_zh_CN.md", "zh-CN"),
            ("README_ja.md", "ja"),
            ("README-cn.md", "zh-CN"),
            ("README.pt-br.md", "pt-BR"),
            ("docs/zh-Hans/intro.md", "zh-Hans"),
            ("README.md", ""),
            ("README-windows.md", ""),
            ("docs/intro.md", ""),
        ] {
            assert_eq!(language(&RelPath::new(path)), want, "{path}");
        }
    }
}
