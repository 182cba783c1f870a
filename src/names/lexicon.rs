//! Which words name which license.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use super::words::{self, Token};

static DATA: &str = include_str!("../../policies/facts/license-names.toml");

/// Families whose ids end in `-only` and `-or-later`: first word, versions, and what the bare name means.
pub(super) struct Family {
    pub(super) stem: &'static str,
    pub(super) id: &'static str,
    pub(super) versions: &'static [(&'static str, &'static str)],
    /// A license without a version may be used under any that was published.
    pub(super) bare: &'static str,
}

pub(super) static FAMILIES: &[Family] = &[
    Family { stem: "gpl", id: "GPL", versions: &[("1", "1.0"), ("2", "2.0"), ("3", "3.0")], bare: "1.0" },
    Family { stem: "lgpl", id: "LGPL", versions: &[("2", "2.0"), ("2.1", "2.1"), ("3", "3.0")], bare: "2.0" },
    Family { stem: "agpl", id: "AGPL", versions: &[("1", "1.0"), ("3", "3.0")], bare: "3.0" },
    Family { stem: "gfdl", id: "GFDL", versions: &[("1.1", "1.1"), ("1.2", "1.2"), ("1.3", "1.3")], bare: "1.1" },
];

/// The names that are known.
pub(super) struct Lexicon {
    /// Words joined by spaces, families written as their stem.
    names: HashMap<String, String>,
    exceptions: HashMap<String, String>,
    stems: HashMap<String, Vec<String>>,
    /// Single words that a number may be glued to.
    glued: HashSet<String>,
    longest: usize,
}

