//! Tells comments from code and strings, for the languages where that decides whether a line is a statement about
//! the file or only talk about such statements.

/// What a place in a source file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Neither of the following.
    Code,
    /// A comment, or a documentation string at the place where the language has one.
    Comment,
    /// A string or here-document.
    Text,
}

/// Comment and string marks of a family of languages.
struct Language {
    line: &'static [&'static str],
    block: Option<(&'static str, &'static str)>,
    /// Strings, longest opener first.
    strings: &'static [Quote],
    /// `'x'` is a character, so a lone apostrophe opens nothing (Rust lifetimes).
    characters: bool,
    /// `<<WORD` starts a here-document, and `#` starts a comment only at the start of a word.
    shell: bool,
}

#[derive(Clone, Copy)]
struct Quote {
    open: &'static str,
    close: &'static str,
    escapes: bool,
    lines: bool,
    /// A string that stands alone at the start of a line documents what it stands in.
    documents: bool,
}

const fn quote(open: &'static str, close: &'static str, escapes: bool, lines: bool) -> Quote {
    Quote { open, close, escapes, lines, documents: false }
}

const TRIPLE: [Quote; 2] = [
    Quote { open: "\"\"\"", close: "\"\"\"", escapes: true, lines: true, documents: true },
    Quote { open: "'''", close: "'''", escapes: true, lines: true, documents: true },
];
const DOUBLE: Quote = quote("\"", "\"", true, false);
const SINGLE: Quote = quote("'", "'", true, false);

static C: Language = Language {
    line: &["//"],
    block: Some(("/*", "*/")),
    strings: &[quote("R\"(", ")\"", false, true), DOUBLE, SINGLE],
    characters: false,
    shell: false,
};
static JAVA: Language = Language {
    line: &["//"],
    block: Some(("/*", "*/")),
    strings: &[quote("\"\"\"", "\"\"\"", true, true), DOUBLE, SINGLE],
    characters: false,
    shell: false,
};
static SCRIPT: Language = Language {
    line: &["//"],
    block: Some(("/*", "*/")),
    strings: &[quote("`", "`", true, true), DOUBLE, SINGLE],
    characters: false,
    shell: false,
};
static GO: Language = Language {
    line: &["//"],
    block: Some(("/*", "*/")),
    strings: &[quote("`", "`", false, true), DOUBLE, SINGLE],
    characters: false,
    shell: false,
};
static RUST: Language = Language {
    line: &["//"],
    block: Some(("/*", "*/")),
    strings: &[
        quote("r##\"", "\"##", false, true),
        quote("r#\"", "\"#", false, true),
        quote("r\"", "\"", false, true),
        quote("\"", "\"", true, true),
    ],
    characters: true,
    shell: false,
};
static PYTHON: Language = Language {
    line: &["#"],
    block: None,
    strings: &[TRIPLE[0], TRIPLE[1], DOUBLE, SINGLE],
    characters: false,
    shell: false,
};
static SHELL: Language = Language {
    line: &["#"],
    block: None,
    strings: &[quote("\"", "\"", true, true), quote("'", "'", false, true)],
    characters: false,
    shell: true,
};

impl Language {
    /// The bytes that something other than plain code may start with.
    fn marks(&self) -> [bool; 256] {
        let block = self.block.map(|(open, _)| open);
        let marks = self.line.iter().copied().chain(block).chain(self.strings.iter().map(|quote| quote.open));
        let firsts = marks.filter_map(|mark| mark.bytes().next());
        let shell: &[u8] = if self.shell { b"\\<" } else { b"" };
        let mut out = [false; 256];
        firsts.chain(*b"\n'").chain(shell.iter().copied()).for_each(|byte| out[usize::from(byte)] = true);
        out
    }
}

fn language(extension: &str) -> Option<&'static Language> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "c" | "h" | "cc" | "cpp" | "cxx" | "c++" | "hpp" | "hh" | "hxx" | "inl" | "ipp" | "cu" | "cuh" | "ino" => &C,
        "java" | "kt" | "kts" | "scala" | "swift" | "groovy" | "gradle" | "cs" | "dart" => &JAVA,
        "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" => &SCRIPT,
        "go" => &GO,
        "rs" => &RUST,
        "py" | "pyi" | "toml" => &PYTHON,
        "sh" | "bash" | "ksh" | "zsh" => &SHELL,
        _ => return None,
    })
}

