//! A stream that output goes to.

use std::io::Write;

/// A stream that output goes to.
pub(super) type Sink<'a> = &'a mut (dyn Write + Send);
