//! What all commands that ask Verify do alike: connect, list, show, delete.

use twilio_verify::Client;
use twilio_verify_emulator::Emulator;

use crate::cli::Connection;
use crate::commands::args::Range;
use crate::connect::connect;
use crate::failure::Failure;
use crate::lists::ListRequest;
use crate::output::{Column, Output, Progress, Resource, note, table};

/// Who is asked, and where the answers go.
pub(crate) struct Session {
    pub(crate) client: Client,
    output: Output,
    quiet: bool,
    /// The emulator that is asked, if it is one of this process: it stops
    /// when this is dropped.
    _emulator: Option<Emulator>,
}

impl Session {
    /// Begins one; nothing is asked yet. A quiet one shows no progress.
    pub(crate) async fn start(
        connection: Connection,
        output: Output,
        quiet: bool,
    ) -> Result<Self, Failure> {
        let (client, emulator) = connect(connection).await?;
        Ok(Self {
            client,
            output,
            quiet,
            _emulator: emulator,
        })
    }

    /// Shows one resource.
    pub(crate) fn one<T: Resource>(&mut self, resource: &T) -> Result<(), Failure> {
        self.one_as(resource, table::fields)
    }

    /// Shows one resource; `table` draws it for eyes.
    pub(crate) fn one_as<T: Resource>(
        &mut self,
        resource: &T,
        table: impl FnOnce(&T) -> std::io::Result<String>,
    ) -> Result<(), Failure> {
        Ok(self.output.one(resource, table)?)
    }

    /// Says that a resource is no longer there.
    pub(crate) fn deleted(&mut self, sid: impl Into<String>) -> Result<(), Failure> {
        let deleted = Deleted {
            sid: sid.into(),
            deleted: true,
        };
        self.one_as(&deleted, |deleted| Ok(format!("deleted {}\n", deleted.sid)))
    }

    /// Shows as much of a list as is wanted.
    pub(crate) async fn list<R: ListRequest>(
        &mut self,
        request: R,
        range: Range,
    ) -> Result<(), Failure> {
        let limit = range.limit();
        let page_size = range.page_size();
        let mut pages = request.within(limit, page_size);
        // Nothing is written before there is an answer, so that what fails at
        // once leaves stdout empty.
        let mut page = pages.try_next().await?;
        let mut list = self.output.list::<R::Item>()?;
        let mut progress = Progress::none();
        let mut count = 0;
        let mut more = false;
        while let Some(items) = page {
            count += items.items.len();
            more = items.meta.next_page_url.is_some()
                || page_size.is_some_and(|size| usize::from(size) > count);
            list.page(&items.items)?;
            if more && !self.quiet && limit.is_none_or(|limit| count < limit) {
                progress.show(&list, count);
            }
            page = pages.try_next().await?;
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

/// What was deleted.
#[derive(schemars::JsonSchema, serde::Serialize)]
struct Deleted {
    /// Its SID.
    sid: String,
    /// That it is no longer there.
    deleted: bool,
}

impl Resource for Deleted {
    const PLURAL: &'static str = "deleted";
    const COLUMNS: &'static [Column] = &[Column::new("SID", "sid")];
}
