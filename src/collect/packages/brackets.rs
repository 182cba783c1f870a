//! Texts of bracketed languages (Ruby, Lua, Elixir, Erlang, Starlark, Swift, EDN ...) as a tree of words, texts, signs
//! and groups.
//!
//! Manifests written in a programming language are read for the literals in them; nothing is evaluated. One tolerant
//! tokenizer serves them all: what differs between the languages is a [`Dialect`]. A bracket that is never closed ends
//! with the text; one that was never opened is a sign.

use std::ops::Range;

/// How deep groups are nested at most; what is deeper stays flat.
const DEEPEST: usize = 100;

/// What a language's comments, texts and words look like.
pub(super) struct Dialect {
    /// What starts a comment that ends with the line.
    pub(super) line_comments: &'static [&'static str],
    /// Comments with a beginning and an end.
    pub(super) block_comments: &'static [(&'static str, &'static str)],
    /// Quotes of texts, the longer ones first.
    pub(super) quotes: &'static [(&'static str, &'static str)],
    /// Whether a backslash hides the character behind it inside texts.
    pub(super) escapes: bool,
    /// What begins an expression inside of texts in double quotes; empty where nothing does.
    pub(super) interpolation: &'static str,
    /// Which characters words have beside letters, digits and `_`.
    pub(super) word: &'static str,
    /// Whether a text may stand on the lines behind its mark, up to a line of its own (`<<~TEXT`).
    pub(super) here_documents: bool,
}

/// Quotes of most languages.
const PLAIN: &[(&str, &str)] = &[("\"", "\""), ("'", "'")];
/// Quotes of those with texts of several lines.
const TRIPLE: &[(&str, &str)] = &[("\"\"\"", "\"\"\""), ("'''", "'''"), ("\"", "\""), ("'", "'")];

/// Ruby: `Gemfile`, `*.gemspec`.
pub(super) const RUBY: Dialect = Dialect {
    line_comments: &["#"],
    block_comments: &[("\n=begin", "\n=end")],
    quotes: &[("%q<", ">"), ("%q{", "}"), ("%q(", ")"), ("%q[", "]"), ("\"", "\""), ("'", "'")],
    escapes: true,
    interpolation: "#{",
    word: "?!@.",
    here_documents: true,
};
/// Elixir: `mix.exs`, `mix.lock`.
pub(super) const ELIXIR: Dialect = Dialect {
    line_comments: &["#"],
    block_comments: &[],
    quotes: TRIPLE,
    escapes: true,
    interpolation: "#{",
    word: "?!@.",
    here_documents: false,
};
/// Erlang terms: `rebar.lock`, `rebar.config`.
pub(super) const ERLANG: Dialect = Dialect {
    line_comments: &["%"],
    block_comments: &[],
    quotes: PLAIN,
    escapes: true,
    interpolation: "",
    word: "@",
    here_documents: false,
};
/// Python and Starlark: `conanfile.py`, `MODULE.bazel`, NimScript.
pub(super) const PYTHON: Dialect = Dialect {
    line_comments: &["#"],
    block_comments: &[],
    quotes: TRIPLE,
    escapes: true,
    interpolation: "",
    word: ".",
    here_documents: false,
};
/// CMake.
pub(super) const CMAKE: Dialect = Dialect {
    line_comments: &["#"],
    block_comments: &[("#[[", "]]"), ("#[=[", "]=]")],
    quotes: &[("[[", "]]"), ("[=[", "]=]"), ("\"", "\"")],
    escapes: true,
    interpolation: "",
    word: "-./:@+=~$<>,&?%{}*|!;^'",
    here_documents: false,
};

