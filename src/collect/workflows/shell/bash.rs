//! The language of POSIX shells, Bash and Zsh.

use super::{Command, Form, Redirect, Word};

/// How deep substitutions and groups may nest.
const MOST_NESTED: usize = 40;
/// How many commands of one script are told apart.
const MOST_COMMANDS: usize = 20_000;

/// The commands of a script. One pass; every byte is looked at once, however broken the script is.
pub(super) fn commands(script: &str) -> Vec<Command> {
    let mut reader =
        Reader { script, bytes: script.as_bytes(), at: 0, nested: 0, out: Vec::new(), heredocs: Vec::new() };
    while reader.at < reader.bytes.len() {
        reader.list(None);
        // A stray closing bracket.
        reader.at += 1;
    }
    reader.out
}

struct Reader<'s> {
    script: &'s str,
    bytes: &'s [u8],
    at: usize,
    nested: usize,
    out: Vec<Command>,
    /// Delimiters of the texts that follow the current line, and whether tabs in front of them are dropped.
    heredocs: Vec<(String, bool)>,
}

/// The pieces of a word that is being read.
#[derive(Default)]
struct Pieces {
    text: String,
    bare: usize,
    quoted: usize,
    expanded: usize,
    mixed_quote: bool,
    variables: Vec<String>,
    substitutes: Option<usize>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Reads commands up to a closing byte, which stays.
    fn list(&mut self, close: Option<u8>) {
        let mut command = Command::default();
        let mut reads = None;
        loop {
            self.blanks();
            if self.done() {
                break;
            }
            let byte = self.peek(0);
            match byte {
                b')' | b'`' if close == Some(byte) => break,
                b'#' => self.skip_to_line_end(),
                b'\n' => {
                    self.end(&mut command, &mut reads, false);
                    self.at += 1;
                    self.skip_heredocs();
                }
                b';' => {
                    self.end(&mut command, &mut reads, false);
                    self.at += 1;
                }
                b'&' if self.peek(1) == b'>' => self.redirect(&mut command),
                b'&' => {
                    self.end(&mut command, &mut reads, false);
                    self.at += if self.peek(1) == b'&' { 2 } else { 1 };
                }
                b'|' => {
                    let is_pipe = self.peek(1) != b'|';
                    self.end(&mut command, &mut reads, is_pipe);
                    self.at += if is_pipe && self.peek(1) != b'&' { 1 } else { 2 };
                }
                b'(' if command.words.is_empty() && self.nested < MOST_NESTED => self.group(),
                b'(' => {
                    // `name()` starts a function.
                    command = Command::default();
                    self.at += 1;
                }
                b')' => {
                    if close.is_none() && self.nested == 0 && command.words.is_empty() {
                        self.at += 1;
                        continue;
                    }
                    // The pattern of a `case`.
                    command = Command::default();
                    self.at += 1;
                }
                b'<' | b'>' if self.peek(1) == b'(' => self.take_word(&mut command),
                b'<' | b'>' => self.redirect(&mut command),
                b'0'..=b'9' if self.is_numbered_redirect() => self.redirect(&mut command),
                _ => self.take_word(&mut command),
            }
        }
        self.end(&mut command, &mut reads, false);
    }

    /// A subshell, or an arithmetic command.
    fn group(&mut self) {
        self.at += 1;
        self.nested += 1;
        self.list(Some(b')'));
        self.nested -= 1;
        self.at += 1;
    }

    fn blanks(&mut self) {
        loop {
            match self.peek(0) {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.peek(1) == b'\n' => self.at += 2,
                b'\\' if self.peek(1) == b'\r' && self.peek(2) == b'\n' => self.at += 3,
                _ => return,
            }
        }
    }

