//! Reads packs and checks every word in them against what policy knows.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::FACTS;
use super::pack::{Pack, Param, ParamKind, Rule, SubjectKind, Test};
use super::predicates::{PREDICATES, Predicate};
use super::template::Template;
use super::tree::Tree;
use crate::config::spanned::{ConfigError, Source, Table, Value, did_you_mean};
use crate::config::{Config, Level, ParamValue, Said};
use crate::model::{Maps, Packs, Severity};

/// Packs that the program carries, in the order of the clause's phrases they begin with.
static BUILT_IN: &[(&str, &str)] = &[
    ("license", include_str!("../../policies/license.toml")),
    ("compat", include_str!("../../policies/compat.toml")),
    ("sbom", include_str!("../../policies/sbom.toml")),
    ("docs", include_str!("../../policies/docs.toml")),
    ("community", include_str!("../../policies/community.toml")),
    ("interface", include_str!("../../policies/interface.toml")),
    ("flow", include_str!("../../policies/flow.toml")),
    ("secure", include_str!("../../policies/secure.toml")),
    ("ai", include_str!("../../policies/ai.toml")),
];

/// The pack of rules on the configuration itself; it always takes part.
static CONFIG_PACK: (&str, &str) = ("config", include_str!("../../policies/config.toml"));

/// Phrases of clause 5 and the optional clauses, with their words.
static CLAUSES: &str = include_str!("../../policies/facts/clauses.toml");

/// Names of the packs that the program carries.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// Packs, checked and ready, with the severities that the configuration gives their rules.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The packs.
    pub packs: Vec<Pack>,
    /// The level of each rule.
    pub levels: BTreeMap<String, Level>,
    /// Phrases, as id and words, in the clause's order.
    pub phrases: Vec<(String, String)>,
}

impl Policy {
    /// Loads the built-in packs of these names (all when `names` is empty) and the given pack files, and applies the
    /// parameters and severities of `config` and then of `overrides` (`--set`).
    ///
    /// # Errors
    /// Mistakes in a pack, and names in the configuration that no pack knows, each with its place.
    pub fn load(
        names: &[&str],
        files: Vec<Source>,
        config: &Config,
        overrides: &[(String, Level)],
    ) -> Result<Self, ConfigError> {
        let phrases = phrases()?;
        let mut packs = Vec::new();
        for (name, text) in BUILT_IN.iter().chain([&CONFIG_PACK]) {
            packs.push(parse(&Source::new(format!("policies/{name}.toml"), *text), config, &phrases)?);
        }
        // A configuration may speak of any rule that there is, whether or not its pack takes part in this run.
        let known: BTreeSet<String> = packs.iter().flat_map(|p| &p.rules).map(|r| r.id.clone()).collect();
        if !(names.is_empty() && files.is_empty()) {
            packs.retain(|p| names.contains(&p.name.as_str()) || p.name == CONFIG_PACK.0);
        }
        for source in files {
            packs.push(parse(&source, config, &phrases)?);
        }
        let mut levels = BTreeMap::new();
        for rule in packs.iter().flat_map(|p: &Pack| &p.rules) {
            let level = if rule.off.is_some() { Level::Off } else { Level::At(rule.severity) };
            levels.insert(rule.id.clone(), level);
        }
        let policy = Self { packs, levels, phrases };
        policy.configured(&known, config, overrides)
    }

    fn configured(
        mut self,
        known: &BTreeSet<String>,
        config: &Config,
        overrides: &[(String, Level)],
    ) -> Result<Self, ConfigError> {
        if let Some(source) = &config.source {
            let unknown = |id: &str, levels: &BTreeMap<String, Level>| {
                let names = levels.keys().map(String::as_str).chain(known.iter().map(String::as_str));
                (!levels.contains_key(id) && !known.contains(id)).then(|| did_you_mean(id, names))
            };
            for (id, said) in &config.severity {
                if let Some(help) = unknown(id, &self.levels) {
                    return Err(source.error(said.span.clone(), format!("there is no rule `{id}`"), Some(help)));
                }
                if let Some(level) = self.levels.get_mut(id) {
                    *level = said.value.level;
                }
            }
            for said in &config.waivers {
                let Said { value: id, span } = &said.value.rule;
                if let Some(help) = unknown(id, &self.levels) {
                    return Err(source.error(span.clone(), format!("there is no rule `{id}`"), Some(help)));
                }
            }
            for ((pack, name), said) in &config.params {
                let built_in = built_in_names().any(|n| n == pack);
                match self.packs.iter().find(|p| p.name == *pack) {
                    None if built_in => {}
                    None => {
                        let help = did_you_mean(pack, self.packs.iter().map(|p| p.name.as_str()));
                        let message = format!("there is no pack `{pack}`");
                        return Err(source.error(said.span.clone(), message, Some(help)));
                    }
                    Some(found) if !found.params.contains_key(name) => {
                        let help = did_you_mean(name, found.params.keys().map(String::as_str));
                        let message = format!("the pack `{pack}` has no parameter `{name}`");
                        return Err(source.error(said.span.clone(), message, Some(help)));
                    }
                    Some(_) => {}
                }
            }
        }
        for (id, level) in overrides {
            match self.levels.get_mut(id) {
                Some(slot) => *slot = *level,
                None => {
                    let help = did_you_mean(id, self.levels.keys().map(String::as_str));
                    let source = Source::new("--set", format!("--set {id}=…"));
                    return Err(source.error(6..6 + id.len(), format!("there is no rule `{id}`"), Some(help)));
                }
            }
        }
        Ok(self)
    }

