//! Formats findings.

use std::fmt;

use chrono::SecondsFormat;

use crate::detect::finding::{Finding, FindingCell, FindingKind};

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Writes the dimensions that have a value, separated by spaces; `all` if none has one.
impl fmt::Display for FindingCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = [&self.country, &self.prefix, &self.channel];
        let parts: Vec<&str> = labels.into_iter().filter_map(|label| label.as_str()).collect();
        f.pad(&if parts.is_empty() { "all".to_owned() } else { parts.join(" ") })
    }
}

/// Writes the finding as one line.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time =
            |date: chrono::DateTime<chrono::Utc>| date.to_rfc3339_opts(SecondsFormat::Secs, true);
        write!(
            f,
            "{}: {}, {} to {}: {} attempts (usual: {}), {} converted ({}, usual: {:.1} %)",
            self.kind,
            self.cell,
            time(self.from),
            time(self.to),
            self.attempts,
            rounded(self.expected),
            self.converted,
            rate(self.converted, self.attempts),
            self.usual_rate,
        )?;
        let about = if self.unpriced > 0 { "about " } else { "" };
        for (index, (currency, cost)) in self.waste.iter().enumerate() {
            let separator = if index == 0 { "; " } else { " and " };
            write!(f, "{separator}{about}{:.2} {currency}", cost.sum)?;
        }
        if !self.waste.is_empty() {
            f.write_str(match self.kind {
                FindingKind::Pumping | FindingKind::Masked => " wasted",
                _ => " spent beyond the usual",
            })?;
        }
        let evidence = &self.evidence;
        if let Some(carrier) = evidence.carrier.as_ref().filter(|carrier| carrier.share >= 0.5) {
            write!(f, "; {:.0} % on {}", 100.0 * carrier.share, carrier.label)?;
        }
        if let Some((adjacent, chance)) = evidence.adjacent.zip(evidence.adjacent_by_chance)
            && adjacent > 0.2
            && adjacent > 1.2 * chance
        {
            write!(f, "; {:.0} % adjacent numbers", 100.0 * adjacent)?;
        }
        Ok(())
    }
}

fn rounded(count: f64) -> String {
    if count < 10.0 { format!("{count:.1}") } else { format!("{count:.0}") }
}

fn rate(converted: u64, attempts: u64) -> String {
    match attempts {
        0 => "-".to_owned(),
        _ => format!("{:.1} %", 100.0 * converted as f64 / attempts as f64),
    }
}
