//! Which versions a specifier allows: PEP 440, "Version specifiers", and Poetry's carets, tildes and alternatives
//! (Poetry's documentation, "Dependency specification").

use std::cmp::Ordering;

use crate::collect::packages::locks;
use crate::collect::packages::version::Scheme;
use crate::model::Locked;

/// Whether a version satisfies a specifier; `None` when one of them cannot be understood.
pub(in crate::collect::packages) fn allows(specifier: &str, version: &str) -> Option<bool> {
    let mut known = false;
    for choice in specifier.split("||") {
        let mut all = Some(true);
        for clause in choice.split(',').map(str::trim) {
            match clause_allows(clause, version) {
                Some(true) => {}
                Some(false) => all = Some(false),
                None => all = all.filter(|fits| !fits),
            }
        }
        match all {
            Some(true) => return Some(true),
            Some(false) => known = true,
            None => {}
        }
    }
    known.then_some(false)
}

/// Of the packages at `found`, which share a name, those that one of the specifiers allows, else all.
pub(super) fn fitting(found: &[usize], specifiers: &[&str], packages: &[Locked]) -> Vec<usize> {
    let found = &found[..found.len().min(locks::MOST_VERSIONS)];
    let fits = |at: &usize| specifiers.iter().any(|s| allows(s, &packages[*at].version) == Some(true));
    let fitting: Vec<usize> = found.iter().copied().filter(fits).collect();
    if fitting.is_empty() { found.to_vec() } else { fitting }
}

fn clause_allows(clause: &str, version: &str) -> Option<bool> {
    let end = clause.find(|c: char| !"=<>~^!".contains(c)).unwrap_or(clause.len());
    let (operator, bound) = (&clause[..end], clause[end..].trim());
    if bound.is_empty() || bound == "*" {
        return (operator.is_empty() || bound == "*").then_some(true);
    }
    let compare = |bound: &str| Scheme::Python.compare(version, bound);
    let below = |segments: usize| Some(compare(&next(bound, segments)?)? == Ordering::Less);
    let at_least = || Some(compare(bound)? != Ordering::Less);
    match operator {
        "" | "==" | "===" | "=" => match bound.strip_suffix(".*") {
            Some(front) => {
                Some(compare(front)? != Ordering::Less && compare(&next(front, usize::MAX)?)? == Ordering::Less)
            }
            None => Some(compare(bound)? == Ordering::Equal),
        },
        "!=" => match bound.strip_suffix(".*") {
            Some(front) => {
                Some(compare(front)? == Ordering::Less || compare(&next(front, usize::MAX)?)? != Ordering::Less)
            }
            None => Some(compare(bound)? != Ordering::Equal),
        },
        ">=" => at_least(),
        "<=" => Some(compare(bound)? != Ordering::Greater),
        ">" => Some(compare(bound)? == Ordering::Greater),
        "<" => Some(compare(bound)? == Ordering::Less),
        "~=" => Some(at_least()? && below(bound.split('.').count().checked_sub(1)?)?),
        "~" => Some(at_least()? && below(bound.split('.').count().min(2))?),
        // The first number that is not zero stays.
        "^" => {
            let zeros = bound.split('.').take_while(|number| number.bytes().all(|b| b == b'0')).count();
            Some(at_least()? && below((zeros + 1).min(bound.split('.').count()))?)
        }
        _ => None,
    }
}

/// The version that comes behind all those whose first `segments` numbers are those of `bound`.
fn next(bound: &str, segments: usize) -> Option<String> {
    let mut numbers: Vec<u64> = Vec::new();
    for segment in bound.split('.').take(segments.max(1)) {
        let end = segment.find(|c: char| !c.is_ascii_digit()).unwrap_or(segment.len());
        numbers.push(segment[..end].parse().ok()?);
        if end < segment.len() {
            break;
        }
    }
    let last = numbers.last_mut()?;
    *last = last.checked_add(1)?;
    Some(numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::allows;

    /// Examples of PEP 440 and of Poetry's documentation.
    #[test]
    fn versions_that_specifiers_allow() {
        for (specifier, inside, outside) in [
            ("~=2.2", "2.9", "3.0"),
            ("~=1.4.5", "1.4.9", "1.5.0"),
            ("==3.1.*", "3.1.7", "3.2"),
            ("!=3.1.*", "3.2", "3.1.7"),
            (">=1.0,<2.0", "1.5", "2.0"),
            ("1.0", "1.0.0", "1.1"),
            ("^1.2.3", "1.9", "2.0"),
            ("^0.2.3", "0.2.9", "0.3.0"),
            ("^0.0.3", "0.0.3", "0.0.4"),
            ("~1.2.3", "1.2.9", "1.3.0"),
            ("~1", "1.9", "2.0"),
            (">=2.0 || <1.0", "0.9", "1.5"),
        ] {
            assert_eq!(allows(specifier, inside), Some(true), "{specifier} {inside}");
            assert_eq!(allows(specifier, outside), Some(false), "{specifier} {outside}");
        }
        assert_eq!(allows("*", "1"), Some(true));
        assert_eq!(allows("", "1"), Some(true));
        assert_eq!(allows("==", "1"), None);
        assert_eq!(allows(">=x.y", "1.0"), None);
    }
}
