//! Orders versions as their ecosystems do: for what a lock file means by a range, and for the ranges of the OSV schema.

use std::cmp::Ordering;

/// How versions of an ecosystem are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// Semantic Versioning 2.0.0, with any count of numbers in front; NuGet's fourth number and its disregard of case fit.
    Semantic,
    /// PEP 440.
    Python,
    /// Maven's version order.
    Maven,
    /// `Gem::Version`.
    Gem,
    /// Composer's normal form.
    Composer,
    /// Debian Policy §5.6.12, and deb-version(7).
    Debian,
}

impl Scheme {
    /// The order of an ecosystem by its name in OSV, without what stands behind a `:`; `None` where versions are only compared
    /// with the lists of the records.
    pub(crate) fn of(ecosystem: &str) -> Option<Self> {
        Some(match ecosystem {
            "npm" | "crates.io" | "Go" | "Hex" | "Pub" | "SwiftURL" | "GitHub Actions" | "NuGet" | "Julia" => {
                Self::Semantic
            }
            "PyPI" => Self::Python,
            "Maven" => Self::Maven,
            "RubyGems" | "Hackage" | "CRAN" => Self::Gem,
            "Packagist" => Self::Composer,
            "Debian" | "Ubuntu" => Self::Debian,
            _ => return None,
        })
    }

    /// Compares two versions; `None` when one of them is no version of this kind.
    pub(crate) fn compare(self, a: &str, b: &str) -> Option<Ordering> {
        match self {
            Self::Semantic => semantic(a, b),
            Self::Python => Some(python(a)?.cmp(&python(b)?)),
            Self::Maven => Some(maven(a, b)),
            Self::Gem => Some(gem(a, b)),
            Self::Composer => Some(composer(a)?.cmp(&composer(b)?)),
            Self::Debian => Some(debian(a, b)),
        }
    }
}

/// A number that may be too long for a machine word.
fn number(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn semantic(a: &str, b: &str) -> Option<Ordering> {
    let parts = |text: &str| -> Option<(Vec<String>, Option<String>)> {
        let text = text.trim().trim_start_matches(['v', 'V', '=']);
        let text = text.split('+').next().unwrap_or_default();
        let (core, before) = match text.split_once('-') {
            Some((core, before)) => (core, Some(before.to_ascii_lowercase())),
            None => (text, None),
        };
        let mut core: Vec<String> = core.split('.').map(str::to_owned).collect();
        while core.len() > 1 && core.last().is_some_and(|last| last.bytes().all(|b| b == b'0')) {
            core.pop();
        }
        core.iter().all(|part| is_number(part)).then_some((core, before))
    };
    let ((a_core, a_before), (b_core, b_before)) = (parts(a)?, parts(b)?);
    let zero = "0".to_owned();
    for at in 0..a_core.len().max(b_core.len()) {
        let order = number(a_core.get(at).unwrap_or(&zero), b_core.get(at).unwrap_or(&zero));
        if order != Ordering::Equal {
            return Some(order);
        }
    }
    Some(match (a_before, b_before) {
        (None, None) => Ordering::Equal,
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (Some(a), Some(b)) => {
            let (mut a, mut b) = (a.split('.'), b.split('.'));
            loop {
                let order = match (a.next(), b.next()) {
                    (None, None) => return Some(Ordering::Equal),
                    (None, Some(_)) => Ordering::Less,
                    (Some(_), None) => Ordering::Greater,
                    (Some(a), Some(b)) => match (is_number(a), is_number(b)) {
                        (true, true) => number(a, b),
                        (true, false) => Ordering::Less,
                        (false, true) => Ordering::Greater,
                        (false, false) => a.cmp(b),
                    },
                };
                if order != Ordering::Equal {
                    return Some(order);
                }
            }
        }
    })
}

/// The key by which PEP 440 orders: epoch, release, stage in front of the release, post, dev, local.
type PythonKey = (u64, Vec<u64>, (u8, u64), i128, i128, Vec<(u8, u64, String)>);

fn python(text: &str) -> Option<PythonKey> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_prefix('v').unwrap_or(&text);
    let (text, local) = text.split_once('+').map_or((text, None), |(text, local)| (text, Some(local)));
    let (epoch, text) = match text.split_once('!') {
        Some((epoch, text)) => (epoch.parse().ok()?, text),
        None => (0, text),
    };
    let end = text
        .char_indices()
        .find(|(at, c)| {
            !(c.is_ascii_digit() || *c == '.' && text[at + 1..].starts_with(|next: char| next.is_ascii_digit()))
        })
        .map_or(text.len(), |(at, _)| at);
    let (numbers, mut rest) = text.split_at(end);
    let mut release: Vec<u64> = numbers.split('.').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    while release.len() > 1 && release.last() == Some(&0) {
        release.pop();
    }
    let mut stage = None;
    let (mut post, mut dev) = (None, None);
    while !rest.is_empty() {
        let body = rest.trim_start_matches(['.', '-', '_']);
        let letters = body.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, behind) = body.split_at(letters);
        let behind = if word.is_empty() { behind } else { behind.trim_start_matches(['.', '-', '_']) };
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        let count: u64 = if digits == 0 { 0 } else { behind[..digits].parse().ok()? };
        match word {
            "a" | "alpha" => stage = Some((0, count)),
            "b" | "beta" => stage = Some((1, count)),
            "c" | "rc" | "pre" | "preview" => stage = Some((2, count)),
            "post" | "rev" | "r" => post = Some(i128::from(count)),
            "" if rest.starts_with('-') && digits > 0 => post = Some(i128::from(count)),
            "dev" => dev = Some(i128::from(count)),
            _ => return None,
        }
        rest = &behind[digits..];
    }
    // A development version of a release stands in front of its first stage.
    let stage = stage
        .map_or(if post.is_none() && dev.is_some() { (0, 0) } else { (4, 0) }, |(stage, count): (u8, u64)| {
            (stage + 1, count)
        });
    let local = local.map_or_else(Vec::new, |local| {
        let parts = local.split(['.', '-', '_']);
        parts.map(|part| part.parse().map_or((0, 0, part.to_owned()), |n| (1, n, String::new()))).collect()
    });
    Some((epoch, release, stage, post.unwrap_or(-1), dev.unwrap_or(i128::MAX), local))
}

