//! Messages to recipients: templates, texts, codes, outcomes and the outbox.

pub(crate) mod code;
pub(crate) mod content;
pub(crate) mod outbox;
pub(crate) mod outcome;
pub(crate) mod template;
