//! The chores, run as a maintainer runs them, and what `diff` makes of any
//! edit.

mod compile;
mod diff;
mod docs;
mod r#gen;
mod mutations;
mod sandbox;
