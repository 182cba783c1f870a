//! Front matter, and documents that are YAML as a whole, as JSON.

use serde_json::Value;

use super::lines::Lines;

/// The largest front matter that is read, in bytes.
const MOST: usize = 1 << 20;

/// A front matter that was read, or could not be.
pub(super) struct Front {
    /// Where the body starts.
    pub(super) body: usize,
    /// The fields, or why there are none and on which line.
    pub(super) fields: Result<Value, (String, Option<u32>)>,
}

/// The front matter of a document: YAML between `---` lines, or TOML between `+++` lines, at its very start.
pub(super) fn read(text: &str) -> Option<Front> {
    let mut lines = Lines::new(text);
    let (_, fence) = lines.next()?;
    let fence = fence.trim_end();
    if fence != "---" && fence != "+++" {
        return None;
    }
    let start = text.find('\n')? + 1;
    let mut looks_like_fields = false;
    let mut is_first = true;
    for (offset, line) in lines {
        let line = line.trim_end();
        if offset > MOST {
            return None;
        }
        if line == fence || (fence == "---" && line == "...") {
            if !looks_like_fields {
                return None;
            }
            let body = text[offset..].find('\n').map_or(text.len(), |end| offset + end + 1);
            let source = &text[start..offset];
            let fields = if fence == "---" { yaml(source) } else { toml(source) };
            // Lines are those of the document.
            let fields = fields.map_err(|(why, line)| (why, line.map(|line| line + 1)));
            return Some(Front { body, fields });
        }
        // Two thematic breaks with text between them are no front matter.
        if is_first && !line.trim().is_empty() && !line.starts_with('#') {
            is_first = false;
            looks_like_fields = line.contains([':', '=']) && !line.starts_with(['*', '>', '<', '!']);
        }
    }
    None
}

/// Reads YAML with bounds on nesting, nodes and expansion.
///
/// # Errors
/// Why it could not be read, and the line.
pub(super) fn yaml(source: &str) -> Result<Value, (String, Option<u32>)> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 64,
            max_nodes: 50_000,
            max_events: 200_000,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_recorded_anchor_events: 50_000,
            max_total_scalar_bytes: MOST,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 50_000,
            max_replay_stack_depth: 16,
        },
    };
    serde_saphyr::from_str_with_options(source, options).map_err(|error| {
        let line = error.location().and_then(|at| u32::try_from(at.line()).ok()).filter(|line| *line > 0);
        let words = error.to_string();
        (words.lines().next().unwrap_or_default().to_owned(), line)
    })
}

fn toml(source: &str) -> Result<Value, (String, Option<u32>)> {
    toml::from_str::<toml::Table>(source).map(|table| json(toml::Value::Table(table))).map_err(|error| {
        let line = error.span().map(|span| source[..span.start.min(source.len())].matches('\n').count() as u32 + 1);
        (error.message().to_owned(), line)
    })
}

/// A TOML value as JSON; dates become text. The parser bounds the nesting.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => Value::Array(list.into_iter().map(json).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_and_toml_between_fences() {
        let front = read("---\nlicense: mit\ntags:\n  - a\n---\n# T\n").unwrap();
        assert_eq!(front.fields.unwrap(), serde_json::json!({"license": "mit", "tags": ["a"]}));
        assert_eq!(front.body, 33);
        let front = read("+++\ntitle = \"x\"\ndate = 2020-01-02\n+++\n").unwrap();
        assert_eq!(front.fields.unwrap()["title"], "x");
    }

    #[test]
    fn thematic_breaks_are_no_front_matter() {
        assert!(read("---\n\nSome text\n\n---\n").is_none());
        assert!(read("# T\n---\na: b\n---\n").is_none());
        assert!(read("---\na: b\n").is_none());
    }

    #[test]
    fn what_is_broken_has_a_line_and_what_explodes_is_stopped() {
        let (_, line) = read("---\na: b\nc: [\n---\n").unwrap().fields.unwrap_err();
        assert!(line.is_some_and(|line| line >= 3));
        let mut bomb = String::from("a0: &a0 [x, x]\n");
        for level in 1..30 {
            let below = level - 1;
            bomb.push_str(&format!("a{level}: &a{level} [*a{below}, *a{below}]\n"));
        }
        assert!(yaml(&bomb).is_err());
        assert!(yaml(&"[".repeat(5_000)).is_err());
    }
}
