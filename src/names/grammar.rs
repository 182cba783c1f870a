//! Reads names, versions, exceptions and operators.
//!
//! ```text
//! list    = any (comma operator? any)*        a comma binds weakest (Debian's copyright format 1.0)
//! any     = all ("or" | "/" | "|" all)*
//! all     = term ("and" | "&" term)*
//! term    = "||"? "(" list ")" | name ("with" exception)?
//! name    = family version? later? | any other name of the lexicon
//! ```

use super::Named;
use super::lexicon::{FAMILIES, Family, Lexicon};
use super::words::{self, Token};

/// Parentheses nest no deeper than this.
const DEEPEST: usize = 16;

/// A license expression.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tree {
    Id(String),
    Any(Vec<Self>),
    All(Vec<Self>),
}

/// Reads a whole text, with the names of `format`.
pub(super) fn read(lexicon: &Lexicon, format: &str, tokens: &[Token]) -> Option<Named> {
    let tokens = lexicon.fold(tokens);
    let mut reader = Reader { lexicon, format, tokens: &tokens, at: 0, complete: true, family: None };
    let mut parts = Vec::new();
    while reader.at < tokens.len() {
        let from = reader.at;
        parts.extend(reader.list(0));
        if reader.at == from {
            // A mark without a place, such as a parenthesis that closes nothing.
            reader.at += 1;
        }
    }
    let tree = join(parts, Tree::All)?;
    Some(Named { expression: write(&tree, false), complete: reader.complete })
}

struct Reader<'a> {
    lexicon: &'a Lexicon,
    format: &'a str,
    tokens: &'a [Token],
    at: usize,
    complete: bool,
    /// The family named last, for `GPL v2 or v3`.
    family: Option<&'static Family>,
}

/// What joins two licenses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Or,
    And,
}

