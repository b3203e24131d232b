//! The stream that output is written to.

use std::io::Write;

/// The stream that output is written to.
pub(super) type Sink<'a> = &'a mut (dyn Write + Send);