/// A token of a Maven version, and whether a dot stands in front of it (else a hyphen, or a change to or from digits).
#[derive(Clone, Debug)]
struct Token {
    dot: bool,
    text: String,
}

/// Maven's version order ("Version Order Specification" of the POM reference).
fn maven(a: &str, b: &str) -> Ordering {
    let (a, b) = (maven_tokens(a), maven_tokens(b));
    for at in 0..a.len().max(b.len()) {
        // The shorter one is padded with what is nothing behind the other's sign.
        let nothing = |other: &Token| Token {
            dot: other.dot,
            text: if is_number(&other.text) { "0".to_owned() } else { String::new() },
        };
        let (x, y) = match (a.get(at), b.get(at)) {
            (Some(x), Some(y)) => (x.clone(), y.clone()),
            (Some(x), None) => (x.clone(), nothing(x)),
            (None, Some(y)) => (nothing(y), y.clone()),
            (None, None) => break,
        };
        let order = maven_token(&x, &y);
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn maven_tokens(version: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut dot = true;
    let mut text = String::new();
    let version = version.to_ascii_lowercase();
    let mut push = |text: &mut String, dot: bool, next_is_number: bool| {
        let word = match (text.as_str(), next_is_number) {
            ("a", true) => "alpha",
            ("b", true) => "beta",
            ("m", true) => "milestone",
            ("cr", _) => "rc",
            ("ga" | "final" | "release", _) => "",
            (other, _) => other,
        };
        let word = if word.is_empty() && text.is_empty() { "0" } else { word };
        tokens.push(Token { dot, text: word.to_owned() });
        text.clear();
    };
    for c in version.chars() {
        if matches!(c, '.' | '-' | '_') {
            push(&mut text, dot, false);
            dot = c == '.';
        } else {
            if text.chars().last().is_some_and(|last| last.is_ascii_digit() != c.is_ascii_digit()) {
                push(&mut text, dot, c.is_ascii_digit());
                dot = false;
            }
            text.push(c);
        }
    }
    push(&mut text, dot, false);
    // Zeros and names of the final release say nothing at the end, and in front of a hyphen.
    let is_nothing =
        |token: &Token| token.text.is_empty() || is_number(&token.text) && token.text.trim_matches('0').is_empty();
    let mut at = tokens.len();
    while at > 0 {
        at -= 1;
        if at > 0 && is_nothing(&tokens[at]) && tokens.get(at + 1).is_none_or(|next| !next.dot) {
            tokens.remove(at);
        }
    }
    tokens
}

fn maven_token(a: &Token, b: &Token) -> Ordering {
    let rank = |token: &Token| match (is_number(&token.text), token.dot) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => 2,
    };
    let word = |text: &str| {
        let known = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
        known.iter().position(|k| *k == text).unwrap_or(known.len())
    };
    rank(a).cmp(&rank(b)).then_with(|| match rank(a) {
        0 => word(&a.text).cmp(&word(&b.text)).then_with(|| a.text.cmp(&b.text)),
        _ => number(&a.text, &b.text),
    })
}

/// `Gem::Version`: numbers and words in turn; a word stands in front of any number.
fn gem(a: &str, b: &str) -> Ordering {
    let parts = |text: &str| -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        let mut last_digit = None;
        for c in text.trim().replace('-', ".pre.").chars() {
            match (c.is_ascii_alphanumeric(), last_digit) {
                (false, _) => last_digit = None,
                (true, last) => {
                    let digit = c.is_ascii_digit();
                    if last != Some(digit) {
                        parts.push(String::new());
                    }
                    if let Some(part) = parts.last_mut() {
                        part.push(c);
                    }
                    last_digit = Some(digit);
                }
            }
        }
        while parts.last().is_some_and(|part| part.bytes().all(|b| b == b'0')) {
            parts.pop();
        }
        parts
    };
    let (a, b) = (parts(a), parts(b));
    let zero = "0".to_owned();
    for at in 0..a.len().max(b.len()) {
        let (a, b) = (a.get(at).unwrap_or(&zero), b.get(at).unwrap_or(&zero));
        let order = match (is_number(a), is_number(b)) {
            (true, true) => number(a, b),
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => a.cmp(b),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

/// Numbers, stage (`dev` first, `patch` last) and its number, as Composer normalises them.
fn composer(text: &str) -> Option<(Vec<u64>, u8, Vec<u64>, bool)> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_prefix('v').unwrap_or(&text).split('+').next().unwrap_or_default();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let mut numbers: Vec<u64> =
        numbers.trim_end_matches('.').split('.').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    let rest = rest.trim_start_matches(['.', '-', '_']);
    let (rest, is_dev) = match rest.strip_suffix("dev") {
        Some(rest) => (rest.trim_end_matches(['.', '-', '_']), true),
        None => (rest, false),
    };
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, count) = rest.split_at(letters);
    let count = count.trim_start_matches(['.', '-', '_']);
    let stage = match word {
        "" if is_dev => 0,
        "alpha" | "a" => 1,
        "beta" | "b" => 2,
        "rc" => 3,
        "" | "stable" => 4,
        "patch" | "pl" | "p" => 5,
        _ => return None,
    };
    let count = if count.is_empty() {
        Vec::new()
    } else {
        count.split('.').map(|n| n.parse().ok()).collect::<Option<_>>()?
    };
    Some((numbers, stage, count, !is_dev))
}

fn debian(a: &str, b: &str) -> Ordering {
    fn split(text: &str) -> (&str, &str, &str) {
        let (epoch, rest) = text.split_once(':').unwrap_or(("0", text));
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
        (epoch, upstream, revision)
    }
    let (a, b) = (split(a.trim()), split(b.trim()));
    number(a.0, b.0).then_with(|| debian_part(a.1, b.1)).then_with(|| debian_part(a.2, b.2))
}

/// Text and numbers in turn; `~` stands in front of everything, the end included, and letters in front of other signs.
fn debian_part(a: &str, b: &str) -> Ordering {
    let weight = |byte: Option<&u8>| match byte {
        Some(b'~') => -1,
        None => 0,
        Some(byte) if byte.is_ascii_digit() => 0,
        Some(byte) if byte.is_ascii_alphabetic() => i32::from(*byte),
        Some(byte) => i32::from(*byte) + 256,
    };
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        while a.get(i).is_some_and(|c| !c.is_ascii_digit()) || b.get(j).is_some_and(|c| !c.is_ascii_digit()) {
            let order = weight(a.get(i)).cmp(&weight(b.get(j)));
            if order != Ordering::Equal {
                return order;
            }
            (i, j) = (i + 1, j + 1);
        }
        let digits = |bytes: &[u8], from: usize| {
            let from = from.min(bytes.len());
            let count = bytes[from..].iter().take_while(|c| c.is_ascii_digit()).count();
            String::from_utf8_lossy(&bytes[from..from + count]).into_owned()
        };
        let (x, y) = (digits(a, i), digits(b, j));
        let order = number(&x, &y);
        if order != Ordering::Equal {
            return order;
        }
        (i, j) = (i + x.len(), j + y.len());
    }
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each version stands in front of the next.
    fn rising(scheme: Scheme, versions: &[&str]) {
        for pair in versions.windows(2) {
            assert_eq!(scheme.compare(pair[0], pair[1]), Some(Ordering::Less), "{scheme:?}: {pair:?}");
            assert_eq!(scheme.compare(pair[1], pair[0]), Some(Ordering::Greater), "{scheme:?}: {pair:?}");
        }
    }

    #[test]
    fn semantic_versions_as_in_section_11_of_the_specification() {
        rising(
            Scheme::Semantic,
            &[
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
                "2.0.0",
                "2.1.0",
                "2.1.1",
                "2.1.1.1",
                "10.0.0",
            ],
        );
        assert_eq!(Scheme::Semantic.compare("v1.0", "1.0.0+build"), Some(Ordering::Equal));
        assert_eq!(Scheme::Semantic.compare("main", "1.0.0"), None);
    }

    #[test]
    fn python_versions_as_in_pep_440() {
        // "Summary of permitted suffixes and relative ordering", and the example of a project's life there.
        rising(
            Scheme::Python,
            &[
                "1.0.dev456",
                "1.0a1",
                "1.0a2.dev456",
                "1.0a12.dev456",
                "1.0a12",
                "1.0b1.dev456",
                "1.0b2",
                "1.0b2.post345.dev456",
                "1.0b2.post345",
                "1.0rc1.dev456",
                "1.0rc1",
                "1.0",
                "1.0+abc.5",
                "1.0+abc.7",
                "1.0+5",
                "1.0.post456.dev34",
                "1.0.post456",
                "1.0.15",
                "1.1.dev1",
                "1!0.1",
            ],
        );
        assert_eq!(Scheme::Python.compare("1.0-ALPHA_1", "1a1"), Some(Ordering::Equal));
        assert_eq!(Scheme::Python.compare("2013-10", "2013.post10"), Some(Ordering::Equal));
        assert_eq!(Scheme::Python.compare("french toast", "1"), None);
    }

    #[test]
    fn maven_versions_as_in_the_pom_reference() {
        rising(
            Scheme::Maven,
            &[
                "1-alpha-1",
                "1-beta",
                "1-milestone-2",
                "1-rc",
                "1-snapshot",
                "1",
                "1-sp",
                "1-foo",
                "1-foo2",
                "1-foo10",
                "1-1",
                "1.1",
                "1.10",
                "2-1",
            ],
        );
        for (a, b) in [
            ("1-1.foo-bar1baz-.1", "1-1.foo-bar-1-baz-0.1"),
            ("1.0.0", "1"),
            ("1.ga", "1"),
            ("1-a1", "1-alpha-1"),
            ("1.0.0-foo.0.0", "1-foo"),
        ] {
            assert_eq!(Scheme::Maven.compare(a, b), Some(Ordering::Equal), "{a} {b}");
        }
    }

    #[test]
    fn gems_packages_of_php_and_debian() {
        rising(Scheme::Gem, &["1.0.a", "1.0.b1", "1.0.b10", "1.0.rc1", "1.0", "1.0.1", "1.10"]);
        assert_eq!(Scheme::Gem.compare("1.0.0", "1"), Some(Ordering::Equal));
        rising(
            Scheme::Composer,
            &["1.0.0-dev", "1.0.0-alpha1", "1.0.0-beta2", "1.0.0-RC1", "1.0.0", "1.0.0-patch1", "1.0.1"],
        );
        assert_eq!(Scheme::Composer.compare("dev-main", "1.0"), None);
        // deb-version(7): "~~", "~~a", "~", the empty part, "a".
        rising(
            Scheme::Debian,
            &["1.0~~", "1.0~~a", "1.0~", "1.0", "1.0a", "1.0+b1", "1.0.1-1", "1.0.1-1.1", "1.0.1-2", "1:0.1"],
        );
    }

    proptest! {
        #[test]
        fn any_version_is_ordered_both_ways(a in "[0-9a-z.~+:!_v-]{0,12}", b in "[0-9a-z.~+:!_v-]{0,12}") {
            for scheme in [Scheme::Semantic, Scheme::Python, Scheme::Maven, Scheme::Gem, Scheme::Composer, Scheme::Debian] {
                prop_assert_eq!(scheme.compare(&a, &b).map(Ordering::reverse), scheme.compare(&b, &a));
            }
        }
    }
}