impl Reader<'_> {
    fn word(&self, ahead: usize) -> Option<&str> {
        self.tokens.get(self.at + ahead).and_then(Token::word)
    }

    fn list(&mut self, depth: usize) -> Option<Tree> {
        let mut parts: Vec<Tree> = self.any(depth).into_iter().collect();
        let mut said = None;
        while self.tokens.get(self.at) == Some(&Token::Comma) {
            self.at += 1;
            if let Some((operator, length)) = self.operator() {
                self.at += length;
                said = Some(operator);
            }
            let part = self.any(depth);
            // `A, B or C` is a list of alternatives, and the last part holds the operator.
            match part {
                Some(Tree::Any(inner)) if said.is_none() && self.tokens.get(self.at) != Some(&Token::Comma) => {
                    said = Some(Operator::Or);
                    parts.extend(inner);
                }
                Some(part) => parts.push(part),
                None => {}
            }
        }
        join(parts, if said == Some(Operator::Or) { Tree::Any } else { Tree::All })
    }

    /// The operator at hand, and how many tokens it has.
    fn operator(&self) -> Option<(Operator, usize)> {
        match self.tokens.get(self.at)? {
            Token::Slash => Some((Operator::Or, 1)),
            Token::And => Some((Operator::And, 1)),
            Token::Word(word) => match word.as_str() {
                "or" if self.tokens.get(self.at + 1) == Some(&Token::Slash) && self.word(2) == Some("and") => {
                    Some((Operator::Or, 3))
                }
                "and" if self.tokens.get(self.at + 1) == Some(&Token::Slash) && self.word(2) == Some("or") => {
                    Some((Operator::Or, 3))
                }
                "or" => Some((Operator::Or, 1)),
                "and" | "plus" | "et" | "und" => Some((Operator::And, 1)),
                _ => None,
            },
            _ => None,
        }
    }

    fn any(&mut self, depth: usize) -> Option<Tree> {
        let mut parts: Vec<Tree> = self.all(depth).into_iter().collect();
        while let Some((Operator::Or, length)) = self.operator() {
            self.at += length;
            parts.extend(self.all(depth));
        }
        join(parts, Tree::Any)
    }

    fn all(&mut self, depth: usize) -> Option<Tree> {
        let mut parts: Vec<Tree> = self.term(depth).into_iter().collect();
        loop {
            match self.operator() {
                Some((Operator::And, length)) => self.at += length,
                Some(_) => break,
                None => match self.tokens.get(self.at) {
                    // Two names in a row, or a name and its explanation in parentheses.
                    Some(Token::Word(_) | Token::Open | Token::Plus | Token::AtLeast | Token::AnyOf) => {}
                    _ => break,
                },
            }
            let from = self.at;
            if let Some(part) = self.term(depth) {
                merge(&mut parts, part);
            }
            if self.at == from {
                break;
            }
        }
        join(parts, Tree::All)
    }

    fn term(&mut self, depth: usize) -> Option<Tree> {
        // `|| ( Artistic GPL-1+ )` of Gentoo.
        if self.tokens.get(self.at) == Some(&Token::AnyOf) {
            self.at += 1;
            return match self.term(depth) {
                Some(Tree::All(parts)) => join(parts, Tree::Any),
                tree => tree,
            };
        }
        if self.tokens.get(self.at) == Some(&Token::Open) {
            self.at += 1;
            if depth == DEEPEST {
                self.complete = false;
                return None;
            }
            let inner = self.list(depth + 1);
            if self.tokens.get(self.at) == Some(&Token::Close) {
                self.at += 1;
            }
            return self.with(inner);
        }
        // `MIT + file LICENSE` of R: the word "license" is gone already.
        if self.word(0) == Some("file") {
            self.at += 1;
            return None;
        }
        if let Some(tree) = self.family() {
            return self.with(Some(tree));
        }
        if let Some((end, expression)) = self.lexicon.name(self.format, self.tokens, self.at) {
            self.at = end;
            self.family = None;
            if expression.is_empty() {
                self.complete = false;
                self.later();
                return self.with(None);
            }
            let sure = expression.strip_prefix('?');
            self.complete &= sure.is_none();
            let mut tree = parse(sure.unwrap_or(expression));
            if self.later() == Some(true)
                && let Tree::Id(id) = &mut tree
                && !id.starts_with("LicenseRef-")
                && !id.contains(' ')
            {
                id.push('+');
            }
            return self.with(Some(tree));
        }
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => {
                // `LGPL 2.1 or 3`.
                let number = self.family.and_then(|f| f.versions.iter().find(|v| v.0 == word));
                if let (Some(family), Some(version)) = (self.family, number) {
                    self.at += 1;
                    let ending = if self.later() == Some(true) { "or-later" } else { "only" };
                    return self.with(Some(Tree::Id(format!("{}-{}-{ending}", family.id, version.1))));
                }
                if !FILLERS.contains(&word.as_str()) {
                    self.complete = false;
                }
                self.at += 1;
                None
            }
            Some(Token::Plus | Token::AtLeast) => {
                self.complete = false;
                self.at += 1;
                None
            }
            _ => None,
        }
    }

    /// A license of a family with its version: `GPL`, `GPL v2 or later`, `GPL (>= 2)`, `LGPL, version 2.1 only`.
    fn family(&mut self) -> Option<Tree> {
        let family = FAMILIES.iter().find(|f| Some(f.stem) == self.word(0))?;
        self.at += 1;
        self.family = Some(family);
        // Debian's short name for the license without invariant sections.
        let niv = family.stem == "gfdl" && self.word(0) == Some("niv");
        self.at += usize::from(niv);
        let mut later = self.later();
        // The version may stand behind a comma or in parentheses.
        let mut at = self.at;
        let mut opened = false;
        if matches!(self.tokens.get(at), Some(Token::Open)) {
            opened = true;
            at += 1;
        } else if matches!(self.tokens.get(at), Some(Token::Comma)) {
            at += 1;
        }
        if self.tokens.get(at) == Some(&Token::AtLeast) {
            later = Some(true);
            at += 1;
        }
        let word = self.tokens.get(at).and_then(Token::word);
        let mut version = word.and_then(|word| family.versions.iter().find(|v| v.0 == word));
        if version.is_some() {
            self.at = at + 1;
            later = self.later().or(later);
            // `GPL (>= 2, < 4)`: the expression knows no upper end.
            let below = [Some(&Token::Comma), Some(&Token::Below)];
            if opened && [self.tokens.get(self.at), self.tokens.get(self.at + 1)] == below {
                self.at += 3;
                self.complete = false;
            }
            if opened && self.tokens.get(self.at) == Some(&Token::Close) {
                self.at += 1;
            }
            // `GPL 2 (or later)`, `GPL 2, or any later version`.
            later = self.later().or(later);
        } else if word.is_some_and(words::is_number) {
            // A version that does not exist names no license.
            self.at = at + 1;
            self.complete = false;
            return None;
        } else if opened && word.is_some() {
            // `GPL (or later)`.
            let back = self.at;
            self.at = at;
            match self.later() {
                Some(found) if self.tokens.get(self.at) == Some(&Token::Close) => {
                    self.at += 1;
                    later = Some(found);
                }
                _ => self.at = back,
            }
        }
        let any = ("", family.bare);
        let (version, ending) = match (version.take(), later) {
            (Some(version), Some(true)) => (*version, "or-later"),
            (Some(version), _) => (*version, "only"),
            (None, _) => (any, "or-later"),
        };
        let sections = if niv { "-no-invariants" } else { "" };
        Some(Tree::Id(format!("{}-{}{sections}-{ending}", family.id, version.1)))
    }

    /// Takes `or later` (`true`) or `only` (`false`) in the words they are written in.
    fn later(&mut self) -> Option<bool> {
        let start = self.at;
        let mut opened = false;
        if self.tokens.get(self.at) == Some(&Token::Plus) {
            self.at += 1;
            return Some(true);
        }
        if matches!(self.tokens.get(self.at), Some(Token::Comma | Token::Open)) {
            opened = self.tokens.get(self.at) == Some(&Token::Open);
            self.at += 1;
        }
        let found = match self.word(0) {
            Some("only") => Some((1, false)),
            Some("plus") if self.tokens.get(self.at + 1).and_then(Token::word).is_none() => Some((1, true)),
            Some("or" | "and" | "any" | "at") => self.or_later().map(|length| (length, true)),
            Some("later" | "newer" | "upwards") => Some((1, true)),
            _ => None,
        };
        let Some((length, later)) = found else {
            self.at = start;
            return None;
        };
        self.at += length;
        if opened {
            if self.tokens.get(self.at) != Some(&Token::Close) {
                self.at = start;
                return None;
            }
            self.at += 1;
        }
        Some(later)
    }

    /// How many tokens `or (at your option) any later` and its kin have here.
    fn or_later(&self) -> Option<usize> {
        const SMALL: &[&str] = &["or", "and", "at", "your", "option", "any", "of", "greater", "its", "a"];
        const LATER: &[&str] =
            &["later", "newer", "above", "higher", "greater", "upward", "upwards", "superior", "subsequent", "up"];
        let mut words = 0;
        for (length, token) in self.tokens[self.at..].iter().enumerate() {
            match token {
                Token::Word(word) if LATER.contains(&word.as_str()) => return Some(length + 1),
                Token::Word(word) if SMALL.contains(&word.as_str()) && words < 7 => words += 1,
                Token::Open | Token::Close | Token::Comma | Token::Slash if length > 0 && length < 12 => {}
                _ => return None,
            }
        }
        None
    }

    /// Takes `with ... exception` behind a license.
    fn with(&mut self, tree: Option<Tree>) -> Option<Tree> {
        // `GPLv2+CE`
        let classpath = self.tokens.get(self.at) == Some(&Token::And) && matches!(self.word(1), Some("ce" | "cpe"));
        if !classpath && !matches!(self.word(0), Some("with" | "w" | "including")) {
            return tree;
        }
        let start = self.at + 1;
        let mut end = start;
        let mut known = None;
        while let Some(Token::Word(word)) = self.tokens.get(end) {
            if matches!(word.as_str(), "and" | "or") {
                break;
            }
            end += 1;
            if let Some(id) = self.lexicon.exception(&self.tokens[start..end]) {
                known = Some((end, id.to_owned()));
            }
        }
        match (tree, known) {
            (Some(Tree::Id(id)), Some((to, exception))) if !id.contains(' ') => {
                self.at = to;
                while matches!(self.word(0), Some("exception" | "exceptions")) {
                    self.at += 1;
                }
                Some(Tree::Id(format!("{id} WITH {exception}")))
            }
            (tree, _) => {
                self.complete = false;
                self.at = end.max(start);
                tree
            }
        }
    }
}