    /// Documentation of every rule, off ones with their default severity, sorted by id.
    pub fn docs(&self) -> Packs {
        let mut rules: Vec<_> = self
            .packs
            .iter()
            .flat_map(|pack| pack.rules.iter().map(move |rule| (pack, rule)))
            .map(|(pack, rule)| {
                let severity = match self.levels.get(&rule.id) {
                    Some(Level::At(severity)) => *severity,
                    _ => rule.severity,
                };
                rule.doc(pack, severity)
            })
            .collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        Packs { rules }
    }

    /// The pack and the rule of this id.
    pub fn rule(&self, id: &str) -> Option<(&Pack, &Rule)> {
        self.packs.iter().find_map(|pack| pack.rules.iter().find(|r| r.id == id).map(|rule| (pack, rule)))
    }
}

fn phrases() -> Result<Vec<(String, String)>, ConfigError> {
    let source = Source::new("policies/facts/clauses.toml", CLAUSES);
    let mut out = Vec::new();
    for item in source.table()?.require("clause")?.list()? {
        let mut table = item.table()?;
        out.push((table.require_text("id")?.into_inner(), table.require_text("words")?.into_inner()));
        table.finish()?;
    }
    Ok(out)
}

/// Reads one pack.
fn parse(source: &Source, config: &Config, phrases: &[(String, String)]) -> Result<Pack, ConfigError> {
    let mut root = source.table()?;
    let format = root.require("format")?;
    let format_span = format.span.clone();
    if format.number()? != 1 {
        return Err(source.error(format_span, "this program reads packs of format 1", None));
    }
    let name = root.require_text("pack")?;
    check_name(source, &name)?;
    let title = root.require_text("title")?.into_inner();
    root.text("about")?;
    let phrase = root.take("phrase").map(|value| known_phrase(value, source, phrases)).transpose()?;
    let mut pack =
        Pack { name: name.into_inner(), title, params: BTreeMap::new(), rules: Vec::new(), source: source.clone() };
    if let Some(params) = root.take("params") {
        for (name, value) in params.table()?.rest() {
            check_name(source, &name)?;
            let param = param(value.table()?, config, &pack.name, name.get_ref())?;
            pack.params.insert(name.into_inner(), param);
        }
    }
    if let Some(rules) = root.take("rule") {
        for item in rules.list()? {
            let rule = rule(item.table()?, &pack, phrase.as_deref(), phrases)?;
            if let Some(twin) = pack.rules.iter().find(|r| r.id == rule.id) {
                let help = format!("the other one starts at byte {}", twin.span.start);
                return Err(source.error(rule.span, format!("two rules are called `{}`", twin.id), Some(help)));
            }
            pack.rules.push(rule);
        }
    }
    root.finish()?;
    Ok(pack)
}

/// The id of a phrase of the clause.
fn known_phrase(value: Value<'_>, source: &Source, phrases: &[(String, String)]) -> Result<String, ConfigError> {
    let choices: Vec<&str> = phrases.iter().map(|(id, _)| id.as_str()).collect();
    let (span, text) = (value.span.clone(), value.text()?);
    if choices.contains(&text.as_str()) {
        return Ok(text);
    }
    let help = Some(did_you_mean(&text, choices));
    Err(source.error(span, format!("`{text}` is not a phrase of the clause"), help))
}

fn check_name(source: &Source, name: &toml::Spanned<String>) -> Result<(), ConfigError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.get_ref().is_empty() || !name.get_ref().chars().all(fits) {
        let message = format!("`{}` is not a name", name.get_ref());
        let help = "names are lower-case words joined with `-`".to_owned();
        return Err(source.error(name.span(), message, Some(help)));
    }
    Ok(())
}

