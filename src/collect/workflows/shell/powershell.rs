//! PowerShell, as far as programs and their arguments go.

use super::{Command, Form, Redirect, Word};

/// How many commands of one script are told apart.
const MOST_COMMANDS: usize = 20_000;

/// The commands of a script. One pass over its bytes.
pub(super) fn commands(script: &str) -> Vec<Command> {
    let mut reader = Reader { script, bytes: script.as_bytes(), at: 0, out: Vec::new() };
    reader.read();
    reader.out
}

struct Reader<'s> {
    script: &'s str,
    bytes: &'s [u8],
    at: usize,
    out: Vec<Command>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn read(&mut self) {
        let mut command = Command::default();
        let mut reads = None;
        while self.at < self.bytes.len() {
            let byte = self.peek(0);
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'`' if matches!(self.peek(1), b'\n' | b'\r') => {
                    self.at += if self.peek(1) == b'\r' { 3 } else { 2 };
                }
                b'<' if self.peek(1) == b'#' => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr::memmem::find(rest, b"#>").map_or(rest.len(), |end| end + 2);
                }
                b'#' => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
                b'|' => {
                    let is_pipe = self.peek(1) != b'|';
                    self.end(&mut command, &mut reads, is_pipe);
                    self.at += if is_pipe { 1 } else { 2 };
                }
                b'&' if command.words.is_empty() && self.peek(1) != b'&' => self.at += 1,
                b'\n' | b';' | b'&' | b'{' | b'}' | b'(' | b')' => {
                    self.end(&mut command, &mut reads, false);
                    self.at += 1;
                }
                b'>' => self.redirect(&mut command),
                b'1'..=b'6' | b'*' if self.peek(1) == b'>' => {
                    self.at += 1;
                    self.redirect(&mut command);
                }
                _ => self.take_word(&mut command),
            }
        }
        self.end(&mut command, &mut reads, false);
    }

    fn end(&mut self, command: &mut Command, reads: &mut Option<usize>, is_pipe: bool) {
        let mut done = std::mem::take(command);
        let source = reads.take();
        if (done.words.is_empty() && done.redirects.is_empty()) || self.out.len() >= MOST_COMMANDS {
            return;
        }
        done.reads = source;
        done.is_piped = is_pipe || source.is_some();
        self.out.push(done);
        if is_pipe {
            *reads = Some(self.out.len() - 1);
        }
    }

    fn redirect(&mut self, command: &mut Command) {
        while self.peek(0) == b'>' {
            self.at += 1;
        }
        if self.peek(0) == b'&' {
            self.at += 2;
            return;
        }
        while matches!(self.peek(0), b' ' | b'\t') {
            self.at += 1;
        }
        let target = self.word();
        if command.span.is_empty() {
            command.span = target.span.clone();
        }
        command.redirects.push(Redirect { writes: true, target });
    }

    fn take_word(&mut self, command: &mut Command) {
        let before = self.at;
        let word = self.word();
        if self.at == before {
            self.at += 1;
            return;
        }
        let start = if command.span.is_empty() { word.span.start } else { command.span.start };
        command.span = start..word.span.end;
        command.words.push(word);
    }

    fn word(&mut self) -> Word {
        let start = self.at;
        let mut word = Word::default();
        let (mut bare, mut quoted, mut expanded) = (0, 0, 0);
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'{' | b'}' | b'(' | b')' | b'>' => break,
                b'&' if self.at > start => break,
                quote @ (b'\'' | b'"') => {
                    let rest = &self.bytes[self.at + 1..];
                    let length = memchr::memchr(quote, rest).unwrap_or(rest.len());
                    let inner = self.script.get(self.at + 1..self.at + 1 + length).unwrap_or_default();
                    word.text.push_str(inner);
                    let before = word.variables.len();
                    if quote == b'"' {
                        variables(inner, &mut word.variables);
                    }
                    if word.variables.len() > before {
                        expanded += 1
                    } else {
                        quoted += 1
                    }
                    self.at = (self.at + length + 2).min(self.bytes.len());
                }
                b'$' => {
                    let rest = &self.script[self.at..];
                    let length = match rest.strip_prefix("${{") {
                        Some(inner) => inner.find("}}").map_or(3, |end| end + 5),
                        None => variable_length(rest),
                    };
                    variables(&rest[..length], &mut word.variables);
                    word.text.push_str(&rest[..length]);
                    self.at += length;
                    expanded += 1;
                }
                _ => {
                    let Some(c) = self.script.get(self.at..).and_then(|rest| rest.chars().next()) else { break };
                    word.text.push(c);
                    self.at += c.len_utf8();
                    bare = 1;
                }
            }
        }
        word.form = match (bare, quoted, expanded) {
            (_, 0, 0) => Form::Bare,
            (0, 1, 0) => Form::Quoted,
            (0, 0, 1) => Form::Expanded,
            _ => Form::Mixed,
        };
        word.span = start..self.at;
        word
    }
}

/// The bytes of a variable at the start of a text: `$name`, `$env:NAME`, `${name}`.
fn variable_length(text: &str) -> usize {
    if text.starts_with("${") {
        return text.find('}').map_or(text.len().min(2), |end| end + 1);
    }
    1 + text[1..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b == b':').count()
}

/// Names of the variables that a text expands.
fn variables(text: &str, out: &mut Vec<String>) {
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        rest = &rest[at..];
        let length = variable_length(rest);
        let name = rest[1..length].trim_matches(['{', '}']);
        if !name.is_empty() && !name.starts_with('{') {
            out.push(name.to_owned());
        }
        rest = &rest[length..];
    }
}
