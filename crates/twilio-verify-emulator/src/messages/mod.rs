//! What is sent to people: templates, texts, outcomes and the outbox.

pub(crate) mod content;
pub(crate) mod outbox;
pub(crate) mod outcome;
pub(crate) mod template;
