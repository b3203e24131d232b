//! Charts as SVG, within a page whose style sheet has their colours: `--mark`, `--band`, `--faint`
//! and `--line`. So they follow the page's scheme, light or dark.

use kuva::backend::svg::SvgBackend;

use super::chart::Chart;
use super::scene::{Look, scene};

/// A picture. Its text is kuva's, which escapes what it is given.
#[derive(Clone, Debug)]
pub(crate) struct Svg(String);

impl Svg {
    /// Draws a chart. It is as wide as its place, and its text as high as `width` units are wide.
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
        // Within HTML it needs no name of a namespace, and a box instead of a size, so that it can
        // be as wide as its place. What it shows stands in a table beside it.
        let inner = text.split_once('>').map_or("", |(_, inner)| inner);
        let begin = format!("<svg viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">");
        Self(begin + inner)
    }

    /// The markup.
    pub(crate) fn markup(&self) -> &str {
        &self.0
    }
}