/// Lua: `*.rockspec`.
pub(super) const LUA: Dialect = Dialect {
    line_comments: &["--"],
    block_comments: &[("--[[", "]]"), ("--[=[", "]=]")],
    quotes: &[("[[", "]]"), ("[=[", "]=]"), ("\"", "\""), ("'", "'")],
    escapes: true,
    interpolation: "",
    word: ".",
    here_documents: false,
};
/// Swift: `Package.swift`.
pub(super) const SWIFT: Dialect = Dialect {
    line_comments: &["//"],
    block_comments: &[("/*", "*/")],
    quotes: &[("\"\"\"", "\"\"\""), ("\"", "\"")],
    escapes: true,
    interpolation: "\\(",
    word: ".",
    here_documents: false,
};
/// Scala: `build.sbt`.
pub(super) const SCALA: Dialect = Dialect {
    line_comments: &["//"],
    block_comments: &[("/*", "*/")],
    quotes: &[("\"\"\"", "\"\"\""), ("\"", "\"")],
    escapes: true,
    interpolation: "",
    word: ".",
    here_documents: false,
};
/// Clojure and EDN: `deps.edn`, `project.clj`.
pub(super) const EDN: Dialect = Dialect {
    line_comments: &[";"],
    block_comments: &[],
    quotes: &[("\"", "\"")],
    escapes: true,
    interpolation: "",
    word: ":/.-+*!?<>=&$%#'|",
    here_documents: false,
};
/// OCaml's package description: `*.opam`.
pub(super) const OPAM: Dialect = Dialect {
    line_comments: &["#"],
    block_comments: &[("(*", "*)")],
    quotes: &[("\"\"\"", "\"\"\""), ("\"", "\"")],
    escapes: true,
    interpolation: "",
    word: "-+",
    here_documents: false,
};
/// Perl: `cpanfile`.
pub(super) const PERL: Dialect = Dialect {
    line_comments: &["#"],
    block_comments: &[("\n=pod", "\n=cut"), ("\n=head1", "\n=cut")],
    quotes: PLAIN,
    escapes: true,
    interpolation: "",
    word: "$@:.",
    here_documents: true,
};
/// Prolog: `pack.pl`.
pub(super) const PROLOG: Dialect = Dialect {
    line_comments: &["%"],
    block_comments: &[("/*", "*/")],
    quotes: PLAIN,
    escapes: true,
    interpolation: "",
    word: "",
    here_documents: false,
};
/// HashiCorp's language: `*.tf`, `.terraform.lock.hcl`.
pub(super) const HCL: Dialect = Dialect {
    line_comments: &["#", "//"],
    block_comments: &[("/*", "*/")],
    quotes: &[("\"", "\"")],
    escapes: true,
    interpolation: "",
    word: "-.",
    here_documents: true,
};

/// One thing in the text.
#[derive(Debug)]
pub(super) struct Item<'t> {
    pub(super) node: Node<'t>,
    /// Its bytes, quotes and brackets included.
    pub(super) at: Range<usize>,
    /// Whether it is the first on its line.
    pub(super) first: bool,
}

#[derive(Debug)]
pub(super) enum Node<'t> {
    /// A name, keyword or number.
    Word(&'t str),
    /// A text without its quotes, escapes left as they are.
    Text(&'t str),
    /// Any other character.
    Sign(char),
    /// What stands in brackets, by the opening one.
    Group(char, Vec<Item<'t>>),
}

impl<'t> Item<'t> {
    /// The word, when it is one.
    pub(super) fn word(&self) -> Option<&'t str> {
        if let Node::Word(word) = self.node { Some(word) } else { None }
    }

    /// The text, when it is one.
    pub(super) fn text(&self) -> Option<&'t str> {
        if let Node::Text(text) = self.node { Some(text) } else { None }
    }

    /// Whether it is this sign.
    pub(super) fn is(&self, sign: char) -> bool {
        matches!(self.node, Node::Sign(found) if found == sign)
    }

    /// What stands in this kind of brackets.
    pub(super) fn group(&self, open: char) -> Option<&[Self]> {
        match &self.node {
            Node::Group(found, items) if *found == open => Some(items),
            _ => None,
        }
    }

    /// What stands in brackets of any kind; nothing for anything else.
    pub(super) fn items(&self) -> &[Self] {
        if let Node::Group(_, items) = &self.node { items } else { &[] }
    }
}

/// The parts of a list between separators; a part without items is left out.
pub(super) fn parts<'i, 't>(items: &'i [Item<'t>], separator: char) -> impl Iterator<Item = &'i [Item<'t>]> {
    items.split(move |item| item.is(separator)).filter(|part| !part.is_empty())
}

/// The statements of a text in which a line holds one, unless it ends with a sign that asks for more.
pub(super) fn statements<'i, 't>(items: &'i [Item<'t>], more: &str) -> Vec<&'i [Item<'t>]> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in 1..=items.len() {
        let ends = items
            .get(at)
            .is_none_or(|item| item.first && !matches!(items[at - 1].node, Node::Sign(sign) if more.contains(sign)));
        if ends {
            out.push(&items[start..at]);
            start = at;
        }
    }
    out
}

