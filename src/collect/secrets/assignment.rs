//! Finds the value that stands behind a name, in the notations of programs, configuration, markup and command lines.

use std::ops::Range;

/// A name and the value that it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    /// The whole name: `AWS_SECRET_KEY`, `db.password`.
    pub(super) name: Range<usize>,
    /// The value, without quotes.
    pub(super) value: Range<usize>,
    /// How the two are joined.
    pub(super) join: Join,
    /// Whether the value stands in quotes.
    pub(super) quoted: bool,
}

/// How a name and its value are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// `=`, `:`, `=>`, `:=`, `<name>value`, name and value as two fields.
    Assign,
    /// `==`, `!=`.
    Compare,
    /// `(`, `,`: an argument.
    Argument,
    /// White space: a command line, netrc.
    Space,
}

/// Longest name that is looked at on both sides of the keyword.
const NAME: usize = 64;
/// Longest value that is looked at.
const VALUE: usize = 4096;
/// What joins name and value in Chinese: `密码：…`, `密码是…`, `密码为…`.
const JOINS: &[&str] = &["是：", "为：", "：", "是", "为"];
/// How far a block is searched for its default.
const BLOCK: usize = 400;

/// How far in front of a name its line is looked at, so that many names in an endless line cost no more than its length.
const BEFORE: usize = 256;

/// The name that has the keyword at `keyword`.
pub(super) fn name_around(text: &str, keyword: Range<usize>) -> Range<usize> {
    /// Whether a byte may be part of a name.
    const IN_NAME: [bool; 256] = {
        let (mut table, mut byte) = ([false; 256], 0);
        while byte < 256 {
            table[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'.' | b'-' | 0x80..);
            byte += 1;
        }
        table
    };
    let bytes = text.as_bytes();
    let in_name = |b: u8| IN_NAME[usize::from(b)];
    let mut start = keyword.start;
    while start > 0 && keyword.start - start < NAME && in_name(bytes[start - 1]) {
        start -= 1;
    }
    let mut end = keyword.end;
    while end < bytes.len() && end - keyword.end < NAME && in_name(bytes[end]) {
        end += 1;
    }
    // A limit may have cut a letter in two.
    let start = text.ceil_char_boundary(start);
    let end = text.floor_char_boundary(end);
    // What joins name and value in Chinese is no part of the name.
    let chinese = text.get(keyword.end..end).filter(|tail| !tail.is_ascii());
    let signs = chinese.and_then(|tail| JOINS.iter().filter_map(|sign| tail.find(sign)).min());
    start..signs.map_or(end, |sign| keyword.end + sign)
}

/// Finds the value that a name is given.
pub(super) fn find(text: &str, name: Range<usize>) -> Option<Assignment> {
    let bytes = text.as_bytes();
    let (start, end) = (name.start, name.end);
    let mut at = Cursor { bytes, at: end };
    // An array of C.
    at.take(b"[]");
    let name_end = at.at;
    // What closes the name: quotes, brackets, and the backslashes of text in text.
    at.skip(4, |b| matches!(b, b'"' | b'\'' | b'`' | b']' | b'\\' | b'}'));
    let closed = at.at > name_end;
    let gap = at.at;
    if !closed && at.next_element() || closed && (at.default_of_block() || at.value_element()) {
        let (quoted, value) = at.value()?;
        return Some(Assignment { name: start..end, value, join: Join::Assign, quoted });
    }
    at.spaces();
    if closed && at.value_word() {
        let (quoted, value) = at.value()?;
        return Some(Assignment { name: start..end, value, join: Join::Assign, quoted });
    }
    // An automatic property of C#: `public string Token { get; set; } = "…"`.
    if !closed && at.peek() == b'{' {
        at.property();
    }
    // A type between the name and its value: `let token: &str = …`, `string token = …`.
    if !closed && let Some(to) = type_before_equals(bytes, at.at) {
        at.at = to;
    }
    let join = match at.join() {
        Some(Join::Argument) if is_row(bytes, start, at.at) => Join::Assign,
        Some(join) => join,
        None if !closed && at.at > gap && at.said() => Join::Assign,
        None if at.at > gap && is_option(bytes, start, end) => Join::Space,
        None if follows_name_field(bytes, start) && at.value_word() => Join::Assign,
        None => return None,
    };
    let (quoted, value) = at.value()?;
    Some(Assignment { name: start..end, value, join, quoted })
}

