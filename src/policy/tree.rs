//! The declarative half of policy: a small tree of facts, checked when it is loaded, in three-valued logic.
//!
//! A table is the conjunction of its entries. An entry is a fact with a value it must equal
//! (`publishable = true`), a fact with operators (`words.lt = "$min-words"`), or `all`, `any` or `not` with further
//! tables. A fact that a checkout cannot tell makes the answer unknown unless another entry settles it (Kleene).

use globset::GlobMatcher;
use regex::Regex;

use super::facts::{Fact, FactKind, FactValue, Scene, Subject, fact};
use super::pack::{Pack, SubjectKind};
use crate::config::ParamValue;
use crate::config::spanned::{ConfigError, Peek, Table, Value, did_you_mean};

/// A condition on one subject.
#[derive(Clone, Debug)]
pub enum Tree {
    /// Every part holds.
    All(Vec<Self>),
    /// At least one part holds.
    Any(Vec<Self>),
    /// The part does not hold.
    Not(Box<Self>),
    /// A fact compared with an operand.
    Fact(&'static Fact, Test),
}

/// How a fact is compared.
#[derive(Clone, Debug)]
pub enum Test {
    /// A truth value equals this.
    Is(bool),
    /// A number compared with another.
    Number(Comparison, i64),
    /// A text, or a member of a set, is one of these.
    AnyOf(Vec<String>),
    /// Every member of a set is one of these.
    AllOf(Vec<String>),
    /// Each of these is a member of the set.
    Has(Vec<String>),
    /// A text, or a member of a set, matches the glob.
    Glob(GlobMatcher),
    /// A text, or a member of a set, contains a match of the pattern.
    Matches(Regex),
    /// Whether a text is there, or a set has members.
    Exists(bool),
}

/// Order of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Eq,
    /// Less.
    Lt,
    /// Less or the same.
    Le,
    /// Greater.
    Gt,
    /// Greater or the same.
    Ge,
}

/// Operators, with the types of fact they go with and what they mean.
pub const OPERATORS: &[(&str, &[FactKind], &str)] = &[
    ("eq", &[FactKind::Bool, FactKind::Number, FactKind::Text], "is this"),
    ("not", &[FactKind::Bool, FactKind::Number, FactKind::Text], "is not this"),
    ("lt", &[FactKind::Number], "is less than this"),
    ("le", &[FactKind::Number], "is at most this"),
    ("gt", &[FactKind::Number], "is greater than this"),
    ("ge", &[FactKind::Number], "is at least this"),
    ("in", &[FactKind::Text], "is one of these"),
    ("not-in", &[FactKind::Text], "is none of these"),
    ("has", &[FactKind::Set], "has this member, or each of these"),
    ("has-any", &[FactKind::Set], "has one of these members"),
    ("lacks", &[FactKind::Set], "has none of these members"),
    ("within", &[FactKind::Set], "has no members but these"),
    ("glob", &[FactKind::Text, FactKind::Set], "matches this glob"),
    ("matches", &[FactKind::Text, FactKind::Set], "contains a match of this regular expression"),
    ("exists", &[FactKind::Text, FactKind::Set], "is there at all"),
];

impl Tree {
    /// Reads a tree for subjects of kind `on`.
    ///
    /// # Errors
    /// Unknown facts, operators and parameters, and operands of the wrong type, with their place.
    pub fn parse(mut table: Table<'_>, on: SubjectKind, pack: &Pack) -> Result<Self, ConfigError> {
        let source = table.source();
        let mut parts = Vec::new();
        for (key, value) in table.rest() {
            let each = |value: Value<'_>| -> Result<Vec<Self>, ConfigError> {
                value.list()?.into_iter().map(|v| Self::parse(v.table()?, on, pack)).collect()
            };
            match key.get_ref().as_str() {
                "all" => parts.push(Self::All(each(value)?)),
                "any" => parts.push(Self::Any(each(value)?)),
                "not" => parts.push(Self::Not(Box::new(Self::parse(value.table()?, on, pack)?))),
                name => {
                    let Some(fact) = fact(on, name) else {
                        let known = super::facts::FACTS.iter().filter(|f| f.on == on).map(|f| f.name);
                        let message = format!("there is no fact `{name}` of a {}", on.name());
                        return Err(source.error(key.span(), message, Some(did_you_mean(name, known))));
                    };
                    if value.peek() == Peek::Table {
                        for (operator, operand) in value.table()?.rest() {
                            parts.push(compare(fact, operator.get_ref(), operator.span(), operand, pack)?);
                        }
                    } else {
                        parts.push(compare(fact, "eq", key.span(), value, pack)?);
                    }
                }
            }
        }
        if parts.is_empty() {
            return Err(source.error(table.span(), "an empty condition holds for everything", None));
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Self::All(parts) })
    }

    /// Whether the condition holds; `Err` says which fact could not be told.
    ///
    /// # Errors
    /// The reason why the facts do not settle it.
    pub fn holds(&self, scene: &Scene<'_>, subject: Subject<'_>) -> Result<bool, &'static str> {
        match self {
            Self::All(parts) => settle(parts, false, scene, subject),
            Self::Any(parts) => settle(parts, true, scene, subject),
            Self::Not(part) => part.holds(scene, subject).map(|holds| !holds),
            Self::Fact(fact, test) => test.holds(&(fact.get)(scene, subject)),
        }
    }
}

