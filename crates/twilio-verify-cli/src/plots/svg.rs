//! Draws charts as SVG, for a page whose style sheet defines their colours: `--mark`, `--band`,
//! `--faint` and `--line`. So they follow the page's scheme, light or dark.

use kuva::backend::svg::SvgBackend;

use super::chart::Chart;
use super::scene::{Look, scene};

/// A chart as SVG. kuva writes the markup, and escapes text.
#[derive(Clone, Debug)]
pub(crate) struct Svg(String);

impl Svg {
    /// Draws a chart of `width` by `height` units. It is scaled to the width of its container.
    pub(crate) fn draw(chart: &Chart, width: u16, height: u16) -> Self {
        let look = Look {
            width: width.into(),
            height: height.into(),
            text: 12,
            grid: true,
            rows: None,
            mark: "var(--mark)",
            band: "var(--band)",
            ink: "var(--faint)",
            line: "var(--line)",
        };
        let scene = scene(chart, look);
        let (width, height) = (scene.width, scene.height);
        let text = SvgBackend::new().render_scene(&scene);
        // Within HTML it needs no namespace, and a view box instead of a size, so that it fills its
        // container. It is hidden from screen readers, as a table shows the same values.
        let inner = text.split_once('>').map_or("", |(_, inner)| inner);
        let begin = format!("<svg viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">");
        Self(begin + inner)
    }

    /// Returns the markup.
    pub(crate) fn markup(&self) -> &str {
        &self.0
    }
}
