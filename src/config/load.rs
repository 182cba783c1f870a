//! Turns the text of `openclause.toml` into a [`Config`], or into an error that points at the line.

use std::ops::Range;

use super::spanned::{ConfigError, Peek, Source, Table, Value};
use super::{Choice, Config, Correction, Level, OutboundLicense, ParamValue, Said, SeverityOverride, Waiver};

/// Reads a configuration. Names of packs, rules and parameters are checked later, when the packs are known.
///
/// # Errors
/// Syntax, unknown keys, wrong types, missing reasons, malformed globs, expressions, digests and dates, each with
/// its place.
pub fn parse(source: Source) -> Result<Config, ConfigError> {
    let mut config = Config::default();
    let mut root = source.table()?;
    if let Some(value) = root.take("policy") {
        let mut table = value.table()?;
        if let Some(packs) = table.take("packs") {
            config.packs = said_texts(packs)?;
        }
        table.finish()?;
    }
    if let Some(value) = root.take("scan") {
        let mut table = value.table()?;
        if let Some(globs) = table.take("exclude") {
            config.exclude = said_texts(globs)?;
            for glob in &config.exclude {
                check_glob(&source, glob.span.clone(), &glob.value)?;
            }
        }
        table.finish()?;
    }
    if let Some(value) = root.take("params") {
        for (pack, params) in value.table()?.rest() {
            for (name, value) in params.table()?.rest() {
                let span = value.span.clone();
                let key = (pack.get_ref().clone(), name.into_inner());
                config.params.insert(key, Said { span, value: param(value)? });
            }
        }
    }
    if let Some(value) = root.take("severity") {
        for (rule, value) in value.table()?.rest() {
            let mut table = value.table()?;
            let level = table.require("level")?.one_of("level", Level::NAMES)?;
            let reason = table.require_text("reason")?.into_inner();
            table.finish()?;
            let said = Said { span: rule.span(), value: SeverityOverride { level, reason } };
            config.severity.insert(rule.into_inner(), said);
        }
    }
    config.choices = each(&mut root, "choice", choice)?;
    config.corrections = each(&mut root, "correction", correction)?;
    config.outbound = each(&mut root, "outbound", outbound)?;
    config.waivers = each(&mut root, "waiver", waiver)?;
    root.finish()?;
    config.source = Some(source);
    Ok(config)
}

/// Reads the tables of `[[key]]`.
fn each<'s, T>(
    root: &mut Table<'s>,
    key: &'static str,
    read: fn(&mut Table<'s>) -> Result<T, ConfigError>,
) -> Result<Vec<Said<T>>, ConfigError> {
    let Some(value) = root.take(key) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for item in value.list()? {
        let mut table = item.table()?;
        let span = table.span();
        let value = read(&mut table)?;
        table.finish()?;
        out.push(Said { value, span });
    }
    Ok(out)
}

fn choice(table: &mut Table<'_>) -> Result<Choice, ConfigError> {
    let package = purl(table)?.ok_or_else(|| missing(table, "package"))?;
    let expression = expression(table, "expression")?.ok_or_else(|| missing(table, "expression"))?;
    let choose = self::expression(table, "choose")?.ok_or_else(|| missing(table, "choose"))?;
    Ok(Choice { package, expression, choose, reason: table.require_text("reason")?.into_inner() })
}

fn outbound(table: &mut Table<'_>) -> Result<OutboundLicense, ConfigError> {
    let path = table.require_text("path")?;
    check_glob(table.source(), path.span(), path.get_ref())?;
    let license = expression(table, "license")?.ok_or_else(|| missing(table, "license"))?;
    let reason = table.require_text("reason")?.into_inner();
    Ok(OutboundLicense { path: path.into_inner(), license, reason })
}

fn correction(table: &mut Table<'_>) -> Result<Correction, ConfigError> {
    let path = table.require_text("path")?.into_inner();
    let license = expression(table, "license")?.ok_or_else(|| missing(table, "license"))?;
    let evidence = table.require_text("evidence")?;
    let sha256 = evidence.get_ref().strip_prefix("sha256:").unwrap_or_default().to_ascii_lowercase();
    if sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
        let help = "write `sha256:` and the 64 digits that `sha256sum` prints for the file".to_owned();
        return Err(table.source().error(evidence.span(), "not a SHA-256 digest", Some(help)));
    }
    Ok(Correction { path, license, sha256, reason: table.require_text("reason")?.into_inner() })
}

fn waiver(table: &mut Table<'_>) -> Result<Waiver, ConfigError> {
    let rule = table.require_text("rule")?;
    let rule = Said { span: rule.span(), value: rule.into_inner() };
    let path = match table.take("path") {
        Some(value) => {
            let span = value.span.clone();
            let glob = value.text()?;
            check_glob(table.source(), span, &glob)?;
            Some(glob)
        }
        None => None,
    };
    Ok(Waiver {
        rule,
        path,
        package: purl(table)?,
        license: expression(table, "license")?,
        reason: table.require_text("reason")?.into_inner(),
        approver: table.require_text("approver")?.into_inner(),
        expires: table.take("expires").map(Value::date).transpose()?,
    })
}

