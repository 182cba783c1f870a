//! `build.gradle` and `build.gradle.kts`, read and never run: dependencies that stand there as literals, in string or
//! map notation, and those that name a version catalog (Gradle's user manual, "Declaring dependencies").

use std::collections::HashMap;

use super::catalog::accessor;
use super::gradle_lock::configuration;
use super::{MAVEN, coordinates};
use crate::collect::SourceFile;
use crate::collect::packages::lines::lines;
use crate::model::{Dependency, Evidence, Given, Inventory, Manifest, Place, RelPath};

/// Key of [`crate::model::Inheritance::fields`] under which a variable stands.
const VARIABLE: &str = "variable:";
/// The same for what the project says of itself: its `group` and `version`, and the `name` in the settings.
const OWN: &str = "own:";
/// How many lines a statement may go over.
const LONGEST: usize = 32;
/// How many variables of one file are kept.
const MOST_VARIABLES: usize = 2000;

/// Whether a file with this extension is a build file.
pub(in crate::collect::packages) fn is_build_file(name: &str, _: &RelPath) -> bool {
    name.ends_with(".gradle") || name.ends_with(".gradle.kts")
}

/// Reads `gradle.properties`, whose values build files of the folder and below name.
pub(in crate::collect::packages) fn read_properties(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut variables = HashMap::new();
    for (line, _) in
        lines(file.text()).take(MOST_VARIABLES).filter(|(line, _)| !line.trim_start().starts_with(['#', '!']))
    {
        if let Some((key, value)) = line.split_once(['=', ':']) {
            variables.insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    let manifest = Manifest { publishable: false, ..Manifest::new(Place::file(file.path.clone()), MAVEN) };
    finish(manifest, variables, out);
}

/// Reads `settings.gradle`, which names the project.
pub(in crate::collect::packages) fn read_settings(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut manifest = Manifest { publishable: false, ..Manifest::new(Place::file(file.path.clone()), MAVEN) };
    let mut in_comment = false;
    for (number, line) in (1_u32..).zip(file.text().lines()) {
        let body = without_comments(line, &mut in_comment);
        let name = body
            .split_once("rootProject.name")
            .and_then(|(_, rest)| literal(rest.trim_start().strip_prefix('=').unwrap_or(rest).trim_start()));
        if let Some(name) = name.filter(|name| !name.is_empty() && !name.contains(['$', '/'])) {
            manifest.place = file.place_of_line(number);
            own(&mut manifest, "name", name);
        }
    }
    if !manifest.inheritance.fields.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
    // Settings may have dependencies of their own, those of the build.
    read(file, out);
}

/// Takes in what the project says of itself.
fn own(manifest: &mut Manifest, key: &str, value: &str) {
    let given = Given { values: vec![value.to_owned()], place: manifest.place.clone() };
    manifest.inheritance.fields.insert(format!("{OWN}{key}"), given);
}

/// `group = "x"` or `group "x"`, and the same for the version.
fn coordinate(body: &str) -> Option<(&str, &str)> {
    let body = body.strip_prefix("project.").unwrap_or(body);
    let key = ["group", "version"].into_iter().find(|key| body.starts_with(key))?;
    let rest = body[key.len()..].trim_start();
    let value = literal(rest.strip_prefix('=').unwrap_or(rest).trim_start())?;
    (!value.is_empty()).then_some((key, value))
}

/// Gives the project that settings name its group and version, which the build file beside them states, and the build file
/// the name. Running it again changes nothing.
fn name_projects(inventory: &mut Inventory) {
    let stated = |m: &Manifest, key: &str| m.inheritance.fields.get(key)?.values.first().cloned();
    let named: HashMap<RelPath, (String, usize)> = inventory
        .manifests
        .iter()
        .enumerate()
        .filter(|(_, m)| m.ecosystem == MAVEN)
        .filter_map(|(at, m)| Some((m.place.path.parent(), (stated(m, &format!("{OWN}name"))?, at))))
        .collect();
    if named.is_empty() {
        return;
    }
    let mut files: HashMap<RelPath, Vec<usize>> = HashMap::new();
    for (at, manifest) in
        inventory.manifests.iter().enumerate().filter(|(_, m)| m.ecosystem == MAVEN && is_project(m))
    {
        files.entry(manifest.place.path.parent()).or_default().push(at);
    }
    for (folder, (name, settings)) in named {
        let files = files.remove(&folder).unwrap_or_default();
        let of = |key: &str| {
            let own = files.iter().find_map(|&at| stated(&inventory.manifests[at], &format!("{OWN}{key}")));
            let property = || {
                let mut properties = files.iter().map(|&at| &inventory.manifests[at]).filter(|m| is_properties(m));
                properties.find_map(|m| stated(m, &format!("{VARIABLE}{key}")))
            };
            own.or_else(property).filter(|value| !value.contains('$'))
        };
        let (group, version) = (of("group"), of("version"));
        let full = group.map_or(name.clone(), |group| format!("{group}/{name}"));
        for at in files.into_iter().chain([settings]) {
            let manifest = &mut inventory.manifests[at];
            if !is_properties(manifest) {
                manifest.name = Some(full.clone());
                manifest.version.clone_from(&version);
            }
        }
    }
}

/// Whether a file says something of the project in its folder.
fn is_project(manifest: &Manifest) -> bool {
    is_properties(manifest) || matches!(manifest.place.path.name(), "build.gradle" | "build.gradle.kts")
}

fn is_properties(manifest: &Manifest) -> bool {
    manifest.place.path.name() == "gradle.properties"
}

/// Hands the manifest over, with what it gives to the files below.
fn finish(mut manifest: Manifest, variables: HashMap<String, String>, out: &mut Vec<Evidence>) {
    let place = manifest.place.clone();
    let given = |(name, value): (String, String)| {
        (format!("{VARIABLE}{name}"), Given { values: vec![value], place: place.clone() })
    };
    manifest.inheritance.fields.extend(variables.into_iter().map(given));
    if !manifest.dependencies.is_empty() || !manifest.inheritance.fields.is_empty() {
        out.push(Evidence::Manifest(Box::new(manifest)));
    }
}

/// Fills in what build files name and files above them, or beside them, bind. Running it again changes nothing.
pub(super) fn resolve(inventory: &mut Inventory) {
    let mut holders: HashMap<RelPath, Vec<usize>> = HashMap::new();
    let mut asking = Vec::new();
    for (at, manifest) in inventory.manifests.iter().enumerate().filter(|(_, m)| is_gradle(m)) {
        if manifest.inheritance.fields.keys().any(|key| key.starts_with(VARIABLE)) {
            holders.entry(manifest.place.path.parent()).or_default().push(at);
        }
        if manifest.dependencies.iter().any(|d| d.requirement.contains('$')) {
            asking.push(at);
        }
    }
    name_projects(inventory);
    for at in asking {
        let mut variables: HashMap<String, String> = HashMap::new();
        for folder in inventory.manifests[at].place.path.parent().ancestors() {
            for &holder in holders.get(&folder).into_iter().flatten() {
                for (key, given) in &inventory.manifests[holder].inheritance.fields {
                    if let (Some(name), [value]) = (key.strip_prefix(VARIABLE), &given.values[..]) {
                        variables.entry(name.to_owned()).or_insert_with(|| value.clone());
                    }
                }
            }
        }
        for dependency in inventory.manifests[at].dependencies.iter_mut().filter(|d| d.requirement.contains('$')) {
            dependency.requirement = filled(&dependency.requirement, &variables);
        }
    }
}

fn is_gradle(manifest: &Manifest) -> bool {
    let name = manifest.place.path.name();
    manifest.ecosystem == MAVEN && (is_build_file(name, &manifest.place.path) || name == "gradle.properties")
}

/// Reads the build file; one without literal dependencies says nothing but what it gives names.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut manifest =
        Manifest { publishable: false, compiled: true, ..Manifest::new(Place::file(file.path.clone()), MAVEN) };
    let mut variables: HashMap<String, String> = HashMap::new();
    // A statement whose brackets are not closed yet: its text, first line, and how many lines it has.
    let mut open: Option<(String, u32, usize)> = None;
    // How many braces are open, and at which depth the block of dependencies began.
    let (mut depth, mut block) = (0_usize, None);
    let mut in_comment = false;
    // Whether the outermost block is that of all projects.
    let mut for_all = false;
    for (number, line) in (1_u32..).zip(file.text().lines()) {
        let body = without_comments(line, &mut in_comment);
        let body = body.trim();
        let inside = block.is_some_and(|at| depth > at);
        if let Some((key, value)) = coordinate(body).filter(|_| depth == 0 || depth == 1 && for_all) {
            own(&mut manifest, key, &filled(value, &variables));
        }
        if depth == 0 {
            for_all = body.starts_with("allprojects");
        }
        if variables.len() < MOST_VARIABLES {
            if let Some((name, value)) = assignment(body) {
                variables.insert(name.to_owned(), value.to_owned());
            } else if !inside {
                variables.extend(pairs(body).map(|(name, value)| (name.to_owned(), value.to_owned())));
            }
        }
        let opens = body.starts_with("dependencies") && body["dependencies".len()..].trim_start().starts_with('{');
        if inside || opens {
            let statement = if opens { body.split_once('{').map_or("", |(_, rest)| rest).trim() } else { body };
            let (text, first, count) = match open.take() {
                Some((text, first, count)) => (format!("{text} {statement}").into(), first, count + 1),
                None => (std::borrow::Cow::Borrowed(statement), number, 1),
            };
            if count < LONGEST && unclosed(&text) {
                open = Some((text.into_owned(), first, count));
            } else {
                statement_of(&text, &file.place_of_line(first), &variables, &mut manifest);
            }
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
    finish(manifest, variables, out);
}

/// Whether a word is one of the usual configurations, or made of one (`debugImplementation`).
fn is_configuration(word: &str) -> bool {
    const USUAL: [&str; 9] =
        ["implementation", "api", "compile", "compileonly", "runtime", "runtimeonly", "classpath", "kapt", "ksp"];
    let word = word.to_ascii_lowercase();
    USUAL.iter().any(|usual| word.ends_with(usual))
}

/// Whether a round bracket outside of strings is open at the end.
fn unclosed(text: &str) -> bool {
    let (mut depth, mut quote) = (0_usize, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth > 0
}

/// `name: "value"` of Groovy's maps.
fn pairs(body: &str) -> impl Iterator<Item = (&str, &str)> {
    body.match_indices(':').filter_map(|(at, _)| {
        let name = body[..at].trim_end().rsplit([' ', ',', '[', '(', '\t']).next()?;
        let value = literal(body[at + 1..].trim_start()).filter(|value| value.len() < 200)?;
        let word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        word.then_some((name, value))
    })
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
    // Kotlin quotes a configuration that it has no accessor for.
    let statement = statement.trim_start_matches('"');
    let end = statement.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(statement.len());
    let (word, rest) = statement.split_at(end);
    let rest = rest.trim_start_matches('"');
    let rest = rest.trim_start().trim_start_matches('(').trim_start();
    if word.is_empty()
        || rest.is_empty()
        || matches!(word, "exclude" | "project" | "constraints" | "because" | "version")
    {
        return;
    }
    // `add("configuration", "module")`
    let (word, rest) = match (word, literal(rest)) {
        ("add", Some(named)) if !named.contains(':') => {
            (named, rest[named.len() + 2..].trim_start().trim_start_matches(',').trim_start())
        }
        _ => (word, rest),
    };
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
        let parts: Vec<&str> = rest.split(',').filter_map(|part| literal(part.trim())).collect();
        if let [group, name, more @ ..] = &parts[..]
            && !group.contains(':')
            && is_configuration(word)
        {
            // Kotlin takes group, name and version apart.
            if let Some((name, _)) = coordinates(&format!("{group}:{name}")) {
                add(name, more.first().copied().unwrap_or_default());
            }
        } else if let Some((name, version)) = coordinates(&text) {
            // A rich version stands in a block behind.
            let rich = ["strictly", "require", "prefer"].iter().find_map(|word| {
                let (_, behind) = rest.split_once(word)?;
                literal(behind.trim_start().trim_start_matches('(').trim_start())
            });
            let version = if version.is_empty() { rich.unwrap_or_default() } else { version };
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
            None => {
                let word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
                let mut end = word(after);
                // Groovy goes on with properties: `$versions.library`.
                while !variables.contains_key(&after[..end])
                    && after[end..].strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphabetic))
                {
                    end += 1 + word(&after[end + 1..]);
                }
                after.split_at(end)
            }
        };
        let short = name.rsplit(['.', ' ']).next().unwrap_or(name).trim_matches(['[', ']', '"', '\'', '(', ')']);
        match variables.get(short) {
            Some(value) => out.push_str(value),
            None => {
                out.push_str(&rest[at..rest.len() - behind.len()]);
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
