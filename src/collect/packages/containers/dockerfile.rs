//! `Dockerfile` and `Containerfile` (Docker's "Dockerfile reference"): the images that stages build on and copy from.

use std::collections::{HashMap, HashSet};

use super::Images;
use crate::collect::SourceFile;
use crate::model::{Evidence, Scope};

/// How long a value may become by replacing arguments.
const LONGEST: usize = 4096;

/// Whether a file with this extension is a Dockerfile: `app.dockerfile`.
pub(in crate::collect::packages) fn is_named(name: &str, _: &crate::model::RelPath) -> bool {
    !name.starts_with('.')
}

/// Reads the file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut images = Images::new(Scope::Runtime);
    // Only what `ARG` says in front of the first stage holds in `FROM`.
    let mut arguments: HashMap<String, String> = HashMap::new();
    let mut stages: HashSet<String> = HashSet::new();
    let mut first_stage = true;
    for (line, instruction) in instructions(file.text()) {
        let (verb, rest) = instruction.split_once(char::is_whitespace).unwrap_or((&instruction, ""));
        let rest = rest.trim();
        let region = || file.place_of_line(line).region;
        match verb.to_ascii_uppercase().as_str() {
            "ARG" if first_stage => {
                for word in rest.split_whitespace() {
                    if let Some((name, value)) = word.split_once('=') {
                        let value = filled(value.trim_matches(['"', '\'']), &arguments).unwrap_or_default();
                        arguments.insert(name.to_owned(), value);
                    }
                }
            }
            "FROM" => {
                first_stage = false;
                let mut words = rest.split_whitespace().filter(|word| !word.starts_with("--"));
                let Some(base) = words.next() else { continue };
                let is_stage = stages.contains(&base.to_ascii_lowercase());
                if !is_stage && base != "scratch" {
                    reference(base, &arguments, &mut images, region);
                }
                if words.next().is_some_and(|word| word.eq_ignore_ascii_case("as")) {
                    stages.extend(words.next().map(str::to_ascii_lowercase));
                }
            }
            "COPY" | "ADD" => {
                let from = rest
                    .split_whitespace()
                    .take_while(|w| w.starts_with("--"))
                    .find_map(|w| w.strip_prefix("--from="));
                if let Some(from) = from {
                    other(from, &stages, &arguments, &mut images, region);
                }
            }
            "RUN" => {
                for option in rest.split_whitespace().take_while(|w| w.starts_with("--")) {
                    let mount = option.strip_prefix("--mount=");
                    let from = mount.and_then(|m| m.split(',').find_map(|pair| pair.strip_prefix("from=")));
                    if let Some(from) = from {
                        other(from, &stages, &arguments, &mut images, region);
                    }
                }
            }
            _ => {}
        }
    }
    images.finish(file, out);
}

/// Adds what files are taken from: an image, where it is no stage by name or number.
fn other(
    from: &str,
    stages: &HashSet<String>,
    arguments: &HashMap<String, String>,
    images: &mut Images,
    region: impl FnOnce() -> Option<crate::model::Region>,
) {
    let from = from.trim_matches(['"', '\'']);
    let is_number = from.bytes().all(|b| b.is_ascii_digit());
    // A name without any sign of an image is a stage or a context that the caller of the build gives.
    let is_name = !from.contains(['/', ':', '@']);
    if !is_number && !stages.contains(&from.to_ascii_lowercase()) && !is_name {
        reference(from, arguments, images, region);
    }
}

/// Adds the image of a reference with its arguments filled in. A tag that only the caller knows is left open.
fn reference(
    text: &str,
    arguments: &HashMap<String, String>,
    images: &mut Images,
    region: impl FnOnce() -> Option<crate::model::Region>,
) {
    if let Some(text) = filled(text.trim_matches(['"', '\'']), arguments) {
        images.add(&text, region);
    }
}