/// Words that may stand around names without saying anything about them.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "any",
    "approved",
    "are",
    "by",
    "can",
    "choice",
    "conditions",
    "covered",
    "distributed",
    "dual",
    "either",
    "following",
    "foundation",
    "free",
    "fsf",
    "gnu",
    "in",
    "inc",
    "is",
    "it",
    "its",
    "libre",
    "multiple",
    "of",
    "open",
    "osi",
    "published",
    "released",
    "same",
    "software",
    "source",
    "spdx",
    "style",
    "terms",
    "this",
    "tri",
    "triple",
    "under",
    "your",
];

/// Adds a term that follows another without an operator: the same license in other words, or one more.
fn merge(parts: &mut Vec<Tree>, part: Tree) {
    if let (Some(Tree::Id(last)), Tree::Id(new)) = (parts.last_mut(), &part) {
        if covers(last, new) {
            return;
        }
        if covers(new, last) {
            *last = new.clone();
            return;
        }
    }
    parts.push(part);
}

/// Whether a license says all that the other says: `GPL-3.0-only` beside a bare `GPL`.
fn covers(precise: &str, bare: &str) -> bool {
    precise == bare
        || FAMILIES.iter().any(|f| {
            let is_bare = bare.strip_prefix(f.id) == Some(&format!("-{}-or-later", f.bare));
            let prefix = precise.strip_prefix(f.id).is_some_and(|rest| rest.starts_with('-'));
            let newer =
                precise.strip_suffix("-or-later").zip(bare.strip_suffix("-only")).is_some_and(|(a, b)| a == b);
            prefix && (is_bare || newer)
        })
}

