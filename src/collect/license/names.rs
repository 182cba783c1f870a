//! Which files are license files by their name.

use crate::model::RelPath;

/// Extensions of program sources: `license.rs` is code about licenses, not a license.
const CODE: &[&str] = &[
    "ada",
    "adb",
    "ads",
    "asm",
    "bat",
    "c",
    "cc",
    "class",
    "clj",
    "cmake",
    "cpp",
    "cs",
    "css",
    "csproj",
    "cxx",
    "d",
    "dart",
    "el",
    "erl",
    "ex",
    "exs",
    "f90",
    "fs",
    "gif",
    "go",
    "gradle",
    "groovy",
    "h",
    "hpp",
    "hs",
    "ico",
    "in",
    "ini",
    "java",
    "jpg",
    "js",
    "json",
    "jsx",
    "kt",
    "less",
    "lock",
    "lua",
    "m",
    "map",
    "mjs",
    "ml",
    "mm",
    "mts",
    "nim",
    "pas",
    "php",
    "pl",
    "pm",
    "png",
    "po",
    "pot",
    "properties",
    "ps1",
    "py",
    "pyi",
    "r",
    "rb",
    "resx",
    "rs",
    "scala",
    "scss",
    "sh",
    "spdx",
    "sql",
    "svg",
    "swift",
    "tcl",
    "tmpl",
    "toml",
    "ts",
    "tsx",
    "vb",
    "vue",
    "xml",
    "xsd",
    "xsl",
    "yaml",
    "yml",
    "zig",
];

/// Words that a license file's name starts with.
const STARTS: &[&str] = &[
    "license",
    "licence",
    "licenses",
    "licences",
    "copying",
    "unlicense",
    "unlicence",
    "copyright",
    "notice",
    "notices",
];

/// Words that a license file's name ends with, as in `MIT-LICENSE.txt` and `3rdpartylicenses.txt`.
const ENDS: &[&str] = &["license", "licence", "licenses", "licences", "copying", "notices", "copyright", "unlicense"];

/// Whether a file is named like one that holds license texts. `name` is the file name in lower case.
pub fn is_license_file(name: &str, path: &RelPath) -> bool {
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if dot > 0 => (&name[..dot], &name[dot + 1..]),
        _ => (name, ""),
    };
    if CODE.contains(&extension) {
        return false;
    }
    let starts = STARTS.iter().any(|start| {
        name.strip_prefix(start).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    });
    starts
        || ENDS.iter().any(|end| stem.ends_with(end))
        || matches!(name, "copyleft" | "legal" | "legal.txt" | "legal.md" | "eula" | "eula.txt" | "patents")
        || in_license_folder(path)
}

/// Whether the file lies directly in a folder of license texts, as REUSE 3.3 asks for (`LICENSES/`).
fn in_license_folder(path: &RelPath) -> bool {
    let mut parts = path.as_str().rsplit('/').skip(1);
    let folder = parts.next().unwrap_or_default();
    ["licenses", "license", "licences"].iter().any(|name| folder.eq_ignore_ascii_case(name))
        && (path.extension().is_empty() || matches!(path.extension(), "txt" | "md" | "html" | "rst" | "TXT"))
        || folder == "LICENSES" && !path.name().ends_with(".license")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(path: &str) -> bool {
        let path = RelPath::new(path);
        is_license_file(&path.name().to_lowercase(), &path)
    }

    #[test]
    fn license_files_are_known_by_name() {
        for path in [
            "LICENSE",
            "LICENCE.md",
            "COPYING.LESSER",
            "LICENSE-MIT",
            "a/UNLICENSE",
            "NOTICE.txt",
            "LICENSES/MIT.txt",
            "LICENSES/Apache-2.0.txt",
            "COPYRIGHT",
            "MIT-LICENSE.txt",
            "ThirdPartyNotices.txt",
            "LICENSE.APACHE2",
            "license_mit",
            "THIRD-PARTY-LICENSES",
            "GPL-LICENSE.txt",
        ] {
            assert!(is(path), "{path}");
        }
        for path in [
            "license.rs",
            "src/licenses.py",
            "licensed.txt",
            "README.md",
            "noticeboard.txt",
            "copyright.h",
            "LICENSES/MIT.txt.license",
        ] {
            assert!(!is(path), "{path}");
        }
    }
}