fn missing(table: &Table<'_>, key: &str) -> ConfigError {
    table.source().error(table.span(), format!("the key `{key}` is missing here"), None)
}

fn purl(table: &mut Table<'_>) -> Result<Option<String>, ConfigError> {
    let Some(value) = table.take("package") else { return Ok(None) };
    let span = value.span.clone();
    let text = value.text()?;
    if !text.starts_with("pkg:") || !text[4..].contains('/') {
        let help = "write it like `pkg:cargo/serde` or `pkg:npm/%40types/node@20.1.0`".to_owned();
        return Err(table.source().error(span, format!("`{text}` is not a package URL"), Some(help)));
    }
    Ok(Some(text))
}

/// A license expression, checked, or the SPDX word `NONE`.
fn expression(table: &mut Table<'_>, key: &'static str) -> Result<Option<String>, ConfigError> {
    let Some(value) = table.take(key) else { return Ok(None) };
    let span = value.span.clone();
    let text = value.text()?;
    if text != "NONE"
        && let Err(error) = spdx::Expression::parse(&text)
    {
        let at = span.start + 1 + error.span.start..span.start + 1 + error.span.end.max(error.span.start + 1);
        let at = if at.end < span.end { at } else { span };
        let help = "see https://spdx.org/licenses for the ids; `LicenseRef-…` names a license that is not listed";
        let message = format!("not an SPDX license expression: {}", error.reason);
        return Err(table.source().error(at, message, Some(help.to_owned())));
    }
    Ok(Some(text))
}

fn check_glob(source: &Source, span: Range<usize>, glob: &str) -> Result<(), ConfigError> {
    match globset::Glob::new(glob) {
        Ok(_) => Ok(()),
        Err(error) => Err(source.error(span, format!("`{glob}` is not a glob: {}", error.kind()), None)),
    }
}

fn said_texts(value: Value<'_>) -> Result<Vec<Said<String>>, ConfigError> {
    value
        .list()?
        .into_iter()
        .map(|item| {
            let span = item.span.clone();
            Ok(Said { value: item.text()?, span })
        })
        .collect()
}

/// A parameter's value, whatever its type; the pack that declares it checks it.
pub(crate) fn param(value: Value<'_>) -> Result<ParamValue, ConfigError> {
    Ok(match value.peek() {
        Peek::Bool(value) => ParamValue::Bool(value),
        Peek::Number => ParamValue::Number(value.number()?),
        Peek::List => ParamValue::Texts(value.texts()?),
        _ => ParamValue::Text(value.text()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(Source::new("openclause.toml", text)).unwrap_err().to_string()
    }

    #[test]
    fn a_full_configuration_is_read() {
        let config = parse(Source::new(
            "openclause.toml",
            r#"
[policy]
packs = ["license", "policies/ours.toml"]
[params.docs]
min-words = 50
[severity]
"docs/readme-stub" = { level = "off", reason = "the site has it" }
[scan]
exclude = ["third_party/**"]
[[choice]]
package = "pkg:cargo/serde"
expression = "MIT OR Apache-2.0"
choose = "Apache-2.0"
reason = "patent grant"
[[correction]]
path = "a.c"
license = "MIT"
evidence = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
reason = "the header is cut off"
[[waiver]]
rule = "license/no-root-text"
path = "vendor/**"
license = "GPL-2.0-only"
reason = "r"
approver = "a"
expires = 2027-01-01
"#,
        ))
        .unwrap();
        assert_eq!(config.packs.len(), 2);
        assert_eq!(config.params[&("docs".into(), "min-words".into())].value, ParamValue::Number(50));
        assert_eq!(config.severity["docs/readme-stub"].value.level, Level::Off);
        assert_eq!(config.choices[0].value.choose, "Apache-2.0");
        assert_eq!(config.corrections[0].value.license, "MIT");
        assert_eq!(config.waivers[0].value.expires, Some(jiff::civil::date(2027, 1, 1)));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(error("[polcy]\n"), "unknown key `polcy`");
        assert_eq!(error("[severity]\n'a/b' = { level = 'off' }\n"), "the key `reason` is missing here");
        assert_eq!(error("[severity]\n'a/b' = { level = 'of', reason = 'r' }\n"), "`of` is not a level");
        assert!(error("[[waiver]]\nrule='a/b'\nlicense='GPL'\nreason='r'\napprover='x'\n").contains("expression"));
        assert!(error("[scan]\nexclude = ['a{']\n").contains("is not a glob"));
        assert!(error("a = \n").contains("not valid TOML"));
    }
}
