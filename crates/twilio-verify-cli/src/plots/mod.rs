//! Draws tables with kuva, which is used only in this folder.

pub(crate) mod chart;
pub(crate) mod svg;
pub(crate) mod terminal;

mod scene;
