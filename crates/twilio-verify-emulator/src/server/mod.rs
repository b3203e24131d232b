//! The server: from a connection to a response.

pub(crate) mod access;
pub(crate) mod bodies;
pub(crate) mod connections;
pub(crate) mod inject;
pub(crate) mod middleware;
pub(crate) mod router;
pub(crate) mod sender;
pub(crate) mod shown_path;
pub(crate) mod tls;
