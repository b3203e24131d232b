//! `/_emulator/changes`: notifies watchers that something changed.

use std::convert::Infallible;
use std::time::Duration;

use crate::app::shared::App;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};

/// How long changes are collected, so that a thousand a second do not become a thousand events.
const GATHER: Duration = Duration::from_millis(100);

pub(crate) async fn stream(
    State(app): State<App>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = app.watchers.subscribe();
    let (app, first) = (app.stopped(), true);
    let events =
        stream::unfold((changes, app, first), |(mut changes, mut stopped, first)| async move {
            // The first event is sent at once: earlier changes were not seen.
            if !first {
                tokio::select! {
                    changed = changes.changed() => changed.ok()?,
                    // Without this, the stream would keep an emulator from shutting down.
                    _ = stopped.wait_for(|stop| *stop) => return None,
                }
                tokio::time::sleep(GATHER).await;
                changes.mark_unchanged();
            }
            // Browsers ignore an event without data.
            let event = Event::default().event("change").data("look");
            Some((Ok(event), (changes, stopped, false)))
        });
    Sse::new(events).keep_alive(KeepAlive::default())
}
