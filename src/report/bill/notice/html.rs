//! Notices as one page, without scripts and without anything to fetch.

use std::io::{self, Write};

use super::super::super::html::{self, text};
use super::super::super::{Format, View};
use super::{Terms, copyrights, gather, ids, reference, title};
use crate::model::{Bill, Report};

/// The registration.
pub(in crate::report) const FORMAT: Format = Format {
    name: "notice-html",
    summary: "Notices of third parties as one page without scripts, with links from components to license texts.",
    extension: "html",
    render,
};

fn render(report: &Report, _: &View, out: &mut dyn Write) -> io::Result<()> {
    write(&super::super::of(report), out)
}

/// Writes the notices.
pub(in crate::report) fn write(bill: &Bill, out: &mut dyn Write) -> io::Result<()> {
    let notices = gather(bill);
    let product = text(notices.product);
    let heading = if product.is_empty() {
        "Third-party notices".to_owned()
    } else {
        format!("Third-party notices of {product}")
    };
    html::head(&heading, out)?;
    writeln!(out, "<header>\n<h1>{heading}</h1>")?;
    match notices.groups.is_empty() {
        true => writeln!(out, "<p>It is not known to ship components of third parties.</p>\n</header>")?,
        false => writeln!(
            out,
            "<p>It ships the components below, each under the license that stands above it. The texts of these licenses \
             follow behind the last component.</p>\n</header>"
        )?,
    }
    for group in &notices.groups {
        writeln!(out, "<section>\n<h2>{}</h2>", text(group.license.unwrap_or("License unknown")))?;
        let known = group.license.map(ids).unwrap_or_default();
        let links = known.iter().map(|id| format!("<a href=\"#{}\">{}</a>", anchor(id), text(id)));
        let links = links.collect::<Vec<_>>().join(", ");
        if !links.is_empty() {
            writeln!(out, "<p class=\"soft\">Text: {links}</p>")?;
        }
        writeln!(out, "<ul>")?;
        for component in &group.components {
            write!(out, "<li>{}", text(&title(component)))?;
            if let Some(reference) = reference(component) {
                write!(out, " <code class=\"soft\">{}</code>", text(reference))?;
            }
            for statement in copyrights(component) {
                write!(out, "<br>{}", text(statement))?;
            }
            writeln!(out, "</li>")?;
        }
        writeln!(out, "</ul>\n</section>")?;
    }
    for (id, terms) in &notices.texts {
        writeln!(out, "<section id=\"{}\">\n<h2>{}</h2>", anchor(id), text(id))?;
        match terms {
            Terms::Text(terms) => {
                let lines: Vec<_> = terms.lines().map(text).collect();
                writeln!(out, "<pre class=\"terms\">{}</pre>", lines.join("\n"))?;
            }
            Terms::Unknown => writeln!(out, "<p>{}</p>", text(super::UNKNOWN))?,
        }
        writeln!(out, "</section>")?;
    }
    write!(out, "</body>\n</html>\n")
}

/// The name of a place in the page: letters, digits and dashes.
fn anchor(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '-' };
    format!("text-{}", id.chars().map(plain).collect::<String>())
}
