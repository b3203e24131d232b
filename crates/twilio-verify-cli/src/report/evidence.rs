//! Writes the section on what is proven and what is unknown.

use super::data::Report;
use super::html::Html;

/// Writes the section.
pub(super) fn section(html: &mut Html, report: &Report) {
    html.raw("<section aria-labelledby=\"proof\"><h2 id=\"proof\">What is proven, and what is unknown</h2><div class=\"two\">");
    html.raw("<div><h3>Proven</h3>");
    list(html, &report.proven, "Nothing: the counts were compared with no other ones.");
    html.raw("</div><div><h3>Unknown</h3>");
    list(html, &report.unknown, "Nothing that the attempts themselves hold.");
    html.raw("</div></div></section>");
}

fn list(html: &mut Html, sentences: &[String], none: &'static str) {
    if sentences.is_empty() {
        html.raw("<p>").raw(none).raw("</p>");
        return;
    }
    html.raw("<ul>");
    for sentence in sentences {
        html.raw("<li>").text(sentence).raw("</li>");
    }
    html.raw("</ul>");
}
