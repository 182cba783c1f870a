//! Reads TOML key by key, so that every mistake is reported at its line with the nearest right name.

use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::{Place, Region, RelPath};

/// A TOML text with the name it is reported under.
#[derive(Clone, Debug)]
pub struct Source {
    /// What errors call it: a path, or the name of a built-in pack.
    pub name: Arc<str>,
    /// The text.
    pub text: Arc<str>,
}

/// A mistake in a configuration or pack file.
#[derive(Debug, Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(code(openclause::config))]
pub struct ConfigError {
    message: String,
    #[source_code]
    source_code: NamedSource<Arc<str>>,
    #[label("{label}")]
    span: SourceSpan,
    label: String,
    #[help]
    help: Option<String>,
}

impl Source {
    /// Names a text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// A mistake at `span`: what is wrong, a word for the place, and what to do.
    pub fn error(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) -> ConfigError {
        ConfigError {
            message: message.into(),
            source_code: NamedSource::new(&self.name, self.text.clone()).with_language("toml"),
            span: span.into(),
            label: "here".to_owned(),
            help,
        }
    }

    /// The place of `span`, for findings that point into the file.
    pub fn place(&self, span: Range<usize>) -> Place {
        Place { path: RelPath::new(self.name.to_string()), region: Some(Region::of(&self.text, span)) }
    }

    /// Parses the text as one table.
    ///
    /// # Errors
    /// The syntax error with its place.
    pub fn table(&self) -> Result<Table<'_>, ConfigError> {
        let root = DeTable::parse(&self.text).map_err(|e| {
            let span = e.span().unwrap_or(0..0);
            self.error(span, format!("not valid TOML: {}", e.message()), None)
        })?;
        let span = root.span();
        Ok(Table::new(self, span, root.into_inner()))
    }
}

/// A table whose keys are taken one by one; [`Table::finish`] reports those that nobody asked for.
pub struct Table<'s> {
    source: &'s Source,
    span: Range<usize>,
    entries: DeTable<'s>,
    known: Vec<&'static str>,
}

/// A value with its place.
pub struct Value<'s> {
    source: &'s Source,
    /// Byte range in the source.
    pub span: Range<usize>,
    inner: DeValue<'s>,
}

impl<'s> Table<'s> {
    fn new(source: &'s Source, span: Range<usize>, entries: DeTable<'s>) -> Self {
        Self { source, span, entries, known: Vec::new() }
    }

    /// Byte range in the source.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The source it stands in.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// Takes a key, when it is there.
    pub fn take(&mut self, key: &'static str) -> Option<Value<'s>> {
        self.known.push(key);
        let (_, value) = self.entries.remove_entry(key)?;
        Some(Value::new(self.source, value))
    }

    /// Takes a key that must be there.
    ///
    /// # Errors
    /// When it is absent.
    pub fn require(&mut self, key: &'static str) -> Result<Value<'s>, ConfigError> {
        let span = self.span.clone();
        self.take(key).ok_or_else(|| self.source.error(span, format!("the key `{key}` is missing here"), None))
    }

    /// Takes a text, when it is there.
    ///
    /// # Errors
    /// When it is not a text.
    pub fn text(&mut self, key: &'static str) -> Result<Option<String>, ConfigError> {
        self.take(key).map(Value::text).transpose()
    }

    /// Takes a text that must be there and not be blank.
    ///
    /// # Errors
    /// When it is absent, blank, or not a text.
    pub fn require_text(&mut self, key: &'static str) -> Result<Spanned<String>, ConfigError> {
        let value = self.require(key)?;
        let span = value.span.clone();
        let text = value.text()?;
        if text.trim().is_empty() {
            return Err(self.source.error(span, format!("`{key}` must not be empty"), None));
        }
        Ok(Spanned::new(span, text))
    }

    /// Takes all remaining entries, as key and value.
    pub fn rest(&mut self) -> Vec<(Spanned<String>, Value<'s>)> {
        std::mem::take(&mut self.entries)
            .into_iter()
            .map(|(key, value)| {
                let span = key.span();
                (Spanned::new(span, key.into_inner().into_owned()), Value::new(self.source, value))
            })
            .collect()
    }

    /// Reports keys that nobody asked for.
    ///
    /// # Errors
    /// The first such key, with the nearest known one.
    pub fn finish(mut self) -> Result<(), ConfigError> {
        let known = std::mem::take(&mut self.known);
        match self.rest().into_iter().next() {
            None => Ok(()),
            Some((key, _)) => {
                let help = did_you_mean(key.get_ref(), known.iter().copied());
                Err(self.source.error(key.span(), format!("unknown key `{}`", key.get_ref()), Some(help)))
            }
        }
    }
}

impl<'s> Value<'s> {
    fn new(source: &'s Source, value: Spanned<DeValue<'s>>) -> Self {
        let span = value.span();
        Self { source, span, inner: value.into_inner() }
    }

    /// The source it stands in.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    fn wrong(&self, wanted: &str) -> ConfigError {
        let found = match &self.inner {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.source.error(self.span.clone(), format!("expected {wanted}, found {found}"), None)
    }

    /// The value as plain data, for those who decide by type what to do.
    pub fn peek(&self) -> Peek<'_> {
        match &self.inner {
            DeValue::String(text) => Peek::Text(text),
            DeValue::Integer(_) => Peek::Number,
            DeValue::Boolean(value) => Peek::Bool(*value),
            DeValue::Array(_) => Peek::List,
            DeValue::Table(_) => Peek::Table,
            DeValue::Float(_) | DeValue::Datetime(_) => Peek::Other,
        }
    }

    /// The value as a text.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn text(self) -> Result<String, ConfigError> {
        match self.inner {
            DeValue::String(text) => Ok(text.into_owned()),
            _ => Err(self.wrong("a text")),
        }
    }

