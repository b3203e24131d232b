//! `/_emulator/summary`.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::shared::App;
use crate::attempts::columns::counts::Counts;
use crate::attempts::data::filter::{Filter, Period, SummaryFilter};
use crate::values::channel::Channel;

/// How many minutes are counted one by one.
const MINUTES: i64 = 60;

pub(crate) async fn summary(State(app): State<App>) -> Json<Value> {
    let count = |common| app.store.count(&SummaryFilter { common, ..SummaryFilter::default() });
    let channels = Channel::ALL.iter().map(|channel| {
        let counts = count(Filter { channel: Some(*channel), ..Filter::default() });
        (channel.to_string(), counted(counts))
    });
    let minute = app.settings.clock.now().timestamp() / 60;
    let minutes = (minute - MINUTES + 1..=minute).map(|minute| {
        let counts = count(Filter {
            period: Period { from: Some(minute * 60), until: Some(minute * 60 + 60) },
            ..Filter::default()
        });
        let mut entry = counted(counts);
        entry["from"] = json!(chrono::DateTime::from_timestamp(minute * 60, 0));
        entry
    });
    let mut body = counted(count(Filter::default()));
    body["minutes"] = minutes.collect();
    body["channels"] = channels.collect();
    Json(body)
}

fn counted(counts: Counts) -> Value {
    json!({ "total_attempts": counts.total, "total_converted": counts.converted })
}
