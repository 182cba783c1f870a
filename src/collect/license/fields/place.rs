//! In which files which shape of a license field counts.

use super::lead::{Key, Lead, Shape};
use crate::collect::SourceFile;

/// What kind of file a field stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A manifest or package recipe: its field speaks for it whatever it holds beside known names.
    Manifest,
    /// A source file of a program: only what is written for readers of metadata counts.
    Code,
    /// JSON that is no manifest.
    Json,
    /// A document for people, where most fields are examples.
    Prose,
    /// Any other text.
    Text,
}

/// Files whose fields speak of other packages.
const OTHERS: &[&str] = &[
    "package-lock.json",
    "npm-shrinkwrap.json",
    ".package-lock.json",
    "composer.lock",
    "yarn.lock",
    "pnpm-lock.yaml",
    "deny.toml",
    "about.toml",
    "openclause.toml",
    "reuse.toml",
    "bom.json",
    "bom.xml",
    "installed.json",
    "packages.json",
    "sbom.json",
    "dep5",
    "project.assets.json",
    "cargo.lock",
    "manifest.scm",
    "license-names.toml",
    "licenses.json",
    "spdx.json",
    "vcpkg-lock.json",
];

/// Manifests by their names in lower case.
const NAMES: &[&str] = &[
    "package.json",
    "bower.json",
    "component.json",
    "composer.json",
    "pom.xml",
    "cargo.toml",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "pkg-info",
    "metadata",
    "package.yaml",
    "opam",
    "meta.yaml",
    "meta.yml",
    "meta.json",
    "mymeta.yml",
    "mymeta.json",
    "makefile.pl",
    "build.pl",
    "dist.ini",
    "description",
    "pkgbuild",
    ".srcinfo",
    "apkbuild",
    "portfile",
    "mix.exs",
    "shard.yml",
    "dub.json",
    "dub.sdl",
    "v.mod",
    "conanfile.py",
    "citation.cff",
    "codemeta.json",
    "galaxy.yml",
    "metadata.json",
    "metadata.rb",
    "manifest.json",
    "info.xml",
    "vcpkg.json",
    "elm.json",
    "project.clj",
    "build.sbt",
    "build.gradle",
    "build.gradle.kts",
    "package.xml",
    "manifest.mf",
    "chart.yaml",
    "snapcraft.yaml",
    "dockerfile",
    "containerfile",
    "meson.build",
    "__manifest__.py",
    "__openerp__.py",
    "spago.dhall",
    "haxelib.json",
    "pubspec.yaml",
    "plugin.json",
    "extension.json",
    "default.nix",
    "package.nix",
    "control",
    "__about__.py",
    "__version__.py",
    "__pkginfo__.py",
    "wally.toml",
    "aqua.yaml",
    "typst.toml",
    "gleam.toml",
    "fpm.toml",
    "alire.toml",
    "pkg.json",
];

/// Manifests by the ends of their names in lower case.
const ENDS: &[&str] = &[
    ".nuspec",
    ".pom",
    ".cabal",
    ".opam",
    ".spec",
    ".spec.in",
    ".ebuild",
    ".eclass",
    ".gemspec",
    ".podspec",
    ".podspec.json",
    ".rockspec",
    ".nimble",
    ".bb",
    ".bbappend",
    ".mk",
    ".metainfo.xml",
    ".metainfo.xml.in",
    ".appdata.xml",
    ".appdata.xml.in",
    ".csproj",
    ".fsproj",
    ".vbproj",
    ".props",
    ".desktop",
    ".desktop.in",
    ".nix",
    ".scm",
    ".app.src",
    ".asd",
    ".lsm",
    ".dsc",
    ".info",
    ".recipe",
    ".pc",
    ".pc.in",
    ".apkbuild",
    ".pkgbuild",
    ".copyright",
    ".egg-info",
    ".dist-info",
    ".ctl",
    ".buildinfo",
    ".changes",
];

/// Extensions of program sources.
const CODE: &[&str] = &[
    "ada", "adb", "ads", "asm", "bash", "c", "cc", "cjs", "clj", "coffee", "cpp", "cs", "css", "cu", "cxx", "d",
    "dart", "el", "erl", "ex", "exs", "f", "f90", "fs", "go", "groovy", "h", "hh", "hpp", "hrl", "hs", "hxx", "inc",
    "java", "jl", "js", "jsx", "kt", "kts", "less", "lisp", "lua", "m", "mjs", "ml", "mli", "mm", "mts", "pas",
    "php", "phtml", "pl", "pm", "proto", "ps1", "py", "pyi", "pyx", "r", "rb", "rs", "s", "sass", "scala", "scss",
    "sh", "sql", "swift", "t", "tcl", "ts", "tsx", "v", "vb", "vala", "vue", "zig",
];

/// How far into documents and into JSON that is no manifest fields are read, in bytes.
const REACH: usize = 64 << 10;