    fn skip_to_line_end(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn skip_heredocs(&mut self) {
        for (delimiter, drops_tabs) in std::mem::take(&mut self.heredocs) {
            while !self.done() {
                let start = self.at;
                self.skip_to_line_end();
                let line = self.script.get(start..self.at).unwrap_or_default().trim_end_matches('\r');
                self.at += 1;
                let line = if drops_tabs { line.trim_start_matches('\t') } else { line };
                if line == delimiter {
                    break;
                }
            }
        }
    }

    fn end(&mut self, command: &mut Command, reads: &mut Option<usize>, is_pipe: bool) {
        let mut done = std::mem::take(command);
        let source = reads.take();
        if done.words.is_empty() && (done.redirects.is_empty() || !is_pipe) {
            return;
        }
        if self.out.len() >= MOST_COMMANDS {
            return;
        }
        done.reads = source;
        done.is_piped = is_pipe || source.is_some();
        self.out.push(done);
        if is_pipe {
            *reads = Some(self.out.len() - 1);
        }
    }

    fn is_numbered_redirect(&self) -> bool {
        let digits = self.bytes[self.at..].iter().take(3).take_while(|b| b.is_ascii_digit()).count();
        matches!(self.peek(digits), b'<' | b'>')
    }

    fn redirect(&mut self, command: &mut Command) {
        while self.peek(0).is_ascii_digit() {
            self.at += 1;
        }
        let start = self.at;
        let mut writes = false;
        while matches!(self.peek(0), b'<' | b'>' | b'&' | b'|') && self.at - start < 3 {
            writes |= self.peek(0) == b'>';
            self.at += 1;
            // `>(…)` and `<(…)` behind a redirection are words.
            if self.peek(1) == b'(' && matches!(self.peek(0), b'<' | b'>') {
                break;
            }
        }
        let operator = &self.bytes[start..self.at];
        let is_heredoc = operator == b"<<";
        let drops_tabs = is_heredoc && self.peek(0) == b'-';
        if drops_tabs {
            self.at += 1;
        }
        self.blanks();
        if matches!(self.peek(0), b'\n' | b';' | b')' | 0) {
            return;
        }
        let target = self.word();
        if is_heredoc {
            self.heredocs.push((target.text, drops_tabs));
            return;
        }
        let duplicates =
            operator.ends_with(b"&") && (target.text == "-" || target.text.bytes().all(|b| b.is_ascii_digit()));
        if !duplicates && operator != b"<<<" {
            if command.words.is_empty() && command.span.is_empty() {
                command.span = start..target.span.end;
            }
            command.redirects.push(Redirect { writes, target });
        }
    }

    fn take_word(&mut self, command: &mut Command) {
        let before = self.at;
        let word = self.word();
        if self.at == before {
            self.at += 1;
            return;
        }
        let is_start = command.words.is_empty();
        if is_start && word.form == Form::Bare && self.keyword(&word, command) {
            return;
        }
        if is_start && is_assignment(&word.text) {
            if command.span.is_empty() {
                command.span = word.span;
            }
            return;
        }
        let start = if command.span.is_empty() { word.span.start } else { command.span.start };
        command.span = start..word.span.end;
        command.words.push(word);
    }

    /// Words that shape the script rather than run something.
    fn keyword(&mut self, word: &Word, command: &mut Command) -> bool {
        match word.text.as_str() {
            "if" | "then" | "elif" | "else" | "fi" | "while" | "until" | "do" | "done" | "esac" | "{" | "}" | "!"
            | "time" => {
                *command = Command::default();
                true
            }
            "for" | "case" | "select" | "function" => {
                // The header has words only.
                let is_case = word.text == "case";
                loop {
                    self.blanks();
                    if self.done() || matches!(self.peek(0), b'\n' | b';' | b'(' | b')' | b'{' | b'&' | b'|') {
                        break;
                    }
                    let before = self.at;
                    let word = self.word();
                    if self.at == before {
                        self.at += 1;
                    }
                    if is_case && word.text == "in" {
                        break;
                    }
                }
                true
            }
            "[[" => {
                let rest = &self.bytes[self.at..];
                let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                if let Some(end) = memchr::memmem::find(&rest[..line], b"]]") {
                    self.at += end + 2;
                }
                true
            }
            _ => false,
        }
    }

    /// One word with its quotes and expansions. Takes at least one byte unless a separator comes.
    fn word(&mut self) -> Word {
        let start = self.at;
        let mut pieces = Pieces::default();
        while !self.done() {
            let byte = self.peek(0);
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b')' => break,
                b'(' if pieces.bare > 0 && self.script[..self.at].ends_with(['=', '@', '?', '*', '+', '!']) => {
                    // An array, or an extended pattern.
                    self.skip_brackets();
                    pieces.bare += 1;
                }
                b'(' => break,
                b'<' | b'>' if self.peek(1) == b'(' && self.at == start => {
                    self.at += 1;
                    let first = self.out.len();
                    self.substitution();
                    pieces.substitutes = (self.out.len() > first).then_some(first);
                    pieces.expanded += 1;
                }
                b'<' | b'>' => break,
                b'\\' => {
                    if self.peek(1) == b'\n' {
                        self.at += 2;
                        continue;
                    }
                    self.at += 1;
                    self.literal(&mut pieces);
                }
                b'\'' => {
                    let end = memchr::memchr(b'\'', &self.bytes[self.at + 1..]).map(|end| self.at + 1 + end);
                    let end = end.unwrap_or(self.bytes.len());
                    pieces.text.push_str(self.script.get(self.at + 1..end).unwrap_or_default());
                    self.at = end + 1;
                    pieces.quoted += 1;
                }
                b'"' => self.double_quoted(&mut pieces),
                b'`' if self.nested < MOST_NESTED => self.backticks(&mut pieces),
                b'$' => self.dollar(&mut pieces),
                _ => self.literal(&mut pieces),
            }
        }
        self.at = self.at.min(self.bytes.len());
        let form = match (pieces.bare > 0, pieces.quoted, pieces.expanded) {
            (true, 0, 0) | (false, 0, 0) => Form::Bare,
            (false, 1, 0) => Form::Quoted,
            (false, 0, 1) => Form::Expanded,
            _ if pieces.mixed_quote && pieces.bare == 0 && pieces.quoted == 0 => Form::Expanded,
            _ => Form::Mixed,
        };
        let span = start..self.at;
        Word { text: pieces.text, span, form, variables: pieces.variables, substitutes: pieces.substitutes }
    }

