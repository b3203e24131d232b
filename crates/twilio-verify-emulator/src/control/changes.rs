//! `/_emulator/changes`: tells who looks on that it is worth looking again.

use std::convert::Infallible;
use std::time::Duration;

use crate::app::shared::App;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};

/// How long changes are gathered, so that a thousand a second don't become a thousand looks.
const GATHER: Duration = Duration::from_millis(100);

pub(crate) async fn stream(
    State(app): State<App>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = app.watchers.subscribe();
    let (app, first) = (app.stopped(), true);
    let events = stream::unfold(
        (changes, app, first),
        |(mut changes, mut stopped, first)| async move {
            // At once to begin with: what was changed before the stream began was never seen.
            if !first {
                tokio::select! {
                    changed = changes.changed() => changed.ok()?,
                    // Otherwise this would keep an emulator that is shutting down from ending.
                    _ = stopped.wait_for(|stop| *stop) => return None,
                }
                tokio::time::sleep(GATHER).await;
                changes.mark_unchanged();
            }
            // An event without data is none to a browser.
            let event = Event::default().event("change").data("look");
            Some((Ok(event), (changes, stopped, false)))
        },
    );
    Sse::new(events).keep_alive(KeepAlive::default())
}