    /// The value as true or false.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn bool(self) -> Result<bool, ConfigError> {
        match self.inner {
            DeValue::Boolean(value) => Ok(value),
            _ => Err(self.wrong("true or false")),
        }
    }

    /// The value as a whole number.
    ///
    /// # Errors
    /// When it is anything else, or beyond 64 bits.
    pub fn number(self) -> Result<i64, ConfigError> {
        match &self.inner {
            DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
                .map_err(|_| self.source.error(self.span.clone(), "this number is too large", None)),
            _ => Err(self.wrong("a whole number")),
        }
    }

    /// The value as a calendar date, written `2027-01-31` with or without quotes.
    ///
    /// # Errors
    /// When it is no date.
    pub fn date(self) -> Result<jiff::civil::Date, ConfigError> {
        let text = match &self.inner {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => return Err(self.wrong("a date such as 2027-01-31")),
        };
        text.parse().map_err(|_| self.wrong("a date such as 2027-01-31"))
    }

    /// The value as a list.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn list(self) -> Result<Vec<Self>, ConfigError> {
        match self.inner {
            DeValue::Array(items) => Ok(items.into_iter().map(|v| Self::new(self.source, v)).collect()),
            _ => Err(self.wrong("a list")),
        }
    }

    /// The value as a list of texts.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn texts(self) -> Result<Vec<String>, ConfigError> {
        self.list()?.into_iter().map(Self::text).collect()
    }

    /// The value as a table.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn table(self) -> Result<Table<'s>, ConfigError> {
        match self.inner {
            DeValue::Table(entries) => Ok(Table::new(self.source, self.span, entries)),
            _ => Err(self.wrong("a table")),
        }
    }

    /// The value as one of a fixed set of words.
    ///
    /// # Errors
    /// When it is another word, with the nearest right one.
    pub fn one_of<T: Copy>(self, what: &str, choices: &[(&'static str, T)]) -> Result<T, ConfigError> {
        let (source, span) = (self.source, self.span.clone());
        let text = self.text()?;
        choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| {
            let help = did_you_mean(&text, choices.iter().map(|(name, _)| *name));
            source.error(span, format!("`{text}` is not a {what}"), Some(help))
        })
    }
}

/// What kind of value stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peek<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Number,
    /// True or false.
    Bool(bool),
    /// A list.
    List,
    /// A table.
    Table,
    /// Anything else.
    Other,
}

/// Help for a wrong name: the nearest right one, or all of them when they are few.
pub fn did_you_mean<'a>(wrong: &str, right: impl IntoIterator<Item = &'a str>) -> String {
    let right: Vec<&str> = right.into_iter().collect();
    let nearest = right
        .iter()
        .map(|name| (strsim::jaro_winkler(wrong, name), *name))
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    match nearest {
        Some((likeness, name)) if likeness > 0.8 => format!("did you mean `{name}`?"),
        _ if right.is_empty() => "nothing is allowed here".to_owned(),
        _ if right.len() <= 24 => format!("known here: {}", right.join(", ")),
        _ => "see `openclause explain` and `openclause rules` for the known names".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_reported_with_its_place_and_the_nearest_name() -> Result<(), ConfigError> {
        let source = Source::new("x.toml", "reson = 'a'\n");
        let mut table = source.table()?;
        assert!(table.text("reason")?.is_none());
        let error = table.finish().unwrap_err();
        assert_eq!(error.to_string(), "unknown key `reson`");
        assert_eq!(error.help.as_deref(), Some("did you mean `reason`?"));
        assert_eq!((error.span.offset(), error.span.len()), (0, 5));
        Ok(())
    }

    #[test]
    fn types_are_checked() -> Result<(), ConfigError> {
        let source = Source::new("x.toml", "a = 1\nb = 2027-01-31\nc = '2027-02-30'\n");
        let mut table = source.table()?;
        assert_eq!(table.text("a").unwrap_err().to_string(), "expected a text, found a number");
        assert_eq!(table.require("b")?.date()?, jiff::civil::date(2027, 1, 31));
        assert!(table.require("c")?.date().is_err());
        assert_eq!(table.require("d").err().map(|e| e.to_string()), Some("the key `d` is missing here".into()));
        Ok(())
    }
}
