//! Runs a command that comes from the document.

use clap::{ArgMatches, FromArgMatches};

use super::arguments::YES;
use super::request;
use super::shape::shape;
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::operations::operation::{Operation, Place};
use crate::operations::{path, read};
use crate::output::shape::Shape;
use crate::output::writer::Output;
use crate::session::clock;
use crate::session::connection::Connection;
use crate::session::input;
use crate::session::lists::Range;
use crate::session::raw::{self, RawPages};
use crate::session::requests::{Deleted, Session};
use crate::values::dates;

/// The remedy if the resource doesn't exist.
const MISSING: &str =
    "check that it belongs to this account and region, and to what the flags name";

/// Runs the command of an operation. If it is quiet, progress is not shown.
pub(crate) async fn run(
    operation: &'static Operation,
    matches: ArgMatches,
    connection: Connection,
    output: Output,
    quiet: bool,
) -> Result<Exit, Failure> {
    match &operation.response {
        Some(response) => output.check(&shape(response))?,
        None => output.check(&Shape::of::<Deleted>())?,
    }
    let prepared =
        request::prepare(operation, &matches, connection.service(), output.zone()).await?;
    if operation.method == "DELETE" && !matches.get_flag(YES) {
        input::confirm(question(operation, prepared.name.as_deref())).await?;
    }
    if operation.method != "GET" {
        connection.note_what_is_lost();
    }
    let mut session = Session::start(connection, output, quiet).await?;
    let done = match &operation.response {
        Some(response) if response.list.is_some() => {
            let range = Range::from_arg_matches(&matches).map_err(|_| {
                Failure::usage("--limit: it can't be read", "correct it, or remove it")
            })?;
            let key = response.list.as_deref().unwrap_or_default();
            let pages = RawPages::new(session.client.clone(), prepared.request, key, range);
            session.pages(pages, shape(response), range).await
        }
        Some(response) => match raw::send(&session.client, prepared.request).await {
            Ok(resource) => session.shaped(&shape(response), resource),
            Err(failure) => Err(failure),
        },
        None => match raw::send(&session.client, prepared.request).await {
            Ok(_) => session.deleted(prepared.name.unwrap_or_default()),
            Err(failure) => Err(failure),
        },
    };
    if dates::is_relative() {
        clock::check(&session.client);
    }
    done.map(|()| Exit::Ok).map_err(|failure| failure.if_not_found(&missing(operation)))
}

/// Returns the remedy if the resource doesn't exist. For a list or a creation, that is the resource
/// that contains it.
fn missing(operation: &Operation) -> String {
    let holders = operation.parameters.iter().filter(|parameter| parameter.place == Place::Path);
    let holders: Vec<String> = holders.map(|holder| format!("--{}", holder.flag)).collect();
    match &holders[..] {
        _ if path::named_by(operation).is_some() => MISSING.to_owned(),
        [] => MISSING.to_owned(),
        [one] => format!("check {one}: it must exist, in this account and region"),
        several => {
            format!("check {}: they must exist, in this account and region", several.join(" and "))
        }
    }
}

/// Returns the question that confirms a deletion. It repeats a SID, but nothing personal.
fn question(operation: &Operation, name: Option<&str>) -> String {
    let is_sid = path::named_by(operation)
        .is_some_and(|parameter| read::sid_prefix(&parameter.schema).is_some());
    match name {
        Some(sid) if is_sid => format!("Delete {sid}, and everything that belongs to it?"),
        _ => "Delete it, and everything that belongs to it?".to_owned(),
    }
}
