//! The key of a field, what stands before it on its line, and what separates it from the value.

/// How far a key reaches to either side of the keyword, in bytes.
const REACH: usize = 48;
/// How much of a line before a key is looked at, in bytes.
const BEFORE: usize = 200;

/// How a key and its value are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `key: value`.
    Colon,
    /// `key = value`, `key := value`, `key => value`.
    Assign,
    /// `key("value")`.
    Call,
    /// `<key>value</key>`.
    Element,
    /// `key "value"`, or `key value` where the key says that it is one (`@license`).
    Space,
    /// `License :: OSI Approved :: value`, a trove classifier.
    Trove,
    /// `license { name = "value" }`.
    Block,
    /// `rel="license" href="value"` or `name="license" content="value"` in a tag of HTML.
    Attribute,
}

/// What stands before a key on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// Nothing but white space and quotes.
    Bare,
    /// Marks of a comment, a heading or a list.
    Marks,
    /// A brace or comma: the key is one of several on its line.
    Inside,
    /// An instruction that sets what follows, such as `LABEL` or `export`.
    Sets,
}

/// A key that means the license.
#[derive(Clone, Debug)]
pub(super) struct Key<'t> {
    /// The key as written.
    pub(super) name: &'t str,
    /// Where it starts.
    pub(super) start: usize,
    /// Where what separates it from its value ends.
    pub(super) end: usize,
    /// White space before the key.
    pub(super) indent: usize,
    pub(super) shape: Shape,
    pub(super) lead: Lead,
    /// Whether the key stands in quotes.
    pub(super) quoted: bool,
}

impl Key<'_> {
    /// Whether it is the macro by which a module of the Linux kernel tells its license.
    pub(super) fn is_module(&self) -> bool {
        self.name == "MODULE_LICENSE"
    }
}

/// Keys, in lower case and with `_` for `-`, that state the license of the thing that they are a field of.
const KEYS: &[&str] = &[
    "artifacthub.io/license",
    "bundle_license",
    "code_license",
    "content_license",
    "copyright_license",
    "data_license",
    "declared_license",
    "default_license",
    "licence",
    "licences",
    "license",
    "license_expression",
    "license_filename",
    "license_id",
    "license_ids",
    "license_name",
    "license_spdx",
    "license_type",
    "licenseexpression",
    "licenseid",
    "licenseids",
    "licensename",
    "licenses",
    "licensespdx",
    "licenseurl",
    "licensetype",
    "licensing",
    "metadata_license",
    "module_license",
    "org.label_schema.license",
    "org.opencontainers.image.licenses",
    "package_license",
    "packagelicenseexpression",
    "pkg_license",
    "plugin_license",
    "project_license",
    "software_license",
    "spdx_license",
    "x_kde_plugininfo_license",
];

/// The key around the keyword at `hit`, when it is one that means the license and has a value.
pub(super) fn key(text: &str, hit: usize) -> Option<Key<'_>> {
    let bytes = text.as_bytes();
    let in_key = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'/');
    let start = hit - bytes[..hit].iter().rev().take(REACH).take_while(|b| in_key(b)).count();
    let end = hit
        + bytes[hit..]
            .iter()
            .take(REACH)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            .count();
    // A receiver: `s.license`, `self.license`, `spec.licenses`.
    let word = text.get(start..end)?;
    let receiver =
        word.rsplit_once('.').filter(|(head, _)| !head.contains('.') && head.len() <= 12 && !head.contains('/'));
    let start = receiver.map_or(start, |(head, _)| start + head.len() + 1);
    let name = text.get(start..end)?.trim_start_matches(['-', '/', '.']);
    let start = end - name.len();
    let lower = name.to_ascii_lowercase().replace('-', "_");
    let bare = lower.trim_matches('_');
    let recipe =
        bare.ends_with("_license") && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if !KEYS.contains(&bare) && !recipe {
        return None;
    }

    let mut at = end;
    let mut quoted = false;
    if let Some(quote @ (b'"' | b'\'')) = bytes.get(at) {
        quoted = start > 0 && bytes[start - 1] == *quote;
        if !quoted {
            return None;
        }
        at += 1;
    }
    let line_start = bytes[..start].iter().rev().take(BEFORE).position(|b| *b == b'\n').map(|n| start - n);
    let line_start = line_start.or_else(|| (start <= BEFORE).then_some(0));
    let before_start = line_start.unwrap_or_else(|| text.floor_char_boundary(start - BEFORE));
    let before = &text[before_start..start];
    let (shape, end) = shape(bytes, at, before, name)?;
    let before = before.strip_suffix(['"', '\'', '<', '@', ':', '$']).unwrap_or(before);
    // The receiver is no talk.
    let before = match receiver {
        Some((head, _)) => before.strip_suffix('.').and_then(|b| b.strip_suffix(head)).unwrap_or(before),
        None => before,
    };
    // An element may follow another one on its line.
    let follows = shape == Shape::Element && before.trim_end().ends_with('>');
    let inside = shape == Shape::Attribute || follows;
    let lead = if inside { Lead::Inside } else { lead(before, line_start.is_some())? };
    let indent = before.len() - before.trim_start().len();
    Some(Key { name, start, end, indent, shape, lead, quoted })
}

