//! The JSON Schema of the pack format, made of the same tables that the loader checks packs against.

use serde_json::{Map, Value, json};

use super::facts::{FACTS, FactKind};
use super::pack::{ParamKind, SubjectKind};
use super::predicates::PREDICATES;
use super::tree::OPERATORS;

/// The schema of a pack, for editors that complete and check TOML by JSON Schema (draft 2020-12).
///
/// What depends on other parts of a pack (parameters named with `$`, placeholders of messages) is left to
/// `openclause policy check`.
pub fn json_schema() -> Value {
    let words = |names: Vec<&str>| json!({ "enum": names });
    let subjects: Vec<&str> = SubjectKind::NAMES.iter().map(|(name, _)| *name).collect();
    let kinds: Vec<&str> = ParamKind::NAMES.iter().map(|(name, _)| *name).collect();
    let name = json!({ "type": "string", "pattern": "^[a-z0-9-]+$" });
    let text = json!({ "type": "string", "minLength": 1 });
    let phrases = json!({ "type": "string", "pattern": "^(P[1-9]|C([6-9]|10))$", "description": "Phrase of clause 5 (P1 to P9), or optional clause (C6 to C10)." });
    let mut definitions = Map::new();
    let mut by_subject = Vec::new();
    for (subject, kind) in SubjectKind::NAMES {
        definitions.insert(format!("{subject}-condition"), condition(subject, *kind));
        let checks: Vec<Value> = PREDICATES
            .iter()
            .filter(|predicate| predicate.on == *kind)
            .map(|predicate| json!({ "const": predicate.name, "description": predicate.about }))
            .collect();
        let reference = json!({ "$ref": format!("#/$defs/{subject}-condition") });
        let mut then = json!({ "where": reference, "match": reference });
        // A kind of subject that no predicate judges has conditions only.
        then["check"] = if checks.is_empty() { Value::Bool(false) } else { json!({ "oneOf": checks }) };
        by_subject.push(json!({
            "if": { "properties": { "on": { "const": subject } }, "required": ["on"] },
            "then": { "properties": then },
        }));
    }
    definitions.insert(
        "parameter".to_owned(),
        json!({
            "type": "object",
            "required": ["type", "default", "about"],
            "additionalProperties": false,
            "properties": {
                "type": words(kinds),
                "default": { "type": ["boolean", "integer", "string", "array"] },
                "about": text,
                "min": { "type": "integer" },
                "max": { "type": "integer" },
            },
        }),
    );
    definitions.insert(
        "rule".to_owned(),
        json!({
            "type": "object",
            "required": ["id", "title", "severity", "on", "message", "help", "why"],
            "additionalProperties": false,
            "oneOf": [{ "required": ["match"] }, { "required": ["check"] }, { "required": ["undecidable"] }],
            "properties": {
                "id": name,
                "title": { "type": "string", "minLength": 1, "description": "What the rule finds, as a short phrase." },
                "severity": { "enum": ["error", "warning", "note"] },
                "on": { "enum": subjects, "description": "What the rule speaks of." },
                "where": { "type": "object", "description": "Which subjects it speaks of; all without it. Goes with match." },
                "match": { "type": "object", "description": "What is wrong: a condition of facts." },
                "check": { "type": "string", "description": "A named predicate that decides." },
                "undecidable": { "type": "string", "description": "What is missing to decide it from a checkout." },
                "message": { "type": "string", "description": "What a finding says; {name} stands for a fact or field, {subject} for the subject." },
                "help": { "type": "string", "description": "How to mend it." },
                "why": { "type": "string", "description": "Why it matters." },
                "off": { "type": "string", "description": "Why the rule is off until it is switched on." },
                "phrase": phrases,
                "security": { "type": "boolean", "description": "Whether code scanning may rank it as a security rule." },
                "maps": {
                    "type": "object",
                    "description": "Controls of standards, by the name of the standard.",
                    "additionalProperties": { "type": "array", "items": { "type": "string" } },
                },
            },
            "allOf": by_subject,
        }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Openclause policy pack",
        "type": "object",
        "required": ["format", "pack", "title"],
        "additionalProperties": false,
        "properties": {
            "format": { "const": 1 },
            "pack": { "type": "string", "pattern": "^[a-z0-9-]+$", "description": "The name, the first half of the ids of its rules." },
            "title": text,
            "about": { "type": "string" },
            "phrase": phrases,
            "params": {
                "type": "object",
                "propertyNames": name,
                "additionalProperties": { "$ref": "#/$defs/parameter" },
            },
            "rule": { "type": "array", "items": { "$ref": "#/$defs/rule" } },
        },
        "$defs": definitions,
    })
}

/// The schema of a condition on one kind of subject.
fn condition(subject: &str, kind: SubjectKind) -> Value {
    let nested = json!({ "$ref": format!("#/$defs/{subject}-condition") });
    let mut properties = Map::new();
    properties.insert("all".to_owned(), json!({ "type": "array", "items": nested }));
    properties.insert("any".to_owned(), json!({ "type": "array", "items": nested }));
    properties.insert("not".to_owned(), nested);
    for fact in FACTS.iter().filter(|fact| fact.on == kind) {
        let mut operators = Map::new();
        for (operator, kinds, about) in OPERATORS {
            if kinds.contains(&fact.kind) {
                let mut operand = operand(operator, fact.kind);
                operand["description"] = Value::from(*about);
                operators.insert((*operator).to_owned(), operand);
            }
        }
        let compared = json!({
            "type": "object", "minProperties": 1, "additionalProperties": false, "properties": operators,
        });
        let mut choices = vec![compared];
        // A set is compared by an operator only.
        if fact.kind != FactKind::Set {
            choices.insert(0, operand("eq", fact.kind));
        }
        properties.insert(fact.name.to_owned(), json!({ "description": fact.about, "anyOf": choices }));
    }
    json!({ "type": "object", "minProperties": 1, "additionalProperties": false, "properties": properties })
}

/// The schema of an operand; `$name` stands for a parameter of any type.
fn operand(operator: &str, kind: FactKind) -> Value {
    let parameter = json!({ "type": "string", "pattern": "^\\$" });
    match (operator, kind) {
        ("exists", _) => json!({ "anyOf": [{ "type": "boolean" }, parameter] }),
        (_, FactKind::Bool) => json!({ "anyOf": [{ "type": "boolean" }, parameter] }),
        (_, FactKind::Number) => json!({ "anyOf": [{ "type": "integer" }, parameter] }),
        ("glob" | "matches", _) => json!({ "type": "string" }),
        _ => json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }),
    }
}
