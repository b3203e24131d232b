//! The time zone of days and times.

use chrono::{
    DateTime, Days, Local, LocalResult, NaiveDateTime, Offset, SecondsFormat, TimeZone, Utc,
};

/// The time zone of days, and of times without an offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// The time zone of this machine.
    Local,
}

impl Zone {
    /// Returns the zone for the flag `--local`.
    pub(crate) fn of(local: bool) -> Self {
        if local { Self::Local } else { Self::Utc }
    }

    /// Returns the name, for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Local => "local time",
        }
    }

    /// Returns the instant at which clocks of this zone show a time, or the
    /// earlier one if there are two. A time that is skipped when clocks change
    /// is read with the offset before the change.
    pub(crate) fn instant(self, wall: NaiveDateTime) -> DateTime<Utc> {
        match self {
            Self::Utc => wall.and_utc(),
            Self::Local => match Local.from_local_datetime(&wall) {
                LocalResult::Single(date) => date.with_timezone(&Utc),
                // The order of the two is not documented.
                LocalResult::Ambiguous(one, other) => one.min(other).with_timezone(&Utc),
                LocalResult::None => {
                    let before = wall.checked_sub_days(Days::new(1)).unwrap_or(wall);
                    let offset = Local.offset_from_utc_datetime(&before).fix();
                    wall.checked_sub_offset(offset).unwrap_or(wall).and_utc()
                }
            },
        }
    }

    /// Returns the time that clocks of this zone show at an instant.
    pub(crate) fn wall(self, date: DateTime<Utc>) -> NaiveDateTime {
        match self {
            Self::Utc => date.naive_utc(),
            Self::Local => {
                let offset = Local.offset_from_utc_datetime(&date.naive_utc()).fix();
                date.naive_utc().checked_add_offset(offset).unwrap_or(date.naive_utc())
            }
        }
    }

    /// Formats an instant as RFC 3339, with the offset of this zone.
    pub(crate) fn rfc3339(self, date: DateTime<Utc>) -> String {
        match self {
            Self::Utc => date.to_rfc3339_opts(SecondsFormat::Secs, true),
            Self::Local => date.with_timezone(&Local).to_rfc3339_opts(SecondsFormat::Secs, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::Zone;

    #[test]
    fn a_time_in_utc_is_an_instant() {
        let wall = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap().and_hms_opt(10, 0, 0).unwrap();
        let date = Zone::Utc.instant(wall);
        assert_eq!(Zone::Utc.rfc3339(date), "2026-03-02T10:00:00Z");
        assert_eq!(Zone::Utc.wall(date), wall);
        // This holds in any zone of this machine.
        assert_eq!(Zone::Local.wall(Zone::Local.instant(wall)), wall);
    }
}
