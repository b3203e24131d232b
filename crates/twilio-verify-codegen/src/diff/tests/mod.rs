//! Each cell of the matrix, there and back.

mod case;
mod cells;
mod operations;
mod receiving;
mod sending;
mod types;
