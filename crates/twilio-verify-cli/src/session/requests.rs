//! The session of a command that sends requests to Verify: connects, shows
//! resources and lists, and reports deletions.

use serde_json::Value;
use twilio_verify::{Client, Pages};
use twilio_verify_emulator::Emulator;

use crate::failure::report::Failure;
use crate::output::column::Column;
use crate::output::format::Format;
use crate::output::note::note;
use crate::output::progress::Progress;
use crate::output::shape::{Resource, Shape};
use crate::output::table;
use crate::output::writer::Output;
use crate::session::connection::Connection;
use crate::session::json::json;
use crate::session::lists::{Paged, Range};
use crate::values::zone::Zone;

/// A client, and the output of its responses.
pub(crate) struct Session {
    pub(crate) client: Client,
    output: Output,
    quiet: bool,
    /// The emulator of this process, if the client uses one. Dropping it
    /// stops it.
    _emulator: Option<Emulator>,
}

impl Session {
    /// Starts a session without sending anything. A quiet session does not
    /// show progress.
    pub(crate) async fn start(
        connection: Connection,
        output: Output,
        quiet: bool,
    ) -> Result<Self, Failure> {
        let (client, emulator) = connection.connect().await?;
        Ok(Self { client, output, quiet, _emulator: emulator })
    }

    /// Returns the time zone of days, and of times without an offset.
    pub(crate) fn zone(&self) -> Zone {
        self.output.zone()
    }

    /// Whether progress is hidden.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Shows one resource.
    pub(crate) fn one<T: Resource>(&mut self, resource: &T) -> Result<(), Failure> {
        self.shaped(&Shape::of::<T>(), json(resource)?)
    }

    /// Shows one resource; `table` makes its table.
    pub(crate) fn one_as<T: Resource>(
        &mut self,
        resource: &T,
        table: impl FnOnce(&T) -> String,
    ) -> Result<(), Failure> {
        let shape = Shape::of::<T>();
        Ok(self.output.one(&shape, json(resource)?, |_| table(resource))?)
    }

    /// Shows one resource with this shape.
    pub(crate) fn shaped(&mut self, shape: &Shape, resource: Value) -> Result<(), Failure> {
        Ok(self.output.one(shape, resource, |value| table::resource(shape, value))?)
    }

    /// Shows JSON from the server.
    pub(crate) fn json(&mut self, value: &Value) -> Result<(), Failure> {
        Ok(self.output.json(value)?)
    }

    /// Returns the output of responses.
    pub(crate) fn output(&mut self) -> &mut Output {
        &mut self.output
    }

    /// Shows text of this program, unchanged.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.output.raw(text.as_bytes())?)
    }

    /// Returns the format of the output.
    pub(crate) fn format(&self) -> Format {
        self.output.format()
    }

    /// Reports that a resource was deleted.
    pub(crate) fn deleted(&mut self, sid: impl Into<String>) -> Result<(), Failure> {
        let deleted = Deleted { sid: sid.into(), deleted: true };
        self.one_as(&deleted, |deleted| format!("deleted {}\n", deleted.sid))
    }

    /// Shows a list of resources, up to the limit of the range.
    pub(crate) async fn list<T: Resource + Send + 'static>(
        &mut self,
        pages: Pages<T>,
        range: Range,
    ) -> Result<(), Failure> {
        self.pages(pages, Shape::of::<T>(), range).await
    }

    /// Shows a list of resources with this shape.
    pub(crate) async fn pages(
        &mut self,
        mut pages: impl Paged,
        shape: Shape,
        range: Range,
    ) -> Result<(), Failure> {
        let limit = range.limit();
        let page_size = range.page_size();
        // Nothing is written before the first response, so that stdout stays
        // empty if the first request fails.
        let mut page = pages.next().await?;
        let mut list = self.output.list(shape)?;
        let mut progress = Progress::none();
        let mut count = 0;
        let mut more = false;
        while let Some(rows) = page {
            count += rows.items.len();
            more = rows.more || page_size.is_some_and(|size| usize::from(size) > count);
            list.page(rows.items)?;
            if more && !self.quiet && limit.is_none_or(|limit| count < limit) {
                progress.show(&list, count);
            }
            page = pages.next().await?;
        }
        progress.end();
        list.end()?;
        if range.is_default() && more && limit == Some(count) {
            note(&format!(
                "these are the first {count}, and there may be more: --limit N or --no-limit"
            ));
        }
        Ok(())
    }
}

/// A resource that was deleted.
#[derive(schemars::JsonSchema, serde::Serialize)]
pub(crate) struct Deleted {
    /// Its SID.
    sid: String,
    /// Always true.
    deleted: bool,
}

impl Resource for Deleted {
    const PLURAL: &'static str = "deleted";
    const COLUMNS: &'static [Column] = &[Column::new("SID", "sid")];
}