/// The separator at `at`, and where the value starts.
fn shape(bytes: &[u8], at: usize, before: &str, name: &str) -> Option<(Shape, usize)> {
    if before.ends_with(['"', '\'']) && name.eq_ignore_ascii_case("license") {
        let attribute = before.trim_end_matches(['"', '\'']).trim_end().to_ascii_lowercase();
        if (attribute.ends_with("rel=") || attribute.ends_with("name=")) && attribute.contains('<') {
            return attribute_value(bytes, at).map(|value| (Shape::Attribute, value));
        }
    }
    if before.ends_with('<') {
        let close = bytes[at..].iter().take(120).position(|b| matches!(b, b'>' | b'<' | b'\n'))?;
        let tag_ends = bytes[at + close] == b'>' && (close == 0 || bytes[at + close - 1] != b'/');
        return tag_ends.then_some((Shape::Element, at + close + 1));
    }
    let space = bytes[at..].iter().take(40).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let rest = &bytes[at + space..];
    let sign = |length: usize| at + space + length;
    match rest {
        [b':', b':', b' ', ..] => Some((Shape::Trove, sign(2))),
        [b':', b':', b'=', ..] => Some((Shape::Assign, sign(3))),
        [b':' | b'?' | b'+', b'=', ..] | [b'=', b'>', ..] => Some((Shape::Assign, sign(2))),
        [b'=', b'=', ..] | [b'!', ..] => None,
        [b'=', ..] => Some((Shape::Assign, sign(1))),
        [b':', b'/', b'/', ..] => None,
        [b':', ..] => Some((Shape::Colon, sign(1))),
        [b'(', ..] if space == 0 => Some((Shape::Call, sign(1))),
        // `:license {:name "value"` of Leiningen.
        _ if rest.starts_with(b"{:name ") && before.ends_with(':') => Some((Shape::Colon, sign(7))),
        [b']', table @ ..] if before.ends_with("[project.") => {
            table_text(table).map(|n| (Shape::Assign, sign(1 + n)))
        }
        [b'"' | b'\'', ..] if space > 0 => Some((Shape::Space, sign(0))),
        // `license {Artistic-1 GPL}` of MacPorts is a list.
        [b'{', b' ' | b'\n' | b'\r', ..] if name == "license" => Some((Shape::Block, sign(0))),
        [_, ..]
            if space > 0
                && (before.ends_with(['@', '('])
                    || before.trim().is_empty() && name.bytes().all(|b| b.is_ascii_lowercase())) =>
        {
            Some((Shape::Space, sign(0)))
        }
        _ => None,
    }
}

/// Where the value of `text = "value"` starts, the first key of the table `[project.license]` of Python projects.
fn table_text(table: &[u8]) -> Option<usize> {
    let key = table.iter().take(40).take_while(|b| b.is_ascii_whitespace()).count();
    let behind = table[key..].strip_prefix(b"text")?;
    let space = behind.iter().take(40).take_while(|b| matches!(b, b' ' | b'\t')).count();
    (behind.get(space) == Some(&b'=')).then_some(key + "text".len() + space + 1)
}

/// Where the quote of `href="..."` or `content="..."` stands in the rest of the tag.
fn attribute_value(bytes: &[u8], at: usize) -> Option<usize> {
    let tag: Vec<u8> = bytes[at..].iter().take(400).take_while(|b| **b != b'>').map(u8::to_ascii_lowercase).collect();
    let text = std::str::from_utf8(&tag).ok()?;
    ["href=", "content="].iter().find_map(|name| text.find(name).map(|n| at + n + name.len()))
}

/// What stands before a key; `None` when it is text.
fn lead(before: &str, from_line_start: bool) -> Option<Lead> {
    let trimmed = before.trim();
    if from_line_start && trimmed.is_empty() {
        return Some(Lead::Bare);
    }
    if before.trim_end().ends_with(['{', ',', '[', '(']) {
        return Some(Lead::Inside);
    }
    if !from_line_start {
        return None;
    }
    let sets = [
        "LABEL",
        "export",
        "set",
        "local",
        "Classifier:",
        "classifier =",
        "classifiers =",
        "ENV",
        "our",
        "my",
        "readonly",
        "ARG",
        "\\",
        "def",
        "val",
        "%global",
        "%define",
    ];
    if sets.contains(&trimmed) {
        return Some(Lead::Sets);
    }
    let marks = trimmed
        .strip_prefix("dnl")
        .or_else(|| trimmed.strip_prefix("REM"))
        .or_else(|| trimmed.strip_prefix("rem"))
        .unwrap_or(trimmed);
    let is_mark = |c: char| {
        matches!(
            c,
            '#' | '*'
                | '/'
                | ';'
                | '%'
                | '-'
                | '.'
                | '|'
                | '>'
                | '!'
                | '"'
                | '\''
                | '@'
                | ' '
                | '\t'
                | '+'
                | '='
                | '<'
                | '('
                | '\\'
                | '~'
                | '_'
                | '$'
        )
    };
    marks.chars().all(is_mark).then_some(Lead::Marks)
}
