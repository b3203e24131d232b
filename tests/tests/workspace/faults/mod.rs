//! Faults of the network, of servers and of what is between, one after the
//! other: the error, how often the server saw the request, and the time. No
//! POST is ever received twice that might have been processed.

mod answers;
mod cancelling;
mod connecting;
mod connections;
mod crowd;
mod pages;
mod refusals;
mod time;
