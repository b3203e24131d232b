//! Faults of the network, of servers and of what is between, one by one: the error, how often the
//! server saw the request, and the time. A POST that might have been processed is never received
//! twice.

mod cancelling;
mod connecting;
mod connections;
mod crowd;
mod errors;
mod pages;
mod responses;
mod time;