/// Reads a source file forwards and tells what each place belongs to.
pub struct Syntax<'a> {
    language: &'static Language,
    text: &'a str,
    at: usize,
    state: State,
    /// Whether only white space, or a string prefix, was seen on this line.
    line_start: bool,
    word_start: bool,
    heredoc: Option<&'a str>,
    /// The bytes that code may leave off at: all others are passed by.
    marks: [bool; 256],
}

#[derive(Clone, Copy)]
enum State {
    Code,
    Line,
    Block,
    String(Quote, bool),
    Heredoc,
}

impl<'a> Syntax<'a> {
    /// A reader for a file with this extension; `None` for languages it does not know.
    pub fn new(extension: &str, text: &'a str) -> Option<Self> {
        let language = language(extension)?;
        let marks = language.marks();
        let state = State::Code;
        Some(Self { language, text, at: 0, state, line_start: true, word_start: true, heredoc: None, marks })
    }

    /// What the byte at `offset` belongs to. Offsets must not decrease from call to call; the whole reading is linear.
    pub fn at(&mut self, offset: usize) -> Context {
        while self.at < offset.min(self.text.len()) {
            self.step();
        }
        match self.state {
            State::Code => Context::Code,
            State::Line | State::Block | State::String(_, true) => Context::Comment,
            State::String(_, false) | State::Heredoc => Context::Text,
        }
    }

    fn starts(&self, mark: &str) -> bool {
        self.text.as_bytes()[self.at..].starts_with(mark.as_bytes())
    }

    fn step(&mut self) {
        let byte = self.text.as_bytes()[self.at];
        match self.state {
            State::Code => self.code(byte),
            State::Line => {
                if byte == b'\n' {
                    self.state = State::Code;
                    self.newline();
                    self.at += 1;
                } else {
                    self.pass_to([b'\n'; 3]);
                }
            }
            State::Block => match self.language.block {
                Some((_, close)) if self.starts(close) => {
                    self.at += close.len();
                    self.state = State::Code;
                }
                other => {
                    self.at += 1;
                    let close = other.map_or("\n", |(_, close)| close);
                    self.pass_to([close.as_bytes()[0]; 3]);
                }
            },
            State::String(quote, _) => {
                if quote.escapes && byte == b'\\' {
                    self.at += 2;
                } else if self.starts(quote.close) {
                    self.at += quote.close.len();
                    self.state = State::Code;
                } else {
                    if byte == b'\n' && !quote.lines {
                        self.state = State::Code;
                        self.newline();
                    }
                    self.at += 1;
                    if let State::String(..) = self.state {
                        self.pass_to([quote.close.as_bytes()[0], b'\\', b'\n']);
                    }
                }
            }
            State::Heredoc => {
                let rest = &self.text.as_bytes()[self.at..];
                let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n);
                let ends = self.heredoc.is_some_and(|word| rest[..line].trim_ascii() == word.as_bytes());
                self.at += (line + 1).min(rest.len());
                if ends {
                    self.heredoc = None;
                    self.state = State::Code;
                    self.newline();
                }
            }
        }
    }

    /// Goes on to the next of these bytes, in front of which the state stays what it is.
    fn pass_to(&mut self, [a, b, c]: [u8; 3]) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += memchr::memchr3(a, b, c, rest).unwrap_or(rest.len());
    }

    fn newline(&mut self) {
        self.line_start = true;
        self.word_start = true;
    }

    fn code(&mut self, byte: u8) {
        if !self.marks[usize::from(byte)] {
            let rest = &self.text.as_bytes()[self.at..];
            let plain = rest.iter().position(|byte| self.marks[usize::from(*byte)]).unwrap_or(rest.len());
            return self.pass(&rest[..plain]);
        }
        if byte == b'\n' {
            self.at += 1;
            self.newline();
            if self.heredoc.is_some() {
                self.state = State::Heredoc;
            }
            return;
        }
        let starts_word = self.word_start || !self.language.shell;
        if starts_word && self.language.line.iter().any(|mark| self.starts(mark)) {
            self.state = State::Line;
            return;
        }
        if self.language.block.is_some_and(|(open, _)| self.starts(open)) {
            self.state = State::Block;
            self.at += 2;
            return;
        }
        if self.language.characters && byte == b'\'' {
            // `'"'` and `'\''` are characters; `'a` alone is a lifetime.
            let rest = &self.text.as_bytes()[self.at + 1..];
            let escaped = rest.first() == Some(&b'\\');
            let length = match rest {
                [b'\\', _, b'\'', ..] => 4,
                [_, b'\'', ..] if !escaped => 3,
                _ => 1,
            };
            self.at += length;
            self.line_start = false;
            return;
        }
        let is_raw = |open: &str| open.starts_with(['r', 'R']);
        if let Some(quote) =
            self.language.strings.iter().find(|q| self.starts(q.open) && (self.word_start || !is_raw(q.open)))
        {
            self.state = State::String(*quote, quote.documents && self.line_start);
            self.at += quote.open.len();
            self.line_start = false;
            self.word_start = false;
            return;
        }
        if self.language.shell {
            if byte == b'\\' {
                self.at += 2;
                return;
            }
            if self.heredoc.is_none() && self.starts("<<") && !self.starts("<<<") {
                self.heredoc = heredoc_word(&self.text[self.at + 2..]);
                self.at += 2;
                return;
            }
        }
        self.pass(&[byte]);
    }

    /// Passes by bytes that open nothing.
    fn pass(&mut self, bytes: &[u8]) {
        let Some(last) = bytes.last() else { return };
        let is_word = last.is_ascii_alphanumeric() || matches!(last, b'_' | b'$' | 0x80..);
        let at_start = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'r' | b'u' | b'R' | b'U');
        self.line_start = self.line_start && bytes.iter().all(at_start);
        self.word_start = if self.language.shell { last.is_ascii_whitespace() || *last == b';' } else { !is_word };
        self.at += bytes.len();
    }
}

