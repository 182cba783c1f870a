//! `build.gradle` and `build.gradle.kts`, read and never run: dependencies that stand there as literals, in string or
//! map notation, and those that name a version catalog (Gradle's user manual, "Declaring dependencies").

use std::collections::HashMap;

use super::catalog::accessor;
use super::gradle_lock::configuration;
use super::{MAVEN, coordinates};
use crate::collect::SourceFile;
use crate::model::{Dependency, Evidence, Manifest, Place, RelPath};

/// Whether a file with this extension is a build file.
pub(in crate::collect::packages) fn is_build_file(name: &str, _: &RelPath) -> bool {
    name.ends_with(".gradle") || name.ends_with(".gradle.kts")
}

/// Reads the build file; one without literal dependencies says nothing.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut manifest =
        Manifest { publishable: false, compiled: true, ..Manifest::new(Place::file(file.path.clone()), MAVEN) };
    let mut variables: HashMap<String, String> = HashMap::new();
    // How many braces are open, and at which depth the block of dependencies began.
    let (mut depth, mut block) = (0_usize, None);
    let mut in_comment = false;
    for (number, line) in (1_u32..).zip(file.text().lines()) {
        let body = without_comments(line, &mut in_comment);
        let body = body.trim();
        if let Some((name, value)) = assignment(body) {
            variables.insert(name.to_owned(), value.to_owned());
        }
        let inside = block.is_some_and(|at| depth > at);
        let opens = body.starts_with("dependencies") && body["dependencies".len()..].trim_start().starts_with('{');
        if inside || opens {
            let statement = if opens { body.split_once('{').map_or("", |(_, rest)| rest).trim() } else { body };
            let place = file.place_of_line(number);
            statement_of(statement, &place, &variables, &mut manifest);
        }
        if opens && block.is_none() {
            block = Some(depth);
        }
        let (opened, closed) = braces(body);
        depth = (depth + opened).saturating_sub(closed);
        if block.is_some_and(|at| depth <= at) {
            block = None;
        }
    }
    if !manifest.dependencies.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// The line without comments; a block comment may go on.
fn without_comments<'t>(line: &'t str, in_comment: &mut bool) -> std::borrow::Cow<'t, str> {
    let mut out = String::new();
    let mut rest = line;
    let mut quote = None;
    let mut plain = true;
    while let Some(c) = rest.chars().next() {
        if *in_comment {
            plain = false;
            match rest.find("*/") {
                Some(at) => {
                    *in_comment = false;
                    rest = &rest[at + 2..];
                }
                None => return out.into(),
            }
            continue;
        }
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '/') if rest.starts_with("//") => return out.into(),
            (None, '/') if rest.starts_with("/*") => {
                *in_comment = true;
                rest = &rest[2..];
                continue;
            }
            _ => {}
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    if plain { line.into() } else { out.into() }
}

/// How many braces open and close outside of strings.
fn braces(body: &str) -> (usize, usize) {
    let (mut opened, mut closed, mut quote) = (0, 0, None);
    for c in body.chars() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => opened += 1,
            (None, '}') => closed += 1,
            _ => {}
        }
    }
    (opened, closed)
}