fn parse(expression: &str) -> Tree {
    match expression.split_once(" OR ") {
        None => Tree::Id(expression.to_owned()),
        Some(_) => Tree::Any(expression.split(" OR ").map(|id| Tree::Id(id.to_owned())).collect()),
    }
}

/// Joins parts, nested ones of the same kind unfolded, each once.
fn join(parts: Vec<Tree>, how: fn(Vec<Tree>) -> Tree) -> Option<Tree> {
    let mut flat: Vec<Tree> = Vec::with_capacity(parts.len());
    let is_any = matches!(how(Vec::new()), Tree::Any(_));
    for part in parts {
        match part {
            Tree::Any(inner) if is_any => flat.extend(inner),
            Tree::All(inner) if !is_any => flat.extend(inner),
            other => flat.push(other),
        }
    }
    let mut out: Vec<Tree> = Vec::with_capacity(flat.len());
    for part in flat {
        if !out.contains(&part) {
            out.push(part);
        }
    }
    if out.len() < 2 { out.pop() } else { Some(how(out)) }
}

fn write(tree: &Tree, inside: bool) -> String {
    match tree {
        Tree::Id(id) => id.clone(),
        Tree::Any(parts) => {
            let text = parts.iter().map(|p| write(p, false)).collect::<Vec<_>>().join(" OR ");
            if inside { format!("({text})") } else { text }
        }
        Tree::All(parts) => parts.iter().map(|p| write(p, true)).collect::<Vec<_>>().join(" AND "),
    }
}
