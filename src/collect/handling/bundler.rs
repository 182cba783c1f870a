//! Bundlers and minifiers: options that drop license comments.

use super::{at_line, lines};
use crate::collect::SourceFile;
use crate::model::{Handling, HandlingKind, RelPath};

pub(super) fn wants(name: &str, _: &RelPath) -> bool {
    const STEMS: &[&str] = &[
        "webpack",
        "rollup.config",
        "vite.config",
        "rspack.config",
        "tsup.config",
        "esbuild",
        "terser.config",
        "build.",
        "gulpfile",
    ];
    name == "package.json"
        || STEMS.iter().any(|stem| name.starts_with(stem))
            && ["js", "mjs", "cjs", "ts", "mts", "cts"].iter().any(|e| name.rsplit('.').next() == Some(e))
}

pub(super) fn read(file: &SourceFile<'_>, text: &str, out: &mut Vec<Handling>) {
    let minifies = ["terser", "Terser", "uglify", "Uglify"].iter().any(|word| text.contains(word));
    for (number, line) in lines(text, &["//", "*", "/*"]) {
        let plain: String = line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '`')).collect();
        let by = if plain.contains("legalComments:none") || plain.contains("--legal-comments=none") {
            "legalComments: none"
        } else if minifies
            && plain.contains("comments:false")
            && !plain.contains("xtractComments:false")
            && file.name != "package.json"
        {
            "comments: false"
        } else {
            continue;
        };
        out.push(at_line(file, number, HandlingKind::DropsLegalComments, by));
    }
}