impl Place {
    /// What kind of file it is; `None` when its fields speak of others.
    pub(super) fn of(file: &SourceFile<'_>) -> Option<Self> {
        let name = file.name;
        if file.encoding().is_none()
            || OTHERS.contains(&name)
            || name.contains(".spdx")
            || name.ends_with(".cdx.json")
            || name.ends_with(".cdx.xml")
            || name.ends_with(".map")
            || name.ends_with(".license")
        {
            return None;
        }
        let bare = name.strip_suffix(".in").unwrap_or(name);
        let debian = name == "copyright" && file.path.as_str().ends_with("debian/copyright");
        if debian || NAMES.contains(&bare) || ENDS.iter().any(|end| name.ends_with(end)) {
            return Some(Self::Manifest);
        }
        let extension = file.path.extension();
        if extension.eq_ignore_ascii_case("rb") && file.text().contains("< Formula") {
            return Some(Self::Manifest);
        }
        Some(if CODE.iter().any(|e| extension.eq_ignore_ascii_case(e)) {
            Self::Code
        } else if is_prose(extension) {
            Self::Prose
        } else if extension.eq_ignore_ascii_case("json") || file.text().starts_with('{') {
            Self::Json
        } else {
            Self::Text
        })
    }

    /// Whether the file is a manifest.
    pub(super) fn is_manifest(self) -> bool {
        self == Self::Manifest
    }

    /// Whether a field of this shape counts in such a file.
    pub(super) fn counts(self, file: &SourceFile<'_>, key: &Key<'_>) -> bool {
        if key.is_module() {
            return key.shape == Shape::Call;
        }
        // The words of a badge in Markdown, which manifests hold in a description.
        if key.shape == Shape::Colon && file.text()[..key.start].ends_with("![") {
            return false;
        }
        let dunder = key.name.starts_with("__");
        // What NuGet calls `licenseUrl` is an element; elsewhere the key stands beside one that names the license.
        if key.name.eq_ignore_ascii_case("licenseurl") && key.shape != Shape::Element {
            return false;
        }
        if key.shape == Shape::Attribute {
            return matches!(self, Self::Prose | Self::Text | Self::Manifest);
        }
        if key.shape == Shape::Block {
            return file.name.contains(".gradle");
        }
        match self {
            Self::Manifest => match key.shape {
                // `license(...)` of a macro or function is code.
                Shape::Call => false,
                // Portfiles and Guix write values without quotes.
                Shape::Space => {
                    matches!(key.lead, Lead::Bare | Lead::Inside)
                        && (is_quoted(file.text(), key) || file.name == "portfile" || file.name.ends_with(".scm"))
                }
                _ => true,
            },
            Self::Code => match key.shape {
                Shape::Assign => dunder && key.lead == Lead::Bare && key.indent == 0,
                // Haddock's header stands in a comment whose lines have no marks.
                Shape::Colon if format(file) == "haskell" => key.lead != Lead::Inside && !key.quoted,
                Shape::Space | Shape::Colon => key.lead == Lead::Marks && !key.quoted,
                _ => false,
            },
            Self::Json => key.quoted && key.start < REACH && depth(file.text(), key.start) <= 2,
            Self::Prose => {
                key.shape == Shape::Colon
                    && !key.quoted
                    && key.indent == 0
                    && matches!(key.lead, Lead::Bare | Lead::Marks)
                    && key.start < REACH
                    && !is_fenced(file.text(), key.start)
            }
            Self::Text => match key.shape {
                Shape::Call | Shape::Block => false,
                Shape::Space => key.lead == Lead::Marks || is_quoted(file.text(), key),
                Shape::Trove | Shape::Element | Shape::Attribute => true,
                Shape::Colon | Shape::Assign => key.lead != Lead::Inside || key.quoted,
            },
        }
    }

    /// Whether a field counts of which only a part is understood.
    pub(super) fn takes_part(self, key: &Key<'_>) -> bool {
        self == Self::Manifest && key.lead != Lead::Marks
    }
}

/// The format whose documents say what its names of licenses mean, as `license-names.toml` calls it; else empty.
pub(super) fn format(file: &SourceFile<'_>) -> &'static str {
    match file.name {
        "meta.json" | "meta.yml" | "mymeta.json" | "mymeta.yml" | "dist.ini" | "build.pl" | "makefile.pl" => "cpan",
        name if name.ends_with(".hs") || name.ends_with(".lhs") || name.ends_with(".hsc") => "haskell",
        name if name.ends_with(".ebuild") || name.ends_with(".eclass") => "gentoo",
        name if name.ends_with(".spec") || name.ends_with(".spec.in") => "fedora",
        _ => "",
    }
}

/// How many objects of JSON are open at `offset`.
fn depth(text: &str, offset: usize) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in &text.as_bytes()[..offset] {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth
}

/// Whether the extension is one of documents for people.
fn is_prose(extension: &str) -> bool {
    const PROSE: &[&str] = &[
        "md", "markdown", "mdx", "rst", "adoc", "asciidoc", "html", "htm", "xhtml", "tex", "org", "pod", "texi",
        "texinfo",
    ];
    let page = extension.len() == 1 && extension.bytes().all(|b| b.is_ascii_digit());
    page || PROSE.iter().any(|e| extension.eq_ignore_ascii_case(e))
}

/// Whether the value of a field starts with a quote, or is one of Homebrew's lists.
fn is_quoted(text: &str, key: &Key<'_>) -> bool {
    let value = &text[key.end..];
    ["\"", "'", "any_of:", "all_of:"].iter().any(|start| value.starts_with(start))
}

/// Whether `offset` lies in a block of code of Markdown.
fn is_fenced(text: &str, offset: usize) -> bool {
    text[..offset]
        .lines()
        .filter(|line| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~"))
        .count()
        % 2
        == 1
}