/// Looks for a part that settles the matter; an unknown part counts only when none does.
fn settle(parts: &[Tree], settles: bool, scene: &Scene<'_>, subject: Subject<'_>) -> Result<bool, &'static str> {
    let mut unknown = None;
    for part in parts {
        match part.holds(scene, subject) {
            Ok(holds) if holds == settles => return Ok(settles),
            Ok(_) => {}
            Err(why) => unknown = unknown.or(Some(why)),
        }
    }
    unknown.map_or(Ok(!settles), Err)
}

impl Test {
    fn holds(&self, value: &FactValue<'_>) -> Result<bool, &'static str> {
        let members: &[std::borrow::Cow<'_, str>] = match value {
            FactValue::Unknown(why) => return Err(why),
            FactValue::Text(text) => text.as_slice(),
            FactValue::Set(set) => set,
            FactValue::Bool(_) | FactValue::Number(_) => &[],
        };
        let among = |list: &[String], member: &str| list.iter().any(|item| item == member);
        Ok(match (self, value) {
            (Self::Is(wanted), FactValue::Bool(value)) => value == wanted,
            (Self::Number(order, wanted), FactValue::Number(value)) => match order {
                Comparison::Eq => value == wanted,
                Comparison::Lt => value < wanted,
                Comparison::Le => value <= wanted,
                Comparison::Gt => value > wanted,
                Comparison::Ge => value >= wanted,
            },
            (Self::AnyOf(list), _) => members.iter().any(|m| among(list, m)),
            (Self::AllOf(list), _) => members.iter().all(|m| among(list, m)),
            (Self::Has(list), _) => list.iter().all(|item| members.iter().any(|m| m == item)),
            (Self::Glob(glob), _) => members.iter().any(|m| glob.is_match(m.as_ref())),
            (Self::Matches(pattern), _) => members.iter().any(|m| pattern.is_match(m)),
            (Self::Exists(wanted), _) => *wanted != members.is_empty(),
            (Self::Is(_) | Self::Number(..), _) => false,
        })
    }
}

/// Reads one comparison.
fn compare(
    fact: &'static Fact,
    operator: &str,
    at: std::ops::Range<usize>,
    operand: Value<'_>,
    pack: &Pack,
) -> Result<Tree, ConfigError> {
    let source = operand.source();
    let fits = |o: &(&str, &[FactKind], &str)| o.1.contains(&fact.kind);
    if !OPERATORS.iter().any(|o| o.0 == operator && fits(o)) {
        let known = OPERATORS.iter().filter(|o| fits(o)).map(|o| o.0);
        let message = format!("`{operator}` does not go with `{}`, a {}", fact.name, fact.kind.name());
        return Err(source.error(at, message, Some(did_you_mean(operator, known))));
    }
    let span = operand.span.clone();
    let wrong = |what: &str| source.error(span.clone(), format!("`{}` is compared with {what}", fact.name), None);
    let value = resolve(operand, pack)?;
    let texts = |value: ParamValue| match value {
        ParamValue::Text(text) => Ok(vec![text]),
        ParamValue::Texts(texts) => Ok(texts),
        _ => Err(wrong("a text or a list of texts")),
    };
    let one = |test| Tree::Fact(fact, test);
    let negated = |tree| Tree::Not(Box::new(tree));
    Ok(match (operator, fact.kind) {
        ("eq" | "not", FactKind::Bool) => match value {
            ParamValue::Bool(wanted) => one(Test::Is(wanted == (operator == "eq"))),
            _ => return Err(wrong("true or false")),
        },
        ("eq" | "not" | "lt" | "le" | "gt" | "ge", FactKind::Number) => {
            let ParamValue::Number(wanted) = value else { return Err(wrong("a whole number")) };
            let order = match operator {
                "lt" => Comparison::Lt,
                "le" => Comparison::Le,
                "gt" => Comparison::Gt,
                "ge" => Comparison::Ge,
                _ => Comparison::Eq,
            };
            let tree = one(Test::Number(order, wanted));
            if operator == "not" { negated(tree) } else { tree }
        }
        ("eq" | "in" | "has-any", _) => one(Test::AnyOf(texts(value)?)),
        ("not" | "not-in" | "lacks", _) => negated(one(Test::AnyOf(texts(value)?))),
        ("has", _) => one(Test::Has(texts(value)?)),
        ("within", _) => one(Test::AllOf(texts(value)?)),
        ("exists", _) => match value {
            ParamValue::Bool(wanted) => one(Test::Exists(wanted)),
            _ => return Err(wrong("true or false")),
        },
        (_, _) => {
            let ParamValue::Text(text) = value else { return Err(wrong("a text")) };
            let bad = |reason: String| source.error(span.clone(), reason, None);
            if operator == "glob" {
                let glob = globset::Glob::new(&text).map_err(|e| bad(format!("not a glob: {}", e.kind())))?;
                one(Test::Glob(glob.compile_matcher()))
            } else {
                one(Test::Matches(Regex::new(&text).map_err(|e| bad(format!("not a regular expression: {e}")))?))
            }
        }
    })
}

/// The operand itself, or the parameter that it names with `$`.
fn resolve(operand: Value<'_>, pack: &Pack) -> Result<ParamValue, ConfigError> {
    let (source, span) = (operand.source(), operand.span.clone());
    if let Peek::Text(text) = operand.peek()
        && let Some(name) = text.strip_prefix('$')
    {
        return match pack.params.get(name) {
            Some(param) => Ok(param.value.clone()),
            None => {
                let help = did_you_mean(name, pack.params.keys().map(String::as_str));
                Err(source.error(span, format!("the pack has no parameter `{name}`"), Some(help)))
            }
        };
    }
    crate::config::param(operand)
}
