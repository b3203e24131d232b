//! Formats a finding for stdout, webhooks and commands.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use twilio_verify_insights::{Currency, EpisodeEvent, Label};

use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::fields::Fields;
use crate::output::shape::Shape;
use crate::values::zone::Zone;

/// The fields of a finding, for programs.
const FIELDS: [&str; 27] = [
    "at",
    "id",
    "state",
    "kind",
    "cell.country",
    "cell.channel",
    "cell.prefix",
    "from",
    "to",
    "attempts",
    "converted",
    "expected",
    "usual_rate",
    "excess",
    "cost",
    "currency",
    "unpriced",
    "p_value",
    "evidence.adjacent",
    "evidence.adjacent_by_chance",
    "evidence.carrier.label",
    "evidence.carrier.share",
    "evidence.service.label",
    "evidence.service.share",
    "evidence.attempts_per_number",
    "evidence.off_hours",
    "text",
];

/// Returns the columns and fields of a finding.
pub(super) fn shape() -> Shape {
    let columns = vec![
        Column::new("AT", "at").kind(Kind::Date),
        Column::new("STATE", "state"),
        Column::new("KIND", "kind"),
        Column::new("COUNTRY", "cell.country"),
        Column::new("PREFIX", "cell.prefix"),
        Column::new("COST", "cost"),
    ];
    let paths = FIELDS.iter().map(|field| (*field).to_owned()).collect();
    Shape::new("findings", columns, Fields { paths, maps: Vec::new() })
}

/// A finding, and when it was reported.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    pub(super) event: EpisodeEvent,
    pub(super) at: DateTime<Utc>,
}

impl Notice {
    /// Returns the cost, in the currency with the most priced attempts.
    pub(super) fn cost(&self) -> Option<(Currency, Decimal)> {
        let costs = self.event.finding.waste.iter();
        let most = costs.max_by_key(|(_, cost)| cost.priced);
        most.map(|(currency, cost)| (currency, cost.sum.normalize()))
    }

    /// Returns the finding as text for people, without a line break.
    pub(super) fn text(&self) -> String {
        format!("{} {}", self.event.state.as_str(), self.event.finding)
    }

    /// Returns the text as a line, after the time of the report.
    pub(super) fn line(&self, zone: Zone) -> String {
        format!("{} {}\n", zone.rfc3339(self.at), self.text())
    }

    /// Returns the finding as JSON, for programs.
    pub(super) fn json(&self) -> Result<Value, Failure> {
        let mut all = serde_json::to_value(&self.event)
            .map_err(|error| Failure::other(format!("the finding can't be written: {error}")))?;
        if let Value::Object(fields) = &mut all {
            let cost = self.cost();
            fields.insert("at".into(), json!(Zone::Utc.rfc3339(self.at)));
            fields.insert("cost".into(), json!(cost.map(|(_, cost)| cost)));
            fields.insert("currency".into(), json!(cost.map(|(currency, _)| currency)));
            fields.insert("text".into(), json!(self.text()));
        }
        Ok(all)
    }

    /// Returns the environment variables for a command.
    pub(super) fn variables(&self) -> Vec<(&'static str, String)> {
        let EpisodeEvent { id, finding, .. } = &self.event;
        let cost = self.cost();
        let json = self.json().map(|json| json.to_string()).unwrap_or_default();
        let label = |label: &Label| label.as_str().unwrap_or_default().to_owned();
        vec![
            ("TWILIO_VERIFY_FINDING", json),
            ("TWILIO_VERIFY_ID", id.to_string()),
            ("TWILIO_VERIFY_STATE", self.event.state.as_str().to_owned()),
            ("TWILIO_VERIFY_KIND", finding.kind.as_str().to_owned()),
            ("TWILIO_VERIFY_COUNTRY", label(&finding.cell.country)),
            ("TWILIO_VERIFY_CHANNEL", label(&finding.cell.channel)),
            ("TWILIO_VERIFY_PREFIX", label(&finding.cell.prefix)),
            ("TWILIO_VERIFY_FROM", Zone::Utc.rfc3339(finding.from)),
            ("TWILIO_VERIFY_TO", Zone::Utc.rfc3339(finding.to)),
            ("TWILIO_VERIFY_ATTEMPTS", finding.attempts.to_string()),
            ("TWILIO_VERIFY_CONVERTED", finding.converted.to_string()),
            ("TWILIO_VERIFY_EXCESS", format!("{:.0}", finding.excess)),
            ("TWILIO_VERIFY_COST", cost.map(|(_, cost)| cost.to_string()).unwrap_or_default()),
            ("TWILIO_VERIFY_CURRENCY", cost.map(|(it, _)| it.to_string()).unwrap_or_default()),
            ("TWILIO_VERIFY_TEXT", self.text()),
        ]
    }
}
