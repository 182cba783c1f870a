//! The value of expressions in which nothing is unknown, by the rules of the runner: loose comparison, texts compared
//! without letter case, numbers read from texts.

use std::cmp::Ordering;

use super::{Expr, Function, Kind, Operator};

/// A value of the language.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// An array or an object.
    Json(serde_json::Value),
}

/// The number that a text means; not a number when it means none.
pub(super) fn number(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    if let Some(value) = text.parse::<f64>().ok().filter(|value| value.is_finite()) {
        return value;
    }
    // The runner reads these as 32-bit integers with a sign.
    let radix = |digits: &str, radix| u32::from_str_radix(digits, radix).map_or(f64::NAN, |n| f64::from(n as i32));
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned.eq_ignore_ascii_case("infinity") {
        true if text.starts_with('-') => f64::NEG_INFINITY,
        true => f64::INFINITY,
        false => f64::NAN,
    }
}

impl Value {
    /// This, unless it is not a number.
    pub(super) fn sound(self) -> Option<Self> {
        (!matches!(self, Self::Number(n) if n.is_nan())).then_some(self)
    }

    /// Whether a condition holds with it.
    pub(in super::super) fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Json(_) => true,
        }
    }

    fn as_number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Number(value) => *value,
            Self::Text(text) => number(text),
            Self::Json(_) => f64::NAN,
        }
    }

    /// The text that it expands to.
    pub(in super::super) fn expand(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) if value.is_infinite() => {
                (if *value > 0.0 { "Infinity" } else { "-Infinity" }).to_owned()
            }
            Self::Number(value) => value.to_string(),
            Self::Text(text) => text.clone(),
            Self::Json(serde_json::Value::Array(_)) => "Array".to_owned(),
            Self::Json(_) => "Object".to_owned(),
        }
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Null, Self::Null) => Some(Ordering::Equal),
            (Self::Text(a), Self::Text(b)) => Some(a.to_uppercase().cmp(&b.to_uppercase())),
            (a, b) => a.as_number().partial_cmp(&b.as_number()),
        }
    }

    fn from_json(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(value),
            serde_json::Value::Number(value) => Self::Number(value.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Self::Text(text),
            other => Self::Json(other),
        }
    }

    fn to_json(&self) -> Option<serde_json::Value> {
        Some(match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Number(value) if value.fract() == 0.0 => serde_json::Value::from(*value as i64),
            Self::Number(value) => serde_json::Number::from_f64(*value)?.into(),
            Self::Text(text) => text.clone().into(),
            Self::Json(value) => value.clone(),
        })
    }

    /// Whether it is one value rather than an array or an object.
    fn is_simple(&self) -> bool {
        !matches!(self, Self::Json(_))
    }
}

impl Expr {
    /// The value, when the source alone decides it.
    pub(in super::super) fn constant(&self) -> Option<Value> {
        match &self.kind {
            Kind::Literal(value) => Some(value.clone()),
            Kind::Not(operand) => Some(Value::Bool(!operand.constant()?.is_truthy())),
            Kind::Binary(operator, left, right) => {
                let (left, right) = (left.constant()?, right.constant()?);
                Some(binary(*operator, left, right))
            }
            Kind::Call(function, arguments) => {
                let values: Option<Vec<Value>> = arguments.iter().map(Self::constant).collect();
                call(*function, &values?)
            }
            _ => None,
        }
    }
}

fn binary(operator: Operator, left: Value, right: Value) -> Value {
    let order = left.compare(&right);
    let holds = match operator {
        Operator::And => return if left.is_truthy() { right } else { left },
        Operator::Or => return if left.is_truthy() { left } else { right },
        Operator::Equal => order == Some(Ordering::Equal),
        Operator::Unequal => order != Some(Ordering::Equal),
        Operator::Less => order == Some(Ordering::Less),
        Operator::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Operator::Greater => order == Some(Ordering::Greater),
        Operator::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    };
    Value::Bool(holds)
}

fn call(function: Function, values: &[Value]) -> Option<Value> {
    let upper = |value: &Value| value.expand().to_uppercase();
    match (function, values) {
        (Function::Contains, [Value::Json(serde_json::Value::Array(items)), item]) => {
            let found = items.iter().any(|i| Value::from_json(i.clone()).compare(item) == Some(Ordering::Equal));
            Some(Value::Bool(found))
        }
        (Function::Contains, [text, item]) if text.is_simple() => {
            Some(Value::Bool(upper(text).contains(&upper(item))))
        }
        (Function::StartsWith | Function::EndsWith, [text, part]) => {
            if !text.is_simple() || !part.is_simple() {
                return Some(Value::Bool(false));
            }
            let (text, part) = (upper(text), upper(part));
            let is_start = function == Function::StartsWith;
            Some(Value::Bool(if is_start { text.starts_with(&part) } else { text.ends_with(&part) }))
        }
        (Function::Format, [template, arguments @ ..]) => format(&template.expand(), arguments).map(Value::Text),
        (Function::Join, [list, separator @ ..]) => {
            let separator = separator.first().map_or_else(|| ",".to_owned(), Value::expand);
            Some(Value::Text(match list {
                Value::Json(serde_json::Value::Array(items)) => {
                    let items: Vec<String> = items.iter().map(|i| Value::from_json(i.clone()).expand()).collect();
                    items.join(&separator)
                }
                Value::Json(_) => String::new(),
                simple => simple.expand(),
            }))
        }
        (Function::ToJson, [value]) => serde_json::to_string_pretty(&value.to_json()?).ok().map(Value::Text),
        (Function::FromJson, [text]) => serde_json::from_str(&text.expand()).ok().map(Value::from_json),
        (Function::Case, [pairs @ .., otherwise]) => {
            for pair in pairs.chunks(2) {
                match pair {
                    [Value::Bool(true), value] => return Some(value.clone()),
                    [Value::Bool(false), _] => {}
                    _ => return None,
                }
            }
            Some(otherwise.clone())
        }
        _ => None,
    }
}

/// Fills `{0}`, `{1}` … of a template, in which braces are written twice; `None` when it is malformed.
fn format(template: &str, arguments: &[Value]) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        let behind = &rest[at + 1..];
        if let Some(more) = behind.strip_prefix(brace) {
            out.push_str(brace);
            rest = more;
            continue;
        }
        if brace == "}" {
            return None;
        }
        let end = behind.find('}')?;
        let index: usize = behind[..end].trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
        out.push_str(&arguments.get(index)?.expand());
        rest = &behind[end + 1..];
    }
    out.push_str(rest);
    Some(out)
}
