//! Writes HTML. Only literals are markup; everything else is escaped.

use std::fmt::Display;

use crate::plots::svg::Svg;
use crate::values::clean;

/// A page, or a part of it.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    /// Adds markup of this program.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text, escaped so that it is safe within a quoted attribute, too.
    pub(super) fn text(&mut self, text: impl Display) -> &mut Self {
        let text = text.to_string();
        for character in clean::value(&text).chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Adds a chart.
    pub(super) fn picture(&mut self, picture: &Svg) -> &mut Self {
        self.0.push_str(picture.markup());
        self
    }

    /// Adds a coordinate of a path, limited to 0 to 100, with at most two decimals.
    pub(super) fn place(&mut self, number: f64) -> &mut Self {
        let number = if number.is_finite() { number.clamp(0.0, 100.0) } else { 0.0 };
        let text = format!("{number:.2}");
        self.text(text.trim_end_matches('0').trim_end_matches('.'))
    }

    /// Returns the HTML.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn text_is_never_markup() {
        let mut html = Html::default();
        html.raw("<p title=\"").text("\" onload='x'").raw("\">").text("<script>&\u{202e}\u{0}");
        assert_eq!(
            html.finish(),
            "<p title=\"&quot; onload=&#39;x&#39;\">&lt;script&gt;&amp;\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn a_place_is_short_and_within_bounds() {
        for (number, text) in
            [(0.0, "0"), (12.5, "12.5"), (99.999, "100"), (120.0, "100"), (f64::NAN, "0")]
        {
            let mut html = Html::default();
            html.place(number);
            assert_eq!(html.finish(), text);
        }
    }
}