/// Whether a name is an option of a command line, or a word that a value follows behind a space in some files.
fn is_option(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = near_line(bytes, start).trim_ascii();
    let name = &bytes[start..end];
    name.starts_with(b"-")
        || before.ends_with(b"--")
        || OPENERS.contains(&before)
        || is_line_of_two(bytes, before, end)
        || name.eq_ignore_ascii_case(b"password") && is_of_account(bytes, start, end)
        || (name == b"password" && (before.windows(5).any(|w| w == b"login") || before.starts_with(b"machine")))
        || [&b"password"[..], b"requirepass", b"masterauth"].contains(&name)
            && before.is_empty()
            && is_alone(bytes, end)
}

/// What stands in front of a name that a value follows behind a space.
const OPENERS: &[&[u8]] = &[
    b"ENV",
    b"ARG",
    b"env",
    b"set",
    b"set -x",
    b"set -gx",
    b"set -Ux",
    b"setx",
    b"define",
    b"#define",
    b"# define",
    b"proxy_set_header",
];

/// Whether a name and a text in quotes are all that stands on a line, as in Gradle and Clojure: `storePassword "…"`.
fn is_line_of_two(bytes: &[u8], before: &[u8], end: usize) -> bool {
    if !matches!(before, b"" | b":" | b"@") {
        return false;
    }
    let Some(rest) = line_end(bytes, end).map(<[u8]>::trim_ascii) else { return false };
    let rest = rest.strip_suffix(b";").or_else(|| rest.strip_suffix(b",")).unwrap_or(rest);
    let Some((quote, rest)) = rest.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\'')) else {
        return false;
    };
    memchr::memchr(*quote, rest) == Some(rest.len().saturating_sub(1))
}

/// Whether `password` stands in a statement of SQL that makes or changes an account, in front of a text in quotes.
fn is_of_account(bytes: &[u8], start: usize, end: usize) -> bool {
    let quoted = bytes[end..].trim_ascii_start().first().is_some_and(|b| matches!(b, b'\'' | b'"'));
    let before = near_line(bytes, start);
    let has = |word: &[u8]| before.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    // What `IDENTIFIED BY PASSWORD` names is a hash.
    let is_hash = before.trim_ascii_end().to_ascii_lowercase().ends_with(b"identified by");
    quoted && !is_hash && [&b"user "[..], b"role ", b"login ", b"group "].into_iter().any(has)
}

/// The value up to the end of its line, when the assignment is all that stands on it, as in files of variables, and
/// the value has marks in it that elsewhere would end it.
pub(super) fn to_line_end(text: &str, found: &Assignment) -> Option<Range<usize>> {
    let before = near_line(text.as_bytes(), found.name.start).trim_ascii();
    let rest = line_end(text.as_bytes(), found.value.end).and_then(|rest| std::str::from_utf8(rest).ok())?.trim_end();
    let alone = [b"".as_slice(), b"export", b"set", b"ENV", b"-"].contains(&before);
    let one = rest.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'`' | b'\\' | b'<' | b'>'));
    let called = rest.starts_with(['(', '[']) && rest.ends_with([')', ']']);
    let joined = matches!(found.join, Join::Assign | Join::Space);
    let fits = !found.quoted && joined && alone && one && !rest.is_empty() && !called;
    (fits && rest.len() < NAME * 2).then(|| found.value.start..found.value.end + rest.len())
}

/// The rest of a line from a place on; `None` when it is longer than a value, so that many names in an endless line
/// cost no more than its length.
fn line_end(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let near = &bytes[at..bytes.len().min(at + VALUE)];
    match memchr::memchr(b'\n', near) {
        Some(end) => Some(&near[..end]),
        None => (at + near.len() == bytes.len()).then_some(near),
    }
}

