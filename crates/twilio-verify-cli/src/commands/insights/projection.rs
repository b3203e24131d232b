//! Reduces tables to fewer dimensions.

use twilio_verify_insights::{By, Label, Table};

/// Returns a table with some dimensions of another one, summed over the rest. Attempts counted as
/// other stay so.
pub(super) fn projection(table: &Table, by: &[By]) -> Table {
    let places: Vec<usize> =
        by.iter().filter_map(|by| table.by().iter().position(|own| own == by)).collect();
    let mut projection =
        Table::new(places.iter().filter_map(|place| table.by().get(*place).copied()));
    for (labels, counts) in table.cells() {
        let labels = places.iter().map(|place| labels.get(*place).cloned().unwrap_or(Label::NONE));
        // This can't fail: there is a label for each dimension.
        let _ = projection.add(labels, counts);
    }
    projection.add_other(table.other());
    match table.period() {
        Some(period) => projection.with_period(period),
        None => projection,
    }
}

#[cfg(test)]
mod tests {
    use twilio_verify_insights::{By, Counts, Table};

    use super::projection;

    #[test]
    fn nothing_is_lost() {
        let mut table = Table::new([By::Country, By::Channel, By::Day]);
        for (country, channel, day, attempts) in
            [("CO", "sms", "1", 3), ("CO", "call", "1", 4), ("US", "sms", "2", 5)]
        {
            let labels = [country.into(), channel.into(), day.into()];
            table.add(labels, &Counts::new(attempts, 1, attempts - 1)).unwrap();
        }
        table.add_other(&Counts::new(7, 0, 7));
        let days = projection(&table, &[By::Day]);
        assert_eq!(days.by(), [By::Day]);
        assert_eq!(days.get(&["1".into()]).unwrap().attempts, 7);
        assert_eq!(days.total(), table.total());
        let pairs = projection(&table, &[By::Channel, By::Country]);
        assert_eq!(pairs.get(&["sms".into(), "US".into()]).unwrap().attempts, 5);
        assert_eq!(pairs.cells().len(), 3);
    }
}
