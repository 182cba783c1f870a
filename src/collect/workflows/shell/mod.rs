//! Scripts as rows of simple commands: enough of the languages of shells to tell which programs run with which arguments.

mod bash;
mod powershell;
#[cfg(test)]
mod tests;

use std::ops::Range;

/// One program and its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Command {
    /// The program and its arguments.
    pub(in super::super) words: Vec<Word>,
    /// Where its output goes and its input comes from.
    pub(in super::super) redirects: Vec<Redirect>,
    /// The bytes of the script, from a variable set for it to its last argument.
    pub(in super::super) span: Range<usize>,
    /// The command whose output it reads.
    pub(in super::super) reads: Option<usize>,
    /// Whether it is a part of a pipeline.
    pub(in super::super) is_piped: bool,
}

/// One word of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Word {
    /// The text without quotes; what is expanded stands as it is written.
    pub(in super::super) text: String,
    /// The bytes of the script.
    pub(in super::super) span: Range<usize>,
    /// How it is written.
    pub(in super::super) form: Form,
    /// Variables that are expanded in it.
    pub(in super::super) variables: Vec<String>,
    /// The first command of a process substitution, when the word is one: `<(curl …)`.
    pub(in super::super) substitutes: Option<usize>,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum Form {
    /// Without quotes or expansion.
    #[default]
    Bare,
    /// Quoted as a whole, without expansion.
    Quoted,
    /// One expansion, or a quoted text with expansions.
    Expanded,
    /// Pieces of several kinds.
    Mixed,
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Redirect {
    /// Whether it writes.
    pub(in super::super) writes: bool,
    /// The file.
    pub(in super::super) target: Word,
}

impl Command {
    /// The arguments as they are written, quotes included.
    pub(in super::super) fn raw_arguments<'s>(&self, script: &'s str) -> Vec<&'s str> {
        self.words.iter().skip(1).map(|word| script.get(word.span.clone()).unwrap_or_default()).collect()
    }
}

/// The commands of a script for a POSIX-like shell, in order; those in a substitution before the one that uses it.
pub(in super::super) fn bash(script: &str) -> Vec<Command> {
    bash::commands(script)
}

/// The commands of a PowerShell script.
pub(in super::super) fn powershell(script: &str) -> Vec<Command> {
    powershell::commands(script)
}

/// The commands of a script by the name of its shell; `None` for shells whose language is not known here.
pub(in super::super) fn commands(script: &str, shell: &str) -> Option<Vec<Command>> {
    match shell {
        "bash" | "sh" | "zsh" => Some(bash(script)),
        "pwsh" | "powershell" => Some(powershell(script)),
        _ => None,
    }
}
