//! What audits hand over.

use std::ops::Range;

use crate::collect::SourceFile;
use crate::collect::workflows::tree::Document;
use crate::model::{Audit, Confidence, Evidence, Persona, Place, Region, Weight};

/// How many findings of one file are kept.
const MOST: usize = 5_000;

/// One questionable thing in a file.
pub(super) struct Found {
    /// Where to look first.
    span: Range<usize>,
    message: String,
    related: Vec<(Range<usize>, String)>,
    /// Further bytes whose lines may hold a comment that says to ignore it.
    scope: Vec<Range<usize>>,
    persona: Persona,
    weight: Weight,
    confidence: Confidence,
    scorecard: Option<&'static str>,
    contained: bool,
}

impl Found {
    /// Something at `span`, of regular concern, medium weight and high confidence.
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            related: Vec::new(),
            scope: Vec::new(),
            persona: Persona::Regular,
            weight: Weight::Medium,
            confidence: Confidence::High,
            scorecard: None,
            contained: false,
        }
    }

    /// Adds a further place.
    pub(super) fn also(mut self, span: Range<usize>, shows: impl Into<String>) -> Self {
        self.related.push((span, shows.into()));
        self
    }

    /// Widens where a comment may say to ignore it.
    pub(super) fn within(mut self, span: Range<usize>) -> Self {
        self.scope.push(span);
        self
    }

    pub(super) fn persona(mut self, persona: Persona) -> Self {
        self.persona = persona;
        self
    }

    pub(super) fn weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    pub(super) fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Tells whether outsiders gain nothing by it, see [`Audit::contained`].
    pub(super) fn contained(mut self, contained: bool) -> Self {
        self.contained = contained;
        self
    }

    /// Names the check of OpenSSF Scorecard that counts it.
    pub(super) fn scorecard(mut self, check: Option<&'static str>) -> Self {
        self.scorecard = check;
        self
    }
}

/// Takes what the audits of one file find.
pub(super) struct Sink<'f> {
    file: &'f SourceFile<'f>,
    /// Comments that say to ignore something.
    ignoring: Vec<&'f str>,
    /// Where their lines start.
    lines: Vec<usize>,
    /// Whether the forge reads the file where it lies.
    active: bool,
    name: &'static str,
    zizmor: bool,
    out: Vec<Evidence>,
}

impl<'f> Sink<'f> {
    /// A sink for one file; `document` is what comments are looked up in.
    pub(super) fn new(file: &'f SourceFile<'f>, document: Option<&Document<'f>>, active: bool) -> Self {
        let mut sink =
            Self { file, ignoring: Vec::new(), lines: Vec::new(), active, name: "", zizmor: false, out: Vec::new() };
        for comment in document.map(|document| document.comments.as_slice()).unwrap_or_default() {
            let text = file.text().get(comment.clone()).unwrap_or_default();
            if text.contains(IGNORE) {
                sink.ignoring.push(text);
                sink.lines.push(comment.start);
            }
        }
        sink
    }

    /// What comes next is found by an audit of this name; `zizmor` tells whether zizmor has it.
    pub(super) fn audit(&mut self, name: &'static str, zizmor: bool) {
        self.name = name;
        self.zizmor = zizmor;
    }

    /// Takes a finding, unless a comment says to ignore it.
    pub(super) fn add(&mut self, found: Found) {
        if self.out.len() >= MOST || self.is_ignored(&found) {
            return;
        }
        let place = |span: Range<usize>| Place { path: self.file.path.clone(), region: Some(self.region(span)) };
        let audit = Audit {
            name: self.name,
            place: place(found.span),
            related: found.related.into_iter().map(|(span, shows)| (place(span), shows)).collect(),
            message: found.message,
            persona: found.persona,
            weight: found.weight,
            confidence: found.confidence,
            scorecard: found.scorecard,
            contained: found.contained,
            zizmor: self.zizmor,
            active: self.active,
        };
        self.out.push(Evidence::Audit(Box::new(audit)));
    }

    /// Whether the file is kept for the forge and the repository's own workflows.
    pub(super) fn is_in_hidden_folder(&self) -> bool {
        self.file.path.folder().split('/').any(|part| part.starts_with('.'))
    }

    fn region(&self, span: Range<usize>) -> Region {
        // A place that is many lines long is shown by its first one.
        let text = self.file.text();
        let head = text.get(span.clone()).map_or(0, |part| part.find('\n').unwrap_or(part.len()));
        self.file.region(span.start..span.start + head)
    }

    /// Whether a comment on a line of the finding says `# zizmor: ignore[name]`.
    fn is_ignored(&self, found: &Found) -> bool {
        if self.ignoring.is_empty() {
            return false;
        }
        let bytes = self.file.text().as_bytes();
        let related = found.related.iter().map(|(span, _)| span);
        let mut spans = std::iter::once(&found.span).chain(related).chain(&found.scope);
        spans.any(|span| {
            let (from, to) = (span.start.min(bytes.len()), span.end.min(bytes.len()));
            let start = memchr::memrchr(b'\n', &bytes[..from]).map_or(0, |at| at + 1);
            let end = to.max(from) + memchr::memchr(b'\n', &bytes[to.max(from)..]).unwrap_or(bytes.len());
            let (first, last) =
                (self.lines.partition_point(|&l| l < start), self.lines.partition_point(|&l| l < end));
            self.ignoring[first..last.max(first)].iter().any(|comment| ignores(comment, self.name))
        })
    }

    /// Whether the forge reads the file where it lies.
    pub(super) fn is_active(&self) -> bool {
        self.active
    }

    /// What was found.
    pub(super) fn done(self) -> Vec<Evidence> {
        self.out
    }
}

/// How a comment starts that says to ignore something.
const IGNORE: &str = "# zizmor: ignore[";

/// Whether a comment says to ignore an audit.
fn ignores(comment: &str, name: &str) -> bool {
    let Some((_, rest)) = comment.split_once(IGNORE) else { return false };
    let Some((names, behind)) = rest.split_once(']') else { return false };
    (behind.is_empty() || behind.starts_with([' ', '\t'])) && names.split(',').any(|listed| listed.trim() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_ignores_what_it_names() {
        assert!(ignores("# zizmor: ignore[a-b, c] because", "c"));
        assert!(ignores("# zizmor: ignore[a-b]", "a-b"));
        assert!(!ignores("# zizmor: ignore[a-b]x", "a-b"));
        assert!(!ignores("# ignore[a-b]", "a-b"));
    }
}