impl Lexicon {
    /// The lexicon; made on the first call.
    pub(super) fn get() -> &'static Self {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(Self::new)
    }

    fn new() -> Self {
        // A test reads the data, so that it is never empty in a build that passed.
        let mut data: BTreeMap<String, toml::Value> = toml::from_str(DATA).unwrap_or_default();
        let mut table = |name: &str| data.remove(name).and_then(|t| t.try_into().ok());
        let stems: BTreeMap<String, Vec<String>> =
            table("stems").and_then(|t: toml::Table| t.try_into().ok()).unwrap_or_default();
        let names: toml::Table = table("names").unwrap_or_default();
        let exceptions: toml::Table = table("exceptions").unwrap_or_default();

        let mut out = Self {
            names: HashMap::new(),
            exceptions: HashMap::new(),
            stems: HashMap::new(),
            glued: HashSet::new(),
            longest: 0,
        };
        for (stem, aliases) in &stems {
            let words: Vec<String> = stem.split(' ').map(str::to_owned).collect();
            for alias in aliases {
                out.stems.insert(key(&words::split(alias)), words.clone());
            }
            for single in aliases.iter().chain([stem]).filter(|a| !a.contains(' ')) {
                out.glued.insert(single.clone());
            }
        }
        out.longest = out.stems.keys().map(|k| k.split(' ').count()).max().unwrap_or(1);
        for (name, expression) in &names {
            out.add(name, expression.as_str().unwrap_or_default());
        }
        for license in spdx::identifiers::LICENSES {
            let deprecated = spdx::license_id(license.name).is_some_and(spdx::LicenseId::is_deprecated);
            if !deprecated && !is_of_family(license.name) {
                out.add(license.name, license.name);
                out.add(license.full_name, license.name);
            }
        }
        let spoken: Vec<String> =
            out.names.keys().map(|k| k.split(' ').next().unwrap_or_default().to_owned()).collect();
        out.glued.extend(
            spoken.into_iter().filter(|word| word.len() >= 3 && word.bytes().all(|b| b.is_ascii_lowercase())),
        );
        for (phrase, id) in &exceptions {
            out.exceptions.insert(exception_key(&words::split(phrase)), id.as_str().unwrap_or_default().to_owned());
        }
        for exception in spdx::identifiers::EXCEPTIONS {
            out.exceptions
                .entry(exception_key(&words::split(exception.name)))
                .or_insert_with(|| exception.name.to_owned());
        }
        out
    }

    /// Adds a name; what was added first stays.
    fn add(&mut self, name: &str, expression: &str) {
        let key = key(&self.fold(&words::split(name)));
        self.longest = self.longest.max(key.split(' ').count());
        self.names.entry(key).or_insert_with(|| expression.to_owned());
    }

    /// Writes the names of families as their stems, and splits numbers from the words they are glued to.
    pub(super) fn fold(&self, tokens: &[Token]) -> Vec<Token> {
        let mut split: Vec<Token> = Vec::with_capacity(tokens.len());
        for token in tokens {
            match token.word().filter(|word| !self.names.contains_key(*word)).and_then(words::unglue) {
                Some((name, number, rest)) if self.glued.contains(name) => {
                    split.extend([Token::Word(name.to_owned()), Token::Word(number)]);
                    match rest {
                        "" => {}
                        "only" => split.push(Token::Word(rest.to_owned())),
                        _ => split.push(Token::Plus),
                    }
                }
                _ => split.push(token.clone()),
            }
        }
        let mut out = Vec::with_capacity(split.len());
        let mut at = 0;
        while at < split.len() {
            let found = self.longest(&split, at, |key| self.stems.get(key));
            if let Some((end, stem)) = found {
                out.extend(stem.iter().cloned().map(Token::Word));
                at = end;
            } else {
                out.push(split[at].clone());
                at += 1;
            }
        }
        out
    }

    /// The longest name at `at`, and the token behind it. An empty expression is a name that tells nothing apart.
    pub(super) fn name(&self, tokens: &[Token], at: usize) -> Option<(usize, &str)> {
        self.longest(tokens, at, |key| self.names.get(key)).map(|(end, name)| (end, name.as_str()))
    }

    /// The exception that these words name.
    pub(super) fn exception(&self, tokens: &[Token]) -> Option<&str> {
        self.exceptions.get(&exception_key(tokens)).map(String::as_str)
    }

    /// Looks the longest run of words up that starts at `at`, marks between them left out, parentheses balanced.
    fn longest<'m, T>(
        &self,
        tokens: &[Token],
        at: usize,
        get: impl Fn(&str) -> Option<&'m T>,
    ) -> Option<(usize, &'m T)> {
        let mut key = String::new();
        let (mut words, mut depth) = (0, 0i32);
        let mut best = None;
        for (end, token) in tokens.iter().enumerate().skip(at) {
            match token {
                Token::Word(word) => {
                    if words == self.longest {
                        break;
                    }
                    if words > 0 {
                        key.push(' ');
                    }
                    key.push_str(word);
                    words += 1;
                    if let Some(found) = get(&key) {
                        // A parenthesis that the name opened closes right behind it.
                        let close = depth > 0 && tokens.get(end + 1) == Some(&Token::Close);
                        if depth <= 0 || close {
                            best = Some((end + 1 + usize::from(close), found));
                        }
                    }
                }
                _ if words == 0 => break,
                Token::Open => depth += 1,
                Token::Close if depth > 0 => depth -= 1,
                Token::Slash | Token::Comma | Token::And => {}
                _ => break,
            }
        }
        best
    }
}

fn is_of_family(id: &str) -> bool {
    FAMILIES.iter().any(|f| {
        id.strip_prefix(f.id)
            .is_some_and(|rest| rest.starts_with('-') && (rest.ends_with("-only") || rest.ends_with("-or-later")))
    })
}

/// The words of a text, joined by spaces.
fn key(tokens: &[Token]) -> String {
    tokens.iter().filter_map(Token::word).collect::<Vec<_>>().join(" ")
}

/// The words of an exception's name without those that every name has.
fn exception_key(tokens: &[Token]) -> String {
    let idle = ["exception", "exceptions", "a", "an", "special", "gpl", "lgpl"];
    let words = tokens.iter().filter_map(Token::word).filter(|word| !idle.contains(word));
    words.collect::<Vec<_>>().join(" ")
}
