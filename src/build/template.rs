//! Reads the SPDX matching templates (SPDX 3.0.1 Annex C, "XML and template access"): text with
//! `<<var;name="..";original="..";match="..">>`, `<<beginOptional>>` and `<<endOptional>>`.

/// One step of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A word, and whether a text may lack it.
    Word(String, bool),
    /// Room for at most this many words of any kind.
    Gap(u16),
    /// The end of a clause: of a sentence, a paragraph, or a part of a sentence that a colon or semicolon closes.
    End,
}

/// The steps of a template.
///
/// # Errors
/// When the markup is malformed.
pub(crate) fn steps(template: &str) -> Result<Vec<Step>, String> {
    let mut out = Vec::new();
    let mut optional = 0u32;
    let mut rest = template;
    let mut line_start = true;
    // Whether the text goes on with a copyright statement whose years or holders vary.
    let mut statement = false;
    loop {
        // An angle bracket of the text may stand right before markup: `<<<endOptional>>`.
        let open = rest.find("<<").map(|at| at + rest[at + 2..].bytes().take_while(|b| *b == b'<').count());
        let (text, markup) = open.map_or((rest, None), |at| (&rest[..at], Some(&rest[at + 2..])));
        let cut = if statement { rest_of_statement(text) } else { 0 };
        push_words(&text[..cut], line_start, true, &mut out);
        push_words(&text[cut..], line_start && cut == 0, optional > 0, &mut out);
        statement &= cut == text.len();
        if !text.is_empty() {
            line_start = text.trim_end_matches([' ', '\t']).ends_with('\n');
        }
        let Some(markup) = markup else { break };
        if let Some(after) = markup.strip_prefix("beginOptional>>") {
            optional += 1;
            rest = after;
        } else if let Some(after) = markup.strip_prefix("endOptional>>") {
            optional = optional.checked_sub(1).ok_or("endOptional without beginOptional")?;
            rest = after;
        } else if markup.starts_with("var;") {
            let end = markup.find("\">>").ok_or("a variable without an end")?;
            statement |= optional_copyright(&mut out);
            variable(&markup[..end], line_start, &mut out)?;
            rest = &markup[end + 3..];
        } else {
            // Two angle brackets that are text.
            rest = markup;
        }
    }
    if optional > 0 { Err("beginOptional without endOptional".into()) } else { Ok(out) }
}

/// How long the copyright statement is that `text` goes on with. One that a sentence quotes ends with its quote.
fn rest_of_statement(text: &str) -> usize {
    let length = crate::words::statement_length(text);
    text[..length].find("\" ").unwrap_or(length)
}

fn push_words(text: &str, line_start: bool, optional: bool, out: &mut Vec<Step>) {
    let mut behind = 0;
    crate::words::words(text, line_start, |word, span| {
        if ends_clause(&text[behind..span.start as usize]) {
            out.push(Step::End);
        }
        out.push(Step::Word(word.to_owned(), optional));
        behind = span.end as usize;
    });
    if ends_clause(&text[behind..]) {
        out.push(Step::End);
    }
}

/// Whether a clause ends in what stands between two words.
fn ends_clause(between: &str) -> bool {
    let stop = between.contains(['.', ':', ';']) && between.contains(char::is_whitespace);
    stop || between.bytes().filter(|b| *b == b'\n').count() > 1
}

/// A variable is room for what its pattern matches. Where the pattern lists a few wordings, the original one is
/// kept as optional words, so that texts with it are matched word by word.
fn variable(markup: &str, line_start: bool, out: &mut Vec<Step>) -> Result<(), String> {
    let original = between(markup, "original=\"", "\";match=\"").ok_or("a variable without its original")?;
    let pattern = markup.split("match=\"").nth(1).ok_or("a variable without its pattern")?;
    match pattern {
        ".{0,20}" => out.push(Step::Gap(3)),
        ".{0,5000}" => out.push(Step::Gap(300)),
        ".+" | ".*" => out.push(Step::Gap(30)),
        _ => {
            let before = out.len();
            push_words(original, line_start, true, out);
            let given = out[before..].iter().filter(|step| **step != Step::End).count();
            let words = pattern.split('|').map(word_count).max().unwrap_or(0).max(given) as u16;
            // What repeats has no end either: the years of a copyright notice go on.
            out.push(Step::Gap(if [".+", ".*", ")*", ")+"].iter().any(|open| pattern.contains(open)) {
                words + 20
            } else {
                words + 2
            }));
        }
    }
    Ok(())
}

fn word_count(text: &str) -> usize {
    let mut count = 0;
    crate::words::words(text, false, |_, _| count += 1);
    count
}

/// A copyright statement need not be there: the word before its variable part is optional. Tells whether there is
/// one.
fn optional_copyright(out: &mut [Step]) -> bool {
    let mut found = false;
    for step in out.iter_mut().rev() {
        match step {
            Step::Word(word, optional) if matches!(word.as_str(), "copyright" | "portions" | "c") => {
                *optional = true;
                found |= word == "copyright";
            }
            Step::End => {}
            _ => break,
        }
    }
    found
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let start = text.find(open)? + open.len();
    let end = start + text[start..].find(close)?;
    Some(&text[start..end])
}
