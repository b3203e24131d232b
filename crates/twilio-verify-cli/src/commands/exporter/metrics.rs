//! The names and descriptions of the metrics, which scrapes, the dashboard and the rules share.

use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;

/// A metric.
#[derive(Debug)]
pub(super) struct Metric {
    /// The name of its samples.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) help: &'static str,
}

/// The type of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Gauge,
    /// A gauge in seconds: its name ends with `_seconds`.
    Seconds,
    /// A counter: its name ends with `_total`.
    Counter,
    /// A value of 1 with labels: its name ends with `_info`.
    Info,
}

impl Kind {
    pub(super) const fn of_openmetrics(self) -> MetricType {
        match self {
            Self::Gauge | Self::Seconds => MetricType::Gauge,
            Self::Counter => MetricType::Counter,
            Self::Info => MetricType::Info,
        }
    }

    pub(super) const fn unit(self) -> Option<&'static Unit> {
        match self {
            Self::Seconds => Some(&Unit::Seconds),
            _ => None,
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Gauge => "",
            Self::Seconds => "_seconds",
            Self::Counter => "_total",
            Self::Info => "_info",
        }
    }
}

impl Metric {
    const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Gauge, help }
    }

    const fn seconds(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Seconds, help }
    }

    const fn counter(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Counter, help }
    }

    /// Returns the name without the suffix that the encoder appends.
    pub(super) fn family(&self) -> &'static str {
        self.name.strip_suffix(self.kind.suffix()).unwrap_or(self.name)
    }
}

/// The labels of a cell.
pub(super) const SERVICE: &str = "service";
pub(super) const COUNTRY: &str = "country";
pub(super) const CHANNEL: &str = "channel";
pub(super) const WINDOW: &str = "window";
pub(super) const CURRENCY: &str = "currency";

// Metrics of each service, country, channel and window.

pub(super) const ATTEMPTS: Metric = Metric::gauge(
    "twilio_verify_attempts",
    "Verification attempts that were created in the window.",
);
pub(super) const CONVERTED: Metric = Metric::gauge(
    "twilio_verify_converted",
    "Verification attempts of the window that converted: their codes were given back.",
);
pub(super) const RATIO: Metric = Metric::gauge(
    "twilio_verify_conversion_ratio",
    "Converted attempts over all attempts of the window, 0 to 1.",
);
pub(super) const EXCESS: Metric = Metric::gauge(
    "twilio_verify_unconverted_excess",
    "Unconverted attempts of the window beyond what is usual at these hours of the week. \
     Negative if there are fewer. Absent while it is not known what is usual.",
);
pub(super) const COST: Metric = Metric::gauge(
    "twilio_verify_cost",
    "Prices of the attempts of the window that have one, and the fees of conversions if a fee \
     was given. Twilio may set a price a day later: a lower bound until all attempts are priced.",
);
pub(super) const PRICED: Metric = Metric::gauge(
    "twilio_verify_priced_attempts",
    "Verification attempts of the window whose price is known.",
);

// Metrics of each window.

pub(super) const WINDOW_ATTEMPTS: Metric = Metric::gauge(
    "twilio_verify_window_attempts",
    "All verification attempts of the window as Twilio counts them; also if there are none.",
);
pub(super) const WINDOW_END: Metric = Metric::seconds(
    "twilio_verify_window_end_timestamp_seconds",
    "The end of the window since 1970: no attempt before it converts any more.",
);
pub(super) const DIFFERENCE: Metric = Metric::gauge(
    "twilio_verify_proof_difference",
    "By how much the sum of all cells of the window differs from what Twilio counts, in attempts \
     or conversions. 0 if they agree.",
);
pub(super) const DIMENSIONS: Metric = Metric::gauge(
    "twilio_verify_breakdown_dimensions",
    "By how many of service, country and channel the window is broken down: 3, or fewer if the \
     budget is not enough. Labels that are not known then are other.",
);
pub(super) const FOLDED: Metric = Metric::gauge(
    "twilio_verify_folded_cells",
    "How many cells of the window are summed as other, because there are more than the most \
     series.",
);

// Metrics of the snapshot and its renewals.

pub(super) const UP: Metric =
    Metric::gauge("twilio_verify_up", "Whether the last renewal succeeded: 1 or 0.");
pub(super) const AGE: Metric = Metric::seconds(
    "twilio_verify_snapshot_age_seconds",
    "The time since the last renewal that succeeded began. Absent until one did.",
);
pub(super) const LAST_SUCCESS: Metric = Metric::seconds(
    "twilio_verify_last_success_timestamp_seconds",
    "When the last renewal that succeeded ended, since 1970.",
);
pub(super) const LAST_FAILURE: Metric = Metric::seconds(
    "twilio_verify_last_failure_timestamp_seconds",
    "When the last renewal that failed ended, since 1970.",
);
pub(super) const DURATION: Metric =
    Metric::seconds("twilio_verify_renewal_duration_seconds", "How long the last renewal took.");
pub(super) const INTERVAL: Metric = Metric::seconds(
    "twilio_verify_renewal_interval_seconds",
    "The time between the starts of two renewals, as set by --every.",
);
pub(super) const RENEWALS: Metric =
    Metric::counter("twilio_verify_renewals_total", "Renewals that have ended.");
pub(super) const FAILURES: Metric =
    Metric::counter("twilio_verify_renewal_failures_total", "Renewals that failed, by reason.");
pub(super) const CALLS: Metric = Metric::counter(
    "twilio_verify_calls_total",
    "Requests that were sent to Twilio, by endpoint; each repetition is one.",
);
pub(super) const BUDGET: Metric = Metric::gauge(
    "twilio_verify_budget_calls",
    "The most requests of a renewal, as set by --budget.",
);
pub(super) const USUAL_FROM: Metric = Metric::seconds(
    "twilio_verify_baseline_start_timestamp_seconds",
    "From when the hours that say what is usual are known, since 1970. Absent while none is.",
);
pub(super) const SCRAPES: Metric =
    Metric::counter("twilio_verify_scrapes_total", "Scrapes of these metrics, this one included.");
pub(super) const BUILD: Metric = Metric {
    name: "twilio_verify_build_info",
    kind: Kind::Info,
    help: "The version of the exporter.",
};

/// All metrics.
#[cfg(test)]
pub(super) const ALL: [&Metric; 24] = [
    &ATTEMPTS,
    &CONVERTED,
    &RATIO,
    &EXCESS,
    &COST,
    &PRICED,
    &WINDOW_ATTEMPTS,
    &WINDOW_END,
    &DIFFERENCE,
    &DIMENSIONS,
    &FOLDED,
    &UP,
    &AGE,
    &LAST_SUCCESS,
    &LAST_FAILURE,
    &DURATION,
    &INTERVAL,
    &RENEWALS,
    &FAILURES,
    &CALLS,
    &BUDGET,
    &USUAL_FROM,
    &SCRAPES,
    &BUILD,
];

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn each_has_a_name_of_its_own_and_says_what_it_is() {
        let mut names: Vec<&str> = ALL.iter().map(|metric| metric.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        for metric in ALL {
            assert!(metric.name.starts_with("twilio_verify_"), "{}", metric.name);
            assert!(metric.name.ends_with(metric.kind.suffix()), "{}", metric.name);
            assert!(metric.help.ends_with('.') && !metric.help.contains('\n'), "{}", metric.name);
        }
    }
}