fn param(mut table: Table<'_>, config: &Config, pack: &str, name: &str) -> Result<Param, ConfigError> {
    let source = table.source();
    let kind = table.require("type")?.one_of("type", ParamKind::NAMES)?;
    let default = table.require("default")?;
    let span = default.span.clone();
    let about = table.require_text("about")?.into_inner();
    let min = table.take("min").map(Value::number).transpose()?.unwrap_or(0);
    let max = table.take("max").map(Value::number).transpose()?.unwrap_or(i64::MAX);
    table.finish()?;
    let value = crate::config::param(default)?;
    let mut param = Param { kind, value, about, min, max };
    check_param(&param, &param.value).map_err(|why| source.error(span, why, None))?;
    if let (Some(said), Some(file)) = (config.params.get(&(pack.to_owned(), name.to_owned())), &config.source) {
        check_param(&param, &said.value).map_err(|why| file.error(said.span.clone(), why, None))?;
        param.value = said.value.clone();
    }
    Ok(param)
}

fn check_param(param: &Param, value: &ParamValue) -> Result<(), String> {
    if !param.kind.admits(value) {
        return Err(format!("this parameter is a {}", param.kind.name()));
    }
    match value {
        ParamValue::Number(number) if !(param.min..=param.max).contains(number) => {
            Err(format!("{number} is out of bounds: {} to {} is allowed", param.min, param.max))
        }
        ParamValue::Text(text) if param.kind == ParamKind::Expression && text != "auto" => {
            super::expression::invalid(text)
                .map_or(Ok(()), |why| Err(format!("not an SPDX license expression: {why}")))
        }
        _ => Ok(()),
    }
}

fn rule(
    mut table: Table<'_>,
    pack: &Pack,
    phrase: Option<&str>,
    phrases: &[(String, String)],
) -> Result<Rule, ConfigError> {
    let source = table.source();
    let span = table.span();
    let id = table.require_text("id")?;
    check_name(source, &id)?;
    let severities = [("note", Severity::Note), ("warning", Severity::Warning), ("error", Severity::Error)];
    let on = table.require("on")?.one_of("subject", SubjectKind::NAMES)?;
    let test = test(&mut table, on, pack)?;
    let phrase = match (table.take("phrase"), phrase) {
        (Some(value), _) => known_phrase(value, source, phrases)?,
        (None, Some(phrase)) => phrase.to_owned(),
        (None, None) => return Err(source.error(span, "the key `phrase` is missing here", None)),
    };
    let fields: Vec<&str> = match &test {
        Test::Check(predicate) => predicate.fields.iter().copied().chain(["subject"]).collect(),
        Test::Match { .. } => FACTS.iter().filter(|f| f.on == on).map(|f| f.name).chain(["subject"]).collect(),
        Test::Undecidable(_) => vec!["subject"],
    };
    let mut template = |key: &'static str| -> Result<Template, ConfigError> {
        let text = table.require_text(key)?;
        Template::parse(text.get_ref(), &fields).map_err(|name| {
            let help = did_you_mean(&name, fields.iter().copied());
            source.error(text.span(), format!("there is nothing to put for `{{{name}}}`"), Some(help))
        })
    };
    let (message, help) = (template("message")?, template("help")?);
    let rule = Rule {
        id: format!("{}/{}", pack.name, id.get_ref()),
        title: table.require_text("title")?.into_inner(),
        why: table.require_text("why")?.into_inner(),
        severity: table.require("severity")?.one_of("severity", &severities)?,
        off: table.text("off")?,
        phrase,
        on,
        test,
        message,
        help,
        maps: maps(&mut table)?,
        security: table.take("security").map(Value::bool).transpose()?.unwrap_or(false),
        span,
    };
    table.finish()?;
    Ok(rule)
}

fn test(table: &mut Table<'_>, on: SubjectKind, pack: &Pack) -> Result<Test, ConfigError> {
    let source = table.source();
    let filter = table.take("where").map(|v| Tree::parse(v.table()?, on, pack)).transpose()?;
    let tree = table.take("match");
    let check = table.take("check");
    let undecidable = table.text("undecidable")?;
    match (tree, check, undecidable) {
        (Some(tree), None, None) => Ok(Test::Match { filter, tree: Tree::parse(tree.table()?, on, pack)? }),
        (None, Some(check), None) if filter.is_none() => {
            let (span, name) = (check.span.clone(), check.text()?);
            let found: Option<&'static Predicate> = PREDICATES.iter().find(|p| p.name == name);
            let Some(predicate) = found else {
                let help = did_you_mean(&name, PREDICATES.iter().map(|p| p.name));
                return Err(source.error(span, format!("there is no predicate `{name}`"), Some(help)));
            };
            if predicate.on != on {
                let message = format!("`{name}` judges a {}, not a {}", predicate.on.name(), on.name());
                return Err(source.error(span, message, None));
            }
            for (name, kind) in predicate.params {
                if pack.params.get(*name).is_none_or(|p| p.kind != *kind) {
                    let message = format!("`{}` needs a parameter `{name}` of type {}", predicate.name, kind.name());
                    return Err(source.error(span, message, Some("declare it under [params]".to_owned())));
                }
            }
            Ok(Test::Check(predicate))
        }
        (None, None, Some(why)) if filter.is_none() => Ok(Test::Undecidable(why)),
        _ => {
            let help = "a rule has one of `match` (with an optional `where`), `check` or `undecidable`";
            Err(source.error(table.span(), "it is not clear how this rule decides", Some(help.to_owned())))
        }
    }
}