/// The text with `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` replaced; `None` where a value is not known.
pub(super) fn filled(text: &str, arguments: &HashMap<String, String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (expression, behind) = match after.strip_prefix('{') {
            Some(inner) => inner.split_once('}')?,
            None => {
                after.split_at(after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len()))
            }
        };
        let end = expression.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(expression.len());
        let (name, modifier) = expression.split_at(end);
        let value = arguments.get(name).filter(|v| !v.is_empty());
        match modifier.trim_start_matches(':').split_at_checked(1) {
            Some(("-", default)) => out.push_str(value.map_or(default, String::as_str)),
            Some(("+", other)) => out.push_str(value.map_or("", |_| other)),
            _ => out.push_str(value?),
        }
        rest = behind;
        if out.len() > LONGEST {
            return None;
        }
    }
    out.push_str(rest);
    Some(out)
}

/// The instructions with the lines they start on; continued lines are joined, comments and here-documents left out.
fn instructions(text: &str) -> Vec<(u32, String)> {
    // The escape of Windows images is stated in a directive at the top.
    let directive = text.lines().take(5).find_map(|l| l.trim().strip_prefix('#')?.trim().strip_prefix("escape="));
    let escape = if directive.map(str::trim) == Some("`") { '`' } else { '\\' };
    let mut out: Vec<(u32, String)> = Vec::new();
    let mut open = false;
    let mut here: Option<String> = None;
    for (line, text) in (1_u32..).zip(text.lines()) {
        if let Some(end) = &here {
            if text.trim() == end {
                here = None;
            }
            continue;
        }
        let body = text.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let (body, continues) = match body.strip_suffix(escape) {
            Some(front) => (front.trim_end(), true),
            None => (body, false),
        };
        match out.last_mut().filter(|_| open) {
            Some((_, joined)) => {
                joined.push(' ');
                joined.push_str(body);
            }
            None => out.push((line, body.to_owned())),
        }
        open = continues;
        let verb =
            out.last().map_or("", |(_, i)| i.split_whitespace().next().unwrap_or_default()).to_ascii_uppercase();
        if matches!(verb.as_str(), "RUN" | "COPY" | "ADD") {
            let word =
                body.find("<<").map(|at| body[at + 2..].trim_start_matches('-').trim_start_matches(['"', '\'']));
            let end = word.map(|w| w.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default());
            here = end.filter(|end| !end.is_empty()).map(str::to_owned);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::filled;
    use crate::collect::packages::testing::{fixture, lock, with_text};

    #[test]
    fn stages_arguments_and_copies() {
        let evidence = fixture("dockerfile", "stages/Dockerfile");
        let seen: Vec<_> = lock(&evidence)
            .packages
            .iter()
            .map(|p| (p.purl.as_str(), p.region.as_ref().unwrap().start_line))
            .collect();
        assert_eq!(
            seen,
            [
                ("pkg:docker/golang@1.22-alpine", 4),
                ("pkg:docker/acme/tool@2?repository_url=ghcr.io", 6),
                ("pkg:docker/acme/cache@sha256:0123abcd?repository_url=ghcr.io", 7),
                ("pkg:docker/debian@12", 14),
            ]
        );
    }

    #[test]
    fn names_of_files() {
        for path in ["Dockerfile", "Dockerfile.dev", "app.Dockerfile", "Containerfile", "docker/Dockerfile.alpine"] {
            assert_eq!(lock(&with_text(path, "FROM a:1\n")).packages.len(), 1, "{path}");
        }
        assert!(with_text("Dockerfile", "# nothing\n").is_empty());
    }

    #[test]
    fn values_have_defaults() {
        let arguments = [("A".to_owned(), "1".to_owned())].into();
        let of = |text: &str| filled(text, &arguments);
        assert_eq!(of("x:$A-${A}").as_deref(), Some("x:1-1"));
        assert_eq!(of("x:${B:-2}${A:+y}${B:+n}").as_deref(), Some("x:2y"));
        assert_eq!((of("x:${B}"), of("x:$B"), of("${A")), (None, None, None));
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "(FROM |COPY --from=|ARG |RUN <<|\\$\\{|[A:=\\\\ \n}\"é@/-])*") {
            with_text("Dockerfile", &text);
        }
    }
}