/// `name = "value"`, with whatever words in front.
fn assignment(body: &str) -> Option<(&str, &str)> {
    let (left, right) = body.split_once('=')?;
    let name = left.trim().rsplit([' ', '.', '\t']).next()?.trim_matches(['[', ']', '"', '\'']);
    let name = name.split(':').next()?;
    let right = right.trim().trim_end_matches(',');
    let value = literal(right).filter(|_| right.len() < 200)?;
    (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some((name, value))
}

/// The content of the string that the text begins with.
fn literal(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let rest = &text[1..];
    rest.find(quote).map(|end| &rest[..end])
}

/// Takes in a statement of a block of dependencies.
fn statement_of(statement: &str, place: &Place, variables: &HashMap<String, String>, manifest: &mut Manifest) {
    let end = statement.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(statement.len());
    let (word, rest) = statement.split_at(end);
    let rest = rest.trim_start().trim_start_matches('(').trim_start();
    if word.is_empty()
        || rest.is_empty()
        || matches!(word, "exclude" | "project" | "constraints" | "because" | "version")
    {
        return;
    }
    let scope = configuration(word);
    // `platform(…)` and its relatives wrap what they are about.
    let inner = ["platform", "enforcedPlatform", "testFixtures", "kotlin"]
        .iter()
        .find_map(|wrap| rest.strip_prefix(wrap).map(|r| (wrap, r)))
        .and_then(|(wrap, r)| Some((wrap, r.trim_start().strip_prefix('(')?.trim_start())));
    let (wrap, rest) = inner.map_or(("", rest), |(wrap, r)| (*wrap, r));
    let mut add = |name: String, requirement: &str| {
        let requirement = filled(requirement, variables);
        manifest.dependencies.push(Dependency { name, requirement, scope, source: None, place: place.clone() });
    };
    if let Some(alias) = rest.strip_prefix("libs.") {
        let end = alias.find(|c: char| !c.is_alphanumeric() && !"._".contains(c)).unwrap_or(alias.len());
        let alias = accessor(alias[..end].trim_end_matches(".get").trim_end_matches('.'));
        if !alias.starts_with("versions.") && !alias.starts_with("plugins.") {
            manifest.inheritance.takes.push(alias.clone());
            manifest.inheritance.takes_dependencies.push((manifest.dependencies.len(), alias));
            // It has no name until the catalog gives it one.
            manifest.dependencies.push(Dependency {
                name: String::new(),
                requirement: String::new(),
                scope,
                source: None,
                place: place.clone(),
            });
        }
        return;
    }
    if wrap == "kotlin" {
        if let Some(module) = literal(rest) {
            let version = rest.split_once(',').and_then(|(_, v)| literal(v.trim())).unwrap_or_default();
            add(format!("org.jetbrains.kotlin/kotlin-{module}"), version);
        }
        return;
    }
    if let Some(text) = literal(rest) {
        let text = filled(text, variables);
        if let Some((name, version)) = coordinates(&text) {
            // Groovy takes several notations in one statement.
            add(name, version);
            for more in rest.split(',').skip(1).filter_map(|part| literal(part.trim())) {
                if let Some((name, version)) = coordinates(more) {
                    add(name, version);
                }
            }
        }
        return;
    }
    let named = |key: &str| {
        let at = rest.match_indices(key).find(|(at, _)| !rest[..*at].ends_with(|c: char| c.is_alphanumeric()))?.0;
        literal(rest[at + key.len()..].trim_start().strip_prefix([':', '='])?.trim_start())
    };
    if let (Some(group), Some(name)) = (named("group"), named("name")) {
        add(format!("{group}/{name}"), named("version").unwrap_or_default());
    }
}

/// The text with `$name` and `${name}` replaced by what the file binds to these names.
fn filled(text: &str, variables: &HashMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (name, behind) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((name, behind)) => (name, behind),
            None => after.split_at(after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len())),
        };
        let short = name.rsplit(['.', ' ']).next().unwrap_or(name).trim_matches(['[', ']', '"', '\'', '(', ')']);
        match variables.get(short) {
            Some(value) => out.push_str(value),
            None => {
                out.push('$');
                out.push_str(name);
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::collect::packages::testing::{fixture, manifest, with_text};
    use crate::model::{Evidence, Scope};

    fn seen(evidence: &[Evidence]) -> Vec<(&str, &str, Scope, u32)> {
        let all = manifest(evidence).dependencies.iter();
        all.map(|d| (d.name.as_str(), d.requirement.as_str(), d.scope, d.place.start_line())).collect()
    }

    #[test]
    fn notations_of_groovy() {
        let evidence = fixture("gradle", "groovy/build.gradle");
        use Scope::{Build, Peer, Runtime, Test};
        assert_eq!(
            seen(&evidence),
            [
                ("com.example/plugin", "1.0", Build, 6),
                ("com.example/a", "1.2.3", Runtime, 15),
                ("com.example/b", "2.0", Runtime, 16),
                ("com.example/c", "3.0", Peer, 18),
                ("com.example/bom", "4.0", Runtime, 19),
                ("com.example/d", "", Test, 20),
                ("com.example/e", "5", Runtime, 21),
                ("com.example/f", "6", Runtime, 21),
            ]
        );
    }

    #[test]
    fn notations_of_kotlin() {
        let evidence = fixture("gradle", "kotlin/build.gradle.kts");
        use Scope::{Build, Runtime, Test};
        assert_eq!(
            seen(&evidence),
            [
                ("com.example/a", "1.2.3", Runtime, 8),
                ("com.example/b", "2.0", Build, 9),
                ("org.jetbrains.kotlin/kotlin-test", "", Test, 10),
                ("com.example/c", "3.0", Runtime, 11),
            ]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "(dependencies|implementation|libs\\.|group|name|[ {}()'\":,=$./*\né])*") {
            with_text("build.gradle", &text);
        }
    }
}
