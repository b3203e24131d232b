//! `emulator`: an emulator of Verify on this machine, until Ctrl-C.

pub(crate) mod args;
mod assumptions;
mod authority;
mod injected;
pub(crate) mod run;
mod started;