/// The word that ends a here-document whose `<<` stands just before `rest`.
fn heredoc_word(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches(['-', '~', ' ']).trim_start_matches(['\'', '"', '\\']);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let starts_with_letter = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (end > 0 && end < 64 && starts_with_letter).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The contexts of the places marked `@` in `text`.
    fn contexts(extension: &str, text: &str) -> Vec<Context> {
        let mut syntax = Syntax::new(extension, text).unwrap();
        text.match_indices('@').map(|(at, _)| syntax.at(at)).collect()
    }

    use Context::{Code, Comment, Text};

    #[test]
    fn comments_and_strings_of_many_languages() {
        assert_eq!(
            contexts("c", "/* @ */ @ // @\nx = \"@ // @\"; '\"' @"),
            [Comment, Code, Comment, Text, Text, Code]
        );
        assert_eq!(contexts("js", "`a\n// @\n` // @\n'@"), [Text, Comment, Text]);
        assert_eq!(contexts("go", "`\\` // @"), [Comment]);
        assert_eq!(contexts("rs", "fn f<'a>() { '\"'; r#\"\n// @ \"x\"\n\"#; } // @"), [Text, Comment]);
        assert_eq!(contexts("py", "\"\"\"@\"\"\"\nx = \"\"\"\n# @\n\"\"\"\n# @"), [Comment, Text, Comment]);
        assert_eq!(contexts("kt", "val x = \"\"\"\n// @\n\"\"\" // @"), [Text, Comment]);
    }

    #[test]
    fn shell_strings_and_here_documents() {
        let text = "# don't @\ncat >f <<'EOF'\n# @\nEOF\necho \"$# # @\" # @\n";
        assert_eq!(contexts("sh", text), [Comment, Text, Text, Comment]);
        assert_eq!(contexts("sh", "x=$((1<<2))\n# @"), [Comment]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[\"'`/*#<\\\\rRE\n é]{0,60}", which in 0..6usize) {
            let extension = ["c", "js", "rs", "py", "sh", "java"][which];
            let mut syntax = Syntax::new(extension, &text).unwrap();
            for at in 0..=text.len() + 2 {
                syntax.at(at);
            }
        }
    }
}
