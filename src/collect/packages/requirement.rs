//! What version a requirement stands for where no lock file fixes one.

/// The lowest version that a requirement allows, as far as one is stated: `1.2` for `^1.2`, `>=1.2, <2` or `~> 1.2`.
/// Empty when it states none (`*`, `latest`, `!=3`, `<2`).
///
/// A package URL holds a version and no range, so this is what stands in the purl of a dependency that only a manifest
/// names. It reads the operators that Cargo, npm, PEP 440, RubyGems, Composer and Maven share.
pub(super) fn lowest(requirement: &str) -> &str {
    let requirement = requirement.trim();
    // A range of Maven or NuGet: `[1.0,2.0)`; `(1.0,` does not allow what it names.
    if let Some(range) = requirement.strip_prefix('[') {
        let end = range.find([',', ']', ')']).unwrap_or(range.len());
        return version(&range[..end]);
    }
    if requirement.starts_with('(') {
        return "";
    }
    let first_choice = requirement.split("||").next().unwrap_or_default();
    let mut rest = first_choice.trim_start();
    while !rest.is_empty() {
        let operator_end = rest.find(|c: char| !"=<>~^!".contains(c)).unwrap_or(rest.len());
        let (operator, after) = rest.split_at(operator_end);
        let after = after.trim_start();
        let end = after.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(after.len());
        let found = version(&after[..end]);
        if !found.is_empty() && matches!(operator, "" | "=" | "==" | "===" | ">=" | "=>" | "~" | "~=" | "~>" | "^") {
            return found;
        }
        rest = after[end..].trim_start_matches(|c: char| c == ',' || c.is_whitespace());
    }
    ""
}

/// The text where it is a version, wildcards at its end left off; else nothing.
fn version(text: &str) -> &str {
    let text = text.trim().trim_matches(['"', '\'']);
    let is_version = text.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
    let end = ["*", "x", "X", "+"].iter().find_map(|wild| text.find(&format!(".{wild}"))).unwrap_or(text.len());
    if is_version { &text[..end] } else { "" }
}

#[cfg(test)]
mod tests {
    use super::lowest;

    #[test]
    fn the_lowest_version_that_is_stated() {
        for (requirement, version) in [
            ("1.2.3", "1.2.3"),
            ("^1.2", "1.2"),
            ("~> 1.2, >= 1.2.3", "1.2"),
            (">=1, <3", "1"),
            ("<3,>=1.5", "1.5"),
            ("== 0.6.1", "0.6.1"),
            ("===1.0+local", "1.0+local"),
            ("~=1.1", "1.1"),
            (">= 2.8.1, == 2.8.*", "2.8.1"),
            ("==2.8.*", "2.8"),
            ("1.x", "1"),
            ("1.+", "1"),
            ("+", ""),
            ("1.2.3 - 2", "1.2.3"),
            ("^1 || ^2", "1"),
            ("[1.0,2.0)", "1.0"),
            ("[1.5]", "1.5"),
            ("(1.0,2.0]", ""),
            ("v4", "v4"),
            ("*", ""),
            ("", ""),
            ("latest", ""),
            ("workspace:^", ""),
            ("!=3.5", ""),
            ("<2", ""),
            (">3", ""),
            ("||", ""),
            (">=", ""),
        ] {
            assert_eq!(lowest(requirement), version, "{requirement}");
        }
    }
}
