//! Tables, sliding windows and the random generator.

pub(crate) mod changed;
pub(crate) mod draw;
pub(crate) mod page;
pub(crate) mod parent;
pub(crate) mod persistent;
pub(crate) mod table;
pub(crate) mod window;
