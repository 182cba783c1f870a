//! Which words name which license.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use super::words::{self, Token};

static DATA: &str = include_str!("../../policies/facts/license-names.toml");

/// What notices call licenses: every name there is one in a field too.
static NOTICES: &str = include_str!("../../policies/facts/license-lexicon.txt");

/// A name of notices has at least so many bytes without the word `license` to count in a field.
const SHORTEST: usize = 3;

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
    /// The same for formats that give names a meaning of their own.
    formats: HashMap<String, HashMap<String, String>>,
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
        let formats: Option<HashMap<String, HashMap<String, String>>> =
            table("formats").and_then(|t: toml::Table| t.try_into().ok());

        let mut out = Self {
            names: HashMap::new(),
            formats: formats.unwrap_or_default(),
            exceptions: HashMap::new(),
            stems: HashMap::new(),
            glued: HashSet::new(),
            longest: 0,
        };
        for (stem, aliases) in &stems {
            out.glued.extend(Some(stem.clone()).filter(|stem| !stem.contains(' ')));
            aliases.iter().for_each(|alias| out.add_stem(stem, alias));
        }
        let lines = NOTICES.lines().filter(|line| !line.starts_with('#'));
        let notices: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
        // Addresses and whole statements are no names.
        let spoken = |names: &'static str| {
            names.split('|').map(str::trim).filter(|name| !name.is_empty() && !name.starts_with(['@', '!']))
        };
        for (family, aliases) in notices.iter().filter(|(key, _)| is_family(key)) {
            let stem = family.to_ascii_lowercase().replace('-', " ");
            // A version must not get lost, and `APL` is not only Apache's.
            let plain = |alias: &&str| {
                // What is a family of its own in fields is not the other that notices mean by it.
                let other = || stems.contains_key(&key(&words::split(alias)));
                !alias.starts_with('~') && !alias.contains(|c: char| c.is_ascii_digit()) && !other()
            };
            spoken(aliases).filter(plain).for_each(|alias| out.add_stem(&stem, alias));
        }
        out.longest = out.stems.keys().map(|k| k.split(' ').count()).max().unwrap_or(1);
        for (name, expression) in &names {
            out.add(name, expression.as_str().unwrap_or_default());
        }
        for (meaning, aliases) in notices.iter().filter(|(key, _)| is_meaning(key)) {
            // `X license` is one, and `x` in a field is not.
            let telling = |alias: &&str| key(&words::split(alias)).len() >= SHORTEST;
            let aliases = spoken(aliases).map(|alias| alias.trim_start_matches('~')).filter(telling);
            aliases.for_each(|alias| out.add(alias, meaning));
        }
        for license in spdx::identifiers::LICENSES {
            let deprecated = spdx::license_id(license.name).is_some_and(spdx::LicenseId::is_deprecated);
            if !deprecated && !is_of_family(license.name) {
                out.add(license.name, license.name);
                out.add(license.full_name, license.name);
            }
        }
        let first_words: Vec<String> =
            out.names.keys().map(|k| k.split(' ').next().unwrap_or_default().to_owned()).collect();
        out.glued.extend(
            first_words.into_iter().filter(|word| word.len() >= 3 && word.bytes().all(|b| b.is_ascii_lowercase())),
        );
        for (phrase, id) in &exceptions {
            out.exceptions.insert(exception_key(&words::split(phrase)), id.as_str().unwrap_or_default().to_owned());
        }
        for (id, aliases) in notices.iter().filter(|(key, _)| spdx::exception_id(key).is_some()) {
            for alias in spoken(aliases) {
                let words = exception_key(&words::split(alias.trim_start_matches('~')));
                out.exceptions.entry(words).or_insert_with(|| (*id).to_owned());
            }
        }
        for exception in spdx::identifiers::EXCEPTIONS {
            out.exceptions
                .entry(exception_key(&words::split(exception.name)))
                .or_insert_with(|| exception.name.to_owned());
        }
        out
    }

    /// Adds a name of a family; what was added first stays.
    fn add_stem(&mut self, stem: &str, alias: &str) {
        let words = key(&words::split(alias));
        if words.is_empty() || words == stem {
            return;
        }
        if !words.contains(' ') {
            self.glued.insert(words.clone());
        }
        self.stems.entry(words).or_insert_with(|| stem.split(' ').map(str::to_owned).collect());
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
    pub(super) fn name(&self, format: &str, tokens: &[Token], at: usize) -> Option<(usize, &str)> {
        let found = self.longest(tokens, at, |key| self.names.get(key));
        let own = self.formats.get(format).and_then(|names| self.longest(tokens, at, |key| names.get(key)));
        // A longer name is another one: `BSD` of a format, and `BSD-2`.
        let of_format = own.filter(|(end, _)| found.is_none_or(|(known, _)| known <= *end));
        of_format.or(found).map(|(end, name)| (end, name.as_str()))
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

/// Whether a key of the names of notices is a family: the part of ids before their version.
fn is_family(key: &str) -> bool {
    let of = |id: &str| {
        id.strip_prefix(key)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains('-'))
    };
    let gnu = FAMILIES.iter().any(|family| family.id == key);
    gnu || spdx::license_id(key).is_none() && spdx::identifiers::LICENSES.iter().any(|license| of(license.name))
}

/// Whether a key of the names of notices is what the names mean: an expression, but for what tells no license apart.
fn is_meaning(key: &str) -> bool {
    !is_family(key)
        && !["NONE", "LicenseRef-BSD", "LicenseRef-public-domain"].contains(&key)
        && spdx::exception_id(key).is_none()
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
