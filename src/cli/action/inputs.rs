//! The inputs of `action.yml`. A composite action gets none by itself: the step hands each over as a variable.

use std::ffi::OsString;

use miette::Diagnostic;
use thiserror::Error;

/// What the variables of the inputs start with; the rest is the input's name in capitals, `-` as `_`.
const PREFIX: &str = "OPENCLAUSE_ACTION_";

/// Inputs that become one flag for each line.
const LISTS: [&str; 3] = ["policy", "set", "exclude"];

/// Inputs that become one flag.
const SINGLE: [&str; 5] = ["config", "files-from", "changed-since", "fail-on", "min-severity"];

/// An input is wrong.
#[derive(Debug, Error, Diagnostic)]
#[error("the input `{name}` is `{value}`, which is neither `true` nor `false`")]
#[diagnostic(code(openclause::action), help("write `true` or `false`, or leave it out"))]
struct NotBoolean {
    name: &'static str,
    value: String,
}

/// The inputs. An empty one is an unset one: a composite action cannot tell them apart.
pub(super) struct Inputs {
    arguments: Vec<OsString>,
    pub(super) annotations: bool,
    pub(super) summary: bool,
    pub(super) upload: bool,
    pub(super) has_token: bool,
}

impl Inputs {
    /// Reads the variables.
    ///
    /// # Errors
    /// When a switch is neither on nor off.
    pub(super) fn from_environment() -> miette::Result<Self> {
        Self::read(|name| std::env::var_os(variable(name)))
    }

    fn read(value: impl Fn(&str) -> Option<OsString>) -> miette::Result<Self> {
        // Inputs are text by nature; what is not valid Unicode was made so on purpose and cannot name a file here.
        let text = |name: &str| value(name).unwrap_or_default().to_string_lossy().into_owned();
        let lines = |name: &str| -> Vec<String> {
            text(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        let mut arguments: Vec<OsString> = vec!["openclause".into(), "scan".into()];
        for name in LISTS {
            arguments.extend(lines(name).into_iter().map(|line| format!("--{name}={line}").into()));
        }
        for name in SINGLE {
            let text = text(name);
            if !text.trim().is_empty() {
                arguments.push(format!("--{name}={}", text.trim()).into());
            }
        }
        if switch("strict", &text("strict"), false)? {
            arguments.push("--strict".into());
        }
        arguments.push("--".into());
        arguments.extend(lines("paths").into_iter().map(OsString::from));
        Ok(Self {
            arguments,
            annotations: switch("annotations", &text("annotations"), true)?,
            summary: switch("summary", &text("summary"), true)?,
            upload: switch("upload-sarif", &text("upload-sarif"), false)?,
            has_token: !text("token").is_empty(),
        })
    }

    /// The command line that they stand for.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        self.arguments.clone()
    }
}

/// The variable that carries an input.
fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_ascii_uppercase().replace('-', "_"))
}

fn switch(name: &'static str, value: &str, unset: bool) -> miette::Result<bool> {
    match value.trim() {
        "" => Ok(unset),
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(NotBoolean { name, value: other.to_owned() }.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(set: &[(&str, &str)]) -> miette::Result<Inputs> {
        Inputs::read(|name| set.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn empty_is_unset() {
        let unset = inputs(&[]).unwrap();
        let empty = inputs(&[("paths", ""), ("fail-on", " "), ("strict", ""), ("summary", "")]).unwrap();
        assert_eq!(unset.arguments, ["openclause", "scan", "--"]);
        assert_eq!(empty.arguments, unset.arguments);
        assert!(empty.summary && empty.annotations && !empty.upload && !empty.has_token);
    }

    #[test]
    fn a_line_is_one_argument_and_never_a_flag_of_its_own() {
        let inputs = inputs(&[
            ("paths", "a b\n--format=json\n$(touch x); `y`\n"),
            ("exclude", "--no-config\nvendor/**"),
            ("config", "my config.toml"),
        ])
        .unwrap();
        let expected = [
            "openclause",
            "scan",
            "--exclude=--no-config",
            "--exclude=vendor/**",
            "--config=my config.toml",
            "--",
            "a b",
            "--format=json",
            "$(touch x); `y`",
        ];
        assert_eq!(inputs.arguments, expected);
    }

    #[test]
    fn a_switch_is_on_or_off() {
        assert!(inputs(&[("strict", "yes")]).is_err());
        assert!(!inputs(&[("annotations", "false")]).unwrap().annotations);
        assert_eq!(variable("upload-sarif"), "OPENCLAUSE_ACTION_UPLOAD_SARIF");
    }
}
