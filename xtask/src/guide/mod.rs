//! The generated parts of the guide, `docs`: the migration table and the error codes.

pub mod calls;
pub mod codes;
pub mod migration;
pub mod operations;
pub mod pages;
pub mod sdks;