/// Whether a line is `name,value` and nothing else, as in tables of names and values.
fn is_row(bytes: &[u8], start: usize, value: usize) -> bool {
    if !matches!(start.checked_sub(1).map(|at| bytes[at]), None | Some(b'\n' | b'"' | b'\'')) {
        return false;
    }
    let before = near_line(bytes, start);
    // Most names stand behind something else, and the rest of an endless line is not looked at for each of them.
    if !before.iter().all(|b| matches!(b, b'"' | b'\'')) || bytes.get(value - 1) != Some(&b',') {
        return false;
    }
    let Some(rest) = line_end(bytes, value).map(<[u8]>::trim_ascii_end) else { return false };
    !rest.is_empty() && !rest.iter().any(|b| matches!(b, b',' | b'(' | b')' | b';' | b' '))
}

/// Whether one word with a digit in it is all that stands behind a name on its line, as in netrc.
fn is_alone(bytes: &[u8], end: usize) -> bool {
    let Some(rest) = line_end(bytes, end).map(<[u8]>::trim_ascii) else { return false };
    rest.iter().any(u8::is_ascii_digit) && rest.iter().all(u8::is_ascii_graphic)
}

/// Whether `name:` or `key:` stands in front of a name, as in records of name and value over two lines of YAML.
fn follows_name_field(bytes: &[u8], start: usize) -> bool {
    // Nearly all names stand behind something else.
    if !bytes[..start].trim_ascii_end().ends_with(b":") {
        return false;
    }
    let before = near_line(bytes, start).trim_ascii();
    let before = before.strip_prefix(b"-").unwrap_or(before).trim_ascii();
    [&b"name:"[..], b"key:", b"Name:", b"Key:", b"ParameterKey:"].contains(&before)
}

/// What stands in front of `start` on its line, as far as it is looked at.
fn near_line(bytes: &[u8], start: usize) -> &[u8] {
    let near = &bytes[start.saturating_sub(BEFORE)..start];
    &near[memchr::memrchr(b'\n', near).map_or(0, |at| at + 1)..]
}

/// Where the `=` stands when between `from` and it there is only what a type may have.
fn type_before_equals(bytes: &[u8], from: usize) -> Option<usize> {
    let to = (from + 48).min(bytes.len());
    let mut letters = 0;
    for (at, &b) in bytes[from..to].iter().enumerate() {
        match b {
            b'=' if letters > 0 && bytes.get(from + at + 1) != Some(&b'=') => return Some(from + at),
            b':' if letters > 0 && bytes.get(from + at + 1) == Some(&b'=') => return Some(from + at),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' => letters += 1,
            b' ' | b'\t' | b'&' | b'<' | b'>' | b'\'' | b'[' | b']' | b'?' | b'*' => {}
            b':' if at <= 1 => {}
            _ => return None,
        }
    }
    None
}

