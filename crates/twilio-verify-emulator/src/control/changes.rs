//! `/_emulator/changes`: notifies watchers that something changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};

use crate::app::shared::App;
use crate::app::watchers::Watchers;
use crate::contract::error::ApiError;

/// How long changes are collected before an event, so that a thousand changes a second do not cause
/// a thousand events.
const GATHER: Duration = Duration::from_millis(100);

pub(crate) async fn stream(
    State(app): State<App>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let watcher = app.watchers.subscribe();
    let watcher = watcher.ok_or_else(|| ApiError::too_many_streams(Watchers::MOST))?;
    let (stopped, first) = (app.stopped(), true);
    let events =
        stream::unfold((watcher, stopped, first), |(mut watcher, mut stopped, first)| async move {
            // The first event is sent at once: the client has not seen earlier changes.
            if !first {
                tokio::select! {
                    changed = watcher.changes.changed() => changed.ok()?,
                    // Without this, the stream would keep an emulator from shutting down.
                    _ = stopped.wait_for(|stop| *stop) => return None,
                }
                tokio::time::sleep(GATHER).await;
                watcher.changes.mark_unchanged();
            }
            // Browsers ignore an event without data.
            let event = Event::default().event("change").data("look");
            Some((Ok(event), (watcher, stopped, false)))
        });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