/// Takes a text apart.
pub(super) fn parse<'t>(text: &'t str, dialect: &Dialect) -> Vec<Item<'t>> {
    let mut tree = Tree { open: Vec::new(), items: Vec::new() };
    let bytes = text.as_bytes();
    let mut first = true;
    let mut at = 0;
    let mut here = HereDocuments { left: if dialect.here_documents { MOST_UNENDED } else { 0 }, behind: None };
    // A comment that needs a line start has one at the start of the text.
    let starts = |at: usize, mark: &str| match mark.strip_prefix('\n') {
        Some(rest) => (at == 0 || bytes[at - 1] == b'\n') && text[at..].starts_with(rest),
        None => text[at..].starts_with(mark),
    };
    while let Some(character) = text[at..].chars().next() {
        let start = at;
        let find = |from: usize, mark: &str| memchr::memmem::find(&bytes[from..], mark.as_bytes()).map(|i| from + i);
        if let Some((mark, end)) = dialect.block_comments.iter().find(|(mark, _)| starts(at, mark)) {
            at = find(at + mark.trim_start().len(), end).map_or(text.len(), |found| found + end.len());
            continue;
        }
        if dialect.line_comments.iter().any(|mark| starts(at, mark)) {
            at = find(at, "\n").unwrap_or(text.len());
            continue;
        }
        if character.is_whitespace() {
            first |= character == '\n';
            at += character.len_utf8();
            if character == '\n' {
                at = here.behind.take().unwrap_or(at);
            }
            continue;
        }
        let node = if let Some((open, close)) = dialect.quotes.iter().find(|(open, _)| starts(at, open)) {
            let inside = at + open.len();
            let end = text_end(bytes, inside, close.as_bytes(), dialect.escapes);
            at = (end + close.len()).min(text.len());
            let inner = &text[inside..end];
            // What is put in when the program runs makes the whole no literal.
            let literal = dialect.interpolation.is_empty() || *open != "\"" || !inner.contains(dialect.interpolation);
            if literal { Node::Text(inner) } else { Node::Sign('"') }
        } else if let Some((end, inner)) = here.starts_at(text, at) {
            at = end;
            let literal = dialect.interpolation.is_empty() || !inner.contains(dialect.interpolation);
            if literal { Node::Text(inner) } else { Node::Sign('"') }
        } else if is_word(character, dialect) {
            let length = text[at..].find(|c| !is_word(c, dialect)).unwrap_or(text.len() - at);
            at += length;
            Node::Word(&text[start..at])
        } else {
            at += character.len_utf8();
            Node::Sign(character)
        };
        tree.add(Item { node, at: start..at, first });
        first = false;
    }
    tree.finish(text.len())
}

/// So many marks of texts over lines may have no end; behind them none is looked for, so that the time stays linear.
const MOST_UNENDED: usize = 16;

/// Texts that stand on the lines behind their marks.
struct HereDocuments {
    /// How many more may have no end.
    left: usize,
    /// Where the line behind the last of them starts, as long as the line of their marks goes on.
    behind: Option<usize>,
}

impl HereDocuments {
    /// Where the mark that starts at `at` ends, and its text.
    fn starts_at<'t>(&mut self, text: &'t str, at: usize) -> Option<(usize, &'t str)> {
        let rest = text[at..].strip_prefix("<<").filter(|_| self.left > 0)?;
        let (is_indented, rest) = rest.strip_prefix(['-', '~']).map_or((false, rest), |rest| (true, rest));
        let (name, rest) = match rest.chars().next()? {
            quote @ ('"' | '\'') => rest[1..].split_once(quote)?,
            // Without a sign it may be that something is put into a list.
            first if first.is_ascii_uppercase() || is_indented && first.is_ascii_alphabetic() => {
                rest.split_at(rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len()))
            }
            _ => return None,
        };
        if name.is_empty() || name.contains('\n') {
            return None;
        }
        let mark_end = text.len() - rest.len();
        let Some(start) = self.behind.or_else(|| Some(mark_end + rest.find('\n')? + 1)) else {
            // No line is behind this one, and so behind no other mark.
            self.left = 0;
            return None;
        };
        let mut line = start;
        while let Some(rest) = text.get(line..).filter(|rest| !rest.is_empty()) {
            let end = rest.find('\n').map_or(text.len(), |n| line + n + 1);
            let said = &text[line..end];
            if name == if is_indented { said.trim() } else { said.trim_end_matches(['\r', '\n']) } {
                self.behind = Some(end);
                return Some((mark_end, &text[start..line]));
            }
            line = end;
        }
        self.left -= 1;
        None
    }
}

fn is_word(character: char, dialect: &Dialect) -> bool {
    character.is_alphanumeric() || character == '_' || dialect.word.contains(character)
}