fn maps(table: &mut Table<'_>) -> Result<Maps, ConfigError> {
    let mut out = Maps::new();
    if let Some(value) = table.take("maps") {
        for (standard, controls) in value.table()?.rest() {
            out.insert(standard.into_inner(), controls.texts()?);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Policy, ConfigError> {
        Policy::load(&[], vec![Source::new("p.toml", text)], &Config::default(), &[])
    }

    const HEAD: &str = "format = 1\npack = 'p'\ntitle = 't'\nphrase = 'P5'\n";

    fn with_rule(lines: &str) -> String {
        format!(
            "{HEAD}[params]\nmost = {{ type = 'number', default = 3, max = 10, about = 'a' }}\n[[rule]]\nid = 'r'\n\
             title = 't'\nwhy = 'w'\nseverity = 'note'\nhelp = 'h'\n{lines}"
        )
    }

    #[test]
    fn the_built_in_packs_load() {
        let policy = Policy::load(&[], Vec::new(), &Config::default(), &[]).unwrap();
        assert_eq!(policy.packs.len(), BUILT_IN.len() + 1);
    }

    #[test]
    fn every_phrase_of_the_clause_has_a_rule() {
        let policy = Policy::load(&[], Vec::new(), &Config::default(), &[]).unwrap();
        let served: Vec<&str> =
            policy.packs.iter().flat_map(|pack| &pack.rules).map(|rule| rule.phrase.as_str()).collect();
        for (id, words) in &policy.phrases {
            assert!(served.contains(&id.as_str()), "no rule serves {id}, {words}");
        }
    }

    #[test]
    fn a_rule_of_ones_own_may_use_every_fact_and_parameter() {
        let text = with_rule(
            "on = 'manifest'\nwhere = { publishable = true }\nmatch = { license.exists = false }\nmessage = '{name}'\n",
        );
        assert!(load(&text).is_ok());
        let text = with_rule("on = 'document'\nmatch = { words.lt = '$most' }\nmessage = '{path}: {words}'\n");
        assert!(load(&text).is_ok());
    }

    #[test]
    fn every_mistake_is_named() {
        let error = |lines: &str| load(&with_rule(lines)).unwrap_err().to_string();
        assert_eq!(
            error("on = 'manifest'\nmatch = { licence = 'MIT' }\nmessage = 'm'\n"),
            "there is no fact `licence` of a manifest"
        );
        assert_eq!(
            error("on = 'manifest'\nmatch = { license.lt = 3 }\nmessage = 'm'\n"),
            "`lt` does not go with `license`, a text"
        );
        assert_eq!(
            error("on = 'document'\nmatch = { words.lt = '$mst' }\nmessage = 'm'\n"),
            "the pack has no parameter `mst`"
        );
        assert_eq!(
            error("on = 'document'\nmatch = { words = 1 }\nmessage = '{wrds}'\n"),
            "there is nothing to put for `{wrds}`"
        );
        assert_eq!(error("on = 'repository'\ncheck = 'no-such'\nmessage = 'm'\n"), "there is no predicate `no-such`");
        assert_eq!(error("on = 'repository'\nmessage = 'm'\n"), "it is not clear how this rule decides");
        assert_eq!(error("on = 'planet'\n"), "`planet` is not a subject");
    }

    #[test]
    fn parameters_from_the_configuration_are_checked_there() {
        let config = |text: &str| crate::config::parse(Source::new("openclause.toml", text)).unwrap();
        let with = |text: &str| {
            let pack = Source::new("p.toml", with_rule("on = 'document'\nmatch = { words = 1 }\nmessage = 'm'\n"));
            Policy::load(&[], vec![pack], &config(text), &[]).map_err(|e| e.to_string())
        };
        assert!(with("[params.p]\nmost = 10\n").is_ok());
        assert_eq!(with("[params.p]\nmost = 11\n").err(), Some("11 is out of bounds: 0 to 10 is allowed".into()));
        assert_eq!(with("[params.p]\nmost = 'x'\n").err(), Some("this parameter is a number".into()));
        assert_eq!(with("[params.p]\nmist = 1\n").err(), Some("the pack `p` has no parameter `mist`".into()));
        assert_eq!(
            with("[severity]\n'p/x' = { level = 'off', reason = 'r' }\n").err(),
            Some("there is no rule `p/x`".into())
        );
    }
}