struct Cursor<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn starts(&self, word: &[u8]) -> bool {
        self.bytes[self.at.min(self.bytes.len())..].starts_with(word)
    }

    fn take(&mut self, word: &[u8]) -> bool {
        let there = self.starts(word);
        if there {
            self.at += word.len();
        }
        there
    }

    fn skip(&mut self, most: usize, what: impl Fn(u8) -> bool) {
        let from = self.at;
        while self.at < self.bytes.len() && self.at - from < most && what(self.bytes[self.at]) {
            self.at += 1;
        }
    }

    fn spaces(&mut self) {
        self.skip(40, |b| matches!(b, b' ' | b'\t'));
    }

    /// White space with at most one line end.
    fn space_and_line(&mut self) {
        self.spaces();
        let line = self.at;
        self.skip(2, |b| matches!(b, b'\r' | b'\n'));
        if self.at > line {
            self.skip(120, |b| matches!(b, b' ' | b'\t'));
        }
    }

    /// Reads over the end of an element that names and the start of the next, which has the value: `</key><string>` of
    /// property lists, `</name><value>` of Hadoop.
    fn next_element(&mut self) -> bool {
        let before = self.at;
        if self.take(b"</key>") || self.take(b"</name>") {
            self.space_and_line();
            if self.take(b"<string>") || self.take(b"<value>") {
                return true;
            }
        }
        self.at = before;
        false
    }

    /// Reads over the rest of an element to the element with its value: `name="…" xml:space="preserve"><value>` of resx.
    fn value_element(&mut self) -> bool {
        let before = self.at;
        self.skip(60, |b| !matches!(b, b'<' | b'>' | b'\n'));
        if self.take(b">") {
            self.space_and_line();
            if self.take(b"<value>") {
                return true;
            }
        }
        self.at = before;
        false
    }

    /// Reads to the value of `default` in the block that a name heads: `variable "name" { type = string default = … }`
    /// of Terraform.
    fn default_of_block(&mut self) -> bool {
        let before = self.at;
        self.spaces();
        if self.take(b"{") {
            let block = &self.bytes[self.at..(self.at + BLOCK).min(self.bytes.len())];
            let block = block.split(|b| *b == b'}').next().unwrap_or_default();
            let mut offset = self.at;
            for line in block.split_inclusive(|b| *b == b'\n') {
                let word = line.trim_ascii_start();
                if word.strip_prefix(b"default").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"=")) {
                    self.at = offset + line.iter().position(|b| *b == b'=').map_or(0, |n| n + 1);
                    return true;
                }
                offset += line.len();
            }
        }
        self.at = before;
        false
    }

    /// Reads over the accessors of an automatic property: `{ get; set; }`.
    fn property(&mut self) {
        let before = self.at;
        self.take(b"{");
        self.spaces();
        if self.take(b"get;") {
            self.skip(24, |b| !matches!(b, b'}' | b'\n'));
            if self.take(b"}") {
                self.spaces();
                return;
            }
        }
        self.at = before;
    }

    /// Reads over what joins name and value in a sentence: `The token is: …`, `The password is "…"`.
    fn said(&mut self) -> bool {
        let quoted = [&b"is \""[..], b"is '", b"is `"].into_iter().any(|sign| self.starts(sign));
        self.take(if quoted { b"is " } else { b"is: " })
    }

    /// Reads over `value=`, `"value":` and the like, which join the two halves of a record of name and value.
    fn value_word(&mut self) -> bool {
        let before = self.at;
        self.take(b",");
        self.space_and_line();
        self.skip(2, |b| matches!(b, b'"' | b'\'' | b'\\'));
        if self.take(b"value") || self.take(b"Value") || self.take(b"VALUE") {
            self.skip(2, |b| matches!(b, b'"' | b'\'' | b'\\'));
            self.spaces();
            if self.take(b"=") || self.take(b":") {
                return true;
            }
        }
        self.at = before;
        false
    }

    fn join(&mut self) -> Option<Join> {
        use Join::{Argument, Assign, Compare};
        // By the first byte, and the longer ones first: behind most names stands something else.
        let signs: &[(&[u8], Join)] = match self.peek() {
            b'=' => &[(b"===", Compare), (b"==", Compare), (b"=>", Assign), (b"=", Assign)],
            b'!' => &[(b"!==", Compare), (b"!=", Compare)],
            b':' => &[(b":=", Assign), (b"::=", Assign), (b"::", Assign), (b":", Assign)],
            b'-' => &[(b"->", Assign)],
            b'<' => &[(b"<-", Assign)],
            b'?' => &[(b"?=", Assign), (b"??", Assign)],
            b'+' => &[(b"+=", Assign)],
            b'|' => &[(b"||=", Assign), (b"||", Assign)],
            b'%' => &[(b"%3D", Assign)],
            b'&' => &[(b"&gt;", Assign)],
            b'>' => &[(b">", Assign)],
            b',' => &[(b",", Argument)],
            b'(' => &[(b"(", Argument)],
            0..=0x7f => &[],
            _ => return JOINS.iter().any(|sign| self.take(sign.as_bytes())).then_some(Assign),
        };
        signs.iter().find(|(sign, _)| self.take(sign)).map(|(_, join)| *join)
    }

    /// The value, and whether it stands in quotes.
    fn value(&mut self) -> Option<(bool, Range<usize>)> {
        let before = self.at;
        self.space_and_line();
        // The first of a list of YAML over several lines.
        if self.bytes[before..self.at].contains(&b'\n') && self.take(b"- ") {
            self.spaces();
        }
        self.take(b"[]byte(");
        // `env("X") || "value"`, `("value")`, `["value"]`, `b"value"`, `new String("value")`.
        self.skip(3, |b| matches!(b, b'(' | b'[' | b'=' | b'{' | b'@' | b'&' | b'*' | b' '));
        for word in [
            &b"new String("[..],
            b"String::from(",
            b"String.valueOf(",
            b"Buffer.from(",
            b"str(",
            b"String(",
            b"default=",
            b"<Value>",
        ] {
            self.take(word);
        }
        if matches!(self.bytes.get(self.at + 1), Some(b'"' | b'\''))
            && matches!(self.peek(), b'b' | b'r' | b'f' | b'u' | b'L' | b'N' | b'@' | b'$')
        {
            self.at += 1;
        }
        let mut escapes = 0;
        while self.peek() == b'\\' && escapes < 3 {
            self.at += 1;
            escapes += 1;
        }
        let quote = self.peek();
        if matches!(quote, b'"' | b'\'' | b'`') {
            let from = self.at;
            self.skip(3, |b| b == quote);
            let opened = self.at - from;
            if opened == 2 {
                return None;
            }
            if opened == 3 {
                self.skip(2, |b| matches!(b, b'\r' | b'\n'));
            }
            let start = self.at;
            let limit = (start + VALUE).min(self.bytes.len());
            let mut end = start;
            while end < limit {
                match self.bytes[end] {
                    b if b == quote => break,
                    b'\n' | b'\r' => break,
                    b'\\' if escapes == 0 && end + 1 < limit => end += 1,
                    _ => {}
                }
                end += 1;
            }
            end = end.min(limit);
            while escapes > 0 && end > start && self.bytes[end - 1] == b'\\' {
                end -= 1;
            }
            return self.range(start, end).map(|range| (true, range));
        }
        self.at -= escapes;
        let start = self.at;
        let mut end = start;
        let limit = (start + VALUE).min(self.bytes.len());
        while end < limit
            && !self.bytes[end].is_ascii_whitespace()
            && !matches!(
                self.bytes[end],
                b'"' | b'\''
                    | b'`'
                    | b';'
                    | b','
                    | b'<'
                    | b'>'
                    | b'('
                    | b')'
                    | b'['
                    | b']'
                    | b'{'
                    | b'}'
                    | b'|'
                    | b'\\'
                    | b'&'
            )
        {
            end += 1;
        }
        self.range(start, end).map(|range| (false, range))
    }

    /// The range, when it holds something and cuts no character.
    fn range(&self, start: usize, end: usize) -> Option<Range<usize>> {
        // The bytes are those of a text, in which no character starts with a byte of this kind.
        let cuts = |at: usize| self.bytes.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
        (end > start && !cuts(start) && !cuts(end)).then_some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Option<(&str, &str, Join)> {
        let at = text.find("token").or_else(|| text.find("Token")).or_else(|| text.find("TOKEN"))?;
        let found = find(text, name_around(text, at..at + 5))?;
        Some((&text[found.name], &text[found.value], found.join))
    }

    #[test]
    fn the_limit_of_a_name_may_lie_inside_a_letter() {
        for ahead in 0..3 {
            let text = format!("{}{}_token=v4lue", "a".repeat(ahead), "确".repeat(40));
            assert_eq!(of(&text).unwrap().1, "v4lue");
        }
    }

    #[test]
    fn notations_of_assignment() {
        for text in [
            "my_token = \"v4lue\"",
            "my_token=v4lue",
            "my_token: v4lue",
            "  \"my_token\": \"v4lue\",",
            "{\\\"my_token\\\":\\\"v4lue\\\"}",
            "my_token := `v4lue`",
            "var my_token string = \"v4lue\"",
            "let my_token: &'static str = \"v4lue\";",
            "const my_token: string = 'v4lue'",
            "'my_token' => 'v4lue'",
            "<my_token>v4lue</my_token>",
            "<add key=\"my_token\" value=\"v4lue\" />",
            "{\"name\": \"my_token\", \"value\": \"v4lue\"}",
            "- name: \"my_token\"\n  value: v4lue",
            "- name: my_token\n  value: \"v4lue\"",
            "my_token <- \"v4lue\"",
            "my_token = new String(\"v4lue\")",
            "my_token = \"\"\"v4lue\"\"\"",
            "https://x/?my_token=v4lue&b=1",
            "my_token ||= 'v4lue'",
            "variable \"my_token\" {\n  type = string\n  default = \"v4lue\"\n}",
            "<key>my_token</key>\n<string>v4lue</string>",
            "<name>my_token</name>\n  <value>v4lue</value>",
            "<data name=\"my_token\" xml:space=\"preserve\">\n  <value>v4lue</value>",
            "my_token,v4lue\n",
            "\"my_token\",\"v4lue\"\n",
            "The my_token is: v4lue",
            "The my_token is `v4lue`.",
            "my_token：v4lue",
            "public string my_token { get; set; } = \"v4lue\";",
            "my_token:\n  - v4lue",
        ] {
            assert_eq!(of(text), Some(("my_token", "v4lue", Join::Assign)), "{text}");
        }
        assert_eq!(of("set(\"my_token\", \"v4lue\")"), Some(("my_token", "v4lue", Join::Argument)));
        assert_eq!(of("if my_token == \"v4lue\""), Some(("my_token", "v4lue", Join::Compare)));
        assert_eq!(of("tool --token v4lue"), Some(("--token", "v4lue", Join::Space)));
        assert_eq!(of("#define MY_TOKEN \"v4lue\""), Some(("MY_TOKEN", "v4lue", Join::Space)));
        assert_eq!(of("  my_token 'v4lue'\n"), Some(("my_token", "v4lue", Join::Space)));
        assert_eq!(of(":my_token \"v4lue\","), Some(("my_token", "v4lue", Join::Space)));
        assert_eq!(of("set -x my_token v4lue"), Some(("my_token", "v4lue", Join::Space)));
        assert_eq!(of("my_token 'is' 'two'"), None);
        let password = |text: &str| {
            let at = text.find("password")?;
            find(text, name_around(text, at..at + 8)).map(|found| text[found.value].to_owned())
        };
        assert_eq!(password("alter user a with password 'v4lue'").as_deref(), Some("v4lue"));
        assert_eq!(password("alter user a identified by password 'v4lue'"), None);
        assert_eq!(of("the token was lost"), None);
        assert_eq!(of("the token is used"), None);
        assert_eq!(of("my_token = \"\""), None);
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        let text = format!("{0}token{0} = 1", "密".repeat(40));
        let name = name_around(&text, 120..125);
        assert_eq!(text[name].chars().count(), 21 + 5 + 21);
    }

    #[test]
    fn a_value_that_fills_its_line() {
        let whole = |text: &str| {
            let at = text.find("token").unwrap_or_default();
            let found = find(text, name_around(text, at..at + 5))?;
            to_line_end(text, &found).map(|range| text[range].to_owned())
        };
        assert_eq!(whole("a=1\nexport my_token=v4(l;ue\nb=2").as_deref(), Some("v4(l;ue"));
        assert_eq!(whole("my_token=v4lue\n"), None);
        assert_eq!(whole("my_token=v4lue()"), None);
        assert_eq!(whole("f(my_token=v4(lue"), None);
        assert_eq!(whole("my_token=v4, b=2"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[a-z\"'`\\\\=:(\\[{ \n密é>,|]{0,60}", at in 0usize..60) {
            let start = (0..=at.min(text.len())).rev().find(|n| text.is_char_boundary(*n)).unwrap_or(0);
            if let Some(found) = find(&text, name_around(&text, start..start)) {
                let _ = (&text[found.name], &text[found.value]);
            }
        }
    }
}
