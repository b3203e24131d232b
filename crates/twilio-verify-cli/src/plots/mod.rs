//! Pictures of tables, by kuva: the only folder that knows it.

pub(crate) mod chart;
pub(crate) mod svg;
pub(crate) mod terminal;

mod scene;