    fn literal(&mut self, pieces: &mut Pieces) {
        if let Some(c) = self.script.get(self.at..).and_then(|rest| rest.chars().next()) {
            pieces.text.push(c);
            self.at += c.len_utf8();
        } else {
            self.at += 1;
        }
        pieces.bare += 1;
    }

    fn double_quoted(&mut self, pieces: &mut Pieces) {
        self.at += 1;
        let mut inner = Pieces::default();
        while !self.done() && self.peek(0) != b'"' {
            match self.peek(0) {
                b'\\' => {
                    let escapes = matches!(self.peek(1), b'"' | b'\\' | b'$' | b'`' | b'\n');
                    self.at += 1;
                    if !escapes {
                        inner.text.push('\\');
                    }
                    self.literal(&mut inner);
                }
                b'$' => self.dollar(&mut inner),
                b'`' if self.nested < MOST_NESTED => self.backticks(&mut inner),
                _ => self.literal(&mut inner),
            }
        }
        self.at += 1;
        pieces.text.push_str(&inner.text);
        if inner.expanded > 0 {
            pieces.expanded += 1;
            pieces.mixed_quote = true;
        } else {
            pieces.quoted += 1;
        }
        pieces.variables.append(&mut inner.variables);
    }

    fn backticks(&mut self, pieces: &mut Pieces) {
        let start = self.at;
        self.at += 1;
        self.nested += 1;
        self.list(Some(b'`'));
        self.nested -= 1;
        self.at = (self.at + 1).min(self.bytes.len());
        pieces.text.push_str(self.script.get(start..self.at).unwrap_or_default());
        pieces.expanded += 1;
    }

    /// `(…)` behind `$`, `<` or `>`: commands of their own.
    fn substitution(&mut self) {
        let depth = self.nested;
        if depth < MOST_NESTED {
            self.nested += 1;
            self.at += 1;
            self.list(Some(b')'));
            self.nested = depth;
        }
        self.at = (self.at + 1).min(self.bytes.len());
    }

    fn dollar(&mut self, pieces: &mut Pieces) {
        let start = self.at;
        match self.peek(1) {
            // An expression of GitHub Actions.
            b'{' if self.peek(2) == b'{' => {
                let rest = &self.bytes[self.at..];
                self.at += memchr::memmem::find(rest, b"}}").map_or(2, |end| end + 2);
            }
            b'{' => {
                self.at += 2;
                let name = self.name();
                pieces.variables.extend((!name.is_empty()).then_some(name));
                self.parameter();
            }
            b'(' if self.peek(2) == b'(' => {
                self.at += 1;
                self.skip_brackets();
            }
            b'(' => {
                self.at += 1;
                self.substitution();
            }
            b'\'' => {
                self.at += 1;
                let end = memchr::memchr(b'\'', &self.bytes[self.at + 1..]).map(|end| self.at + 1 + end);
                self.at = end.map_or(self.bytes.len(), |end| end + 1);
            }
            next if next.is_ascii_alphabetic() || next == b'_' => {
                self.at += 1;
                let name = self.name();
                pieces.variables.push(name);
            }
            next if next.is_ascii_digit() || b"@*#?$!-".contains(&next) => self.at += 2,
            _ => {
                self.literal(pieces);
                return;
            }
        }
        self.at = self.at.min(self.bytes.len());
        pieces.text.push_str(self.script.get(start..self.at).unwrap_or_default());
        pieces.expanded += 1;
    }

    fn name(&mut self) -> String {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        let name = self.script.get(self.at..self.at + length).unwrap_or_default().to_owned();
        self.at += length;
        name
    }

    /// The rest of `${…}`, in which further expansions may stand.
    fn parameter(&mut self) {
        let mut depth = 1;
        while !self.done() && depth > 0 {
            match self.peek(0) {
                b'\\' => self.at += 1,
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b'\n' => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn skip_brackets(&mut self) {
        let mut depth = 0;
        while !self.done() {
            match self.peek(0) {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

/// Whether a word sets a variable: `NAME=…`, `NAME+=…`, `NAME[1]=…`.
fn is_assignment(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else { return false };
    let name = name.strip_suffix('+').unwrap_or(name);
    let name = name.split('[').next().unwrap_or(name);
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
