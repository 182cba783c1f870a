//! Scripts that state their own dependencies (PEP 723): a block of comments that holds TOML.

use super::{PYPI, dependency};
use crate::collect::packages::tables::Table;
use crate::collect::{SourceFile, malformed};
use crate::model::{Evidence, Manifest, Scope};

/// The line that opens a block.
pub(in crate::collect::packages) const OPENING: &str = "# /// script";

/// Reads the block of a script, where it has one; a broken one gives the note and nothing else.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut lines = (1_u32..).zip(file.text().lines());
    let Some((first, _)) = lines.find(|(_, line)| line.trim_end() == OPENING) else { return };
    let mut text = String::new();
    let mut closed = false;
    for (_, line) in lines {
        let line = line.trim_end();
        if line == "# ///" {
            closed = true;
            break;
        }
        let Some(content) = line.strip_prefix("# ").or_else(|| line.strip_prefix('#')) else { break };
        text.push_str(content);
        text.push('\n');
    }
    if !closed {
        return out.push(malformed(file, Some(first), "a block of script metadata that is not closed"));
    }
    // The n-th line of the block stands n lines behind its opening.
    let line_of = |at: usize| first + 1 + text[..at.min(text.len())].matches('\n').count() as u32;
    let document = match toml::de::DeTable::parse(&text) {
        Ok(document) => document.into_inner(),
        Err(error) => {
            let line = error.span().map(|span| line_of(span.start));
            return out.push(malformed(file, line, error.message()));
        }
    };
    let mut manifest =
        Manifest { publishable: false, application: true, ..Manifest::new(file.place_of_line(first), PYPI) };
    for (specifier, at) in document.places("dependencies") {
        match dependency(specifier, Scope::Runtime, file.place_of_line(line_of(at.start))) {
            Some(asked) => manifest.dependencies.push(asked),
            None => out.push(malformed(file, Some(line_of(at.start)), "no dependency specifier")),
        }
    }
    let python = document.text("requires-python");
    manifest.minimum_runtime = python.map(|(text, at)| (text.to_owned(), file.place_of_line(line_of(at.start))));
    out.push(Evidence::Manifest(Box::new(manifest)));
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{file, fixtures, manifest, notes};
    use crate::model::Evidence;

    fn read(text: &str) -> Vec<Evidence> {
        let mut out = Vec::new();
        file("tool.py", text, |f| super::read(f, &mut out));
        out
    }

    #[test]
    fn the_block_is_toml() {
        let evidence = read(&std::fs::read_to_string(fixtures().join("script/tool.py")).unwrap());
        let m = manifest(&evidence);
        let seen: Vec<_> =
            m.dependencies.iter().map(|d| (d.name.as_str(), d.requirement.as_str(), d.place.start_line())).collect();
        assert_eq!(seen, [("requests", "<3", 6), ("rich", "", 7)]);
        assert_eq!(m.minimum_runtime.as_ref().unwrap().0, ">=3.11");
    }

    #[test]
    fn broken_blocks_name_the_line() {
        assert_eq!(notes(&read("\n# /// script\n# dependencies = [\nx = 1\n"))[0].line, Some(2));
        assert!(notes(&read("# /// script\n# dependencies = [\n# ///\n"))[0].line.is_some_and(|l| l >= 2));
        assert!(read("# /// other\n# ///\n").is_empty());
    }
}
