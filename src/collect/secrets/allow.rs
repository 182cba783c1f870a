//! Comments that let a finding stay: `openclause: allow(secure/secret-committed) reason="…"`, and `gitleaks:allow`.

/// The rule that such a comment must name; the part behind the slash is enough, and so is `*`.
const RULE: &str = "secret-committed";

/// Why what stands on `line` may stay, when a comment on it, or alone on the line `above`, says so.
pub(super) fn reason(line: &str, above: &str) -> Option<String> {
    of(line).or_else(|| {
        let comment = above.trim_start();
        let alone = ["#", "//", "--", ";", "<!--", "/*", "*", "%"].iter().any(|mark| comment.starts_with(mark));
        alone.then(|| of(above)).flatten()
    })
}

fn of(line: &str) -> Option<String> {
    if line.contains("gitleaks:allow") {
        return Some("gitleaks:allow".to_owned());
    }
    let (_, rest) = line.split_once("openclause: allow(")?;
    let (rules, rest) = rest.split_once(')')?;
    let named = rules
        .split(',')
        .map(str::trim)
        .any(|rule| rule == "*" || rule == RULE || rule.strip_prefix("secure/") == Some(RULE));
    let (_, quoted) = rest.split_once("reason=\"")?;
    let (reason, _) = quoted.split_once('"')?;
    (named && !reason.trim().is_empty()).then(|| reason.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_needed() {
        let of = |line: &str| reason(line, "");
        assert_eq!(
            of("x = 1 # openclause: allow(secure/secret-committed) reason=\"revoked in 2020\""),
            Some("revoked in 2020".into())
        );
        assert_eq!(of("x = 1 # openclause: allow(secret-committed)"), None);
        assert_eq!(of("x = 1 # openclause: allow(other) reason=\"r\""), None);
        assert_eq!(of("x = 1 # gitleaks:allow"), Some("gitleaks:allow".into()));
        assert_eq!(reason("x", "  // openclause: allow(*) reason=\"test vector\""), Some("test vector".into()));
        assert_eq!(reason("x", "y = 2 // gitleaks:allow"), None, "that is about the line it stands on");
    }
}