/// Where the text that starts at `from` ends: at its closing quote, or with the file.
fn text_end(bytes: &[u8], from: usize, close: &[u8], escapes: bool) -> usize {
    let mut at = from;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' && close[0] != b']' {
            at += 2;
        } else if bytes[at..].starts_with(close) {
            return at;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

struct Tree<'t> {
    /// Groups whose end has not come: the bracket, where it stands, and what stood in front of it on its level.
    open: Vec<(char, usize, bool, Vec<Item<'t>>)>,
    items: Vec<Item<'t>>,
}

impl<'t> Tree<'t> {
    fn add(&mut self, item: Item<'t>) {
        match item.node {
            Node::Sign(open @ ('(' | '[' | '{')) if self.open.len() < DEEPEST => {
                self.open.push((open, item.at.start, item.first, std::mem::take(&mut self.items)));
            }
            Node::Sign(close @ (')' | ']' | '}'))
                if self
                    .open
                    .last()
                    .is_some_and(|(open, ..)| matches!((*open, close), ('(', ')') | ('[', ']') | ('{', '}'))) =>
            {
                self.close(item.at.end);
            }
            _ => self.items.push(item),
        }
    }

    fn close(&mut self, end: usize) {
        if let Some((open, start, first, outer)) = self.open.pop() {
            let inner = std::mem::replace(&mut self.items, outer);
            self.items.push(Item { node: Node::Group(open, inner), at: start..end, first });
        }
    }

    fn finish(mut self, end: usize) -> Vec<Item<'t>> {
        while !self.open.is_empty() {
            self.close(end);
        }
        self.items
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(items: &[Item<'_>]) -> String {
        let shown: Vec<String> = items
            .iter()
            .map(|item| match &item.node {
                Node::Word(word) => (*word).to_owned(),
                Node::Text(text) => format!("`{text}`"),
                Node::Sign(sign) => sign.to_string(),
                Node::Group(open, inner) => format!("{open}{}", show(inner)) + "/",
            })
            .collect();
        shown.join(" ")
    }

    #[test]
    fn languages_differ_in_comments_quotes_and_words() {
        let of = |text: &str, dialect: &Dialect| show(&parse(text, dialect));
        assert_eq!(of("gem 'a', \"b\\\"c\" # x\n=begin\nno\n=end\ny?", &RUBY), "gem `a` , `b\\\"c` y?");
        assert_eq!(of("a = [[x ' \\]] --[[ no\n ]] b -- c\n{ 1.0 }", &LUA), "a = `x ' \\` b {1.0/");
        assert_eq!(
            of("{:org.clojure/clojure {:mvn/version \"1.0\"}} ; c", &EDN),
            "{:org.clojure/clojure {:mvn/version `1.0`//"
        );
        assert_eq!(of("{<<\"a\">>, 0}. % c", &ERLANG), "{< < `a` > > , 0/ .");
        assert_eq!(of("pod \"#{x}/y\", '#{z}'", &RUBY), "pod \" , `#{z}`");
        assert_eq!(of("f(${X}/y 1.2 #[[ no ]] z)", &CMAKE), "f (${X}/y 1.2 z/");
    }

    #[test]
    fn texts_stand_on_the_lines_behind_their_marks() {
        let of = |text: &str| show(&parse(text, &RUBY));
        assert_eq!(of("a = <<-DESC\n  Google's (\n  DESC\nb = 'c'"), "a = `  Google's (\n` b = `c`");
        assert_eq!(of("f(<<~X, <<'Y', 1)\nx\n X\ny #{\nY\ng"), "f (`x\n` , \" , 1/ g");
        assert_eq!(of("list <<ITEM\n'a'"), "list < < ITEM `a`");
        assert_eq!(of("a <<b\nb\n"), "a < < b b");
        assert_eq!(of("<<\"A B\"\nx\nA B"), "`x\n`");
        assert_eq!(of("x <<~A\n A\ny"), "x `` y");
        parse(&"<<~A <<'B' ".repeat(200_000), &RUBY);
        parse(&"<<~A\n".repeat(200_000), &RUBY);
    }

    #[test]
    fn brackets_that_do_not_match_cost_nothing() {
        let of = |text: &str| show(&parse(text, &PYTHON));
        assert_eq!(of("a) (b"), "a ) (b/");
        assert_eq!(of("(a] b"), "(a ] b/");
        assert_eq!(of("'open"), "`open`");
        parse(&"[".repeat(200_000), &PYTHON);
    }

    #[test]
    fn statements_end_with_their_line() {
        let items = parse("gem 'a',\n  '1'\ngem 'b'\n\nend", &RUBY);
        let shown: Vec<String> = statements(&items, ",").into_iter().map(show).collect();
        assert_eq!(shown, ["gem `a` , `1`", "gem `b`", "end"]);
        assert!(statements(&[], ",").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[a-zA<~\"'\\[\\](){}#=*/\\\\\n é%;-]{0,100}") {
            for dialect in [&RUBY, &LUA, &ELIXIR, &ERLANG, &PYTHON, &SWIFT, &EDN, &OPAM, &PERL, &PROLOG, &CMAKE, &HCL] {
                for item in parse(&text, dialect) {
                    prop_assert!(text.get(item.at.clone()).is_some());
                }
            }
        }
    }
}
