//! The attempts that a scrape shows.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Instant;

use chrono::{DateTime, Utc};
use twilio_verify_insights::{By, Counts, Label, Table};

/// The label of attempts without a value, such as the country of an e-mail. To Prometheus, an empty
/// label is a missing one.
const NONE: &str = "none";

/// The label of all attempts that are summed instead of shown by their own label.
const OTHER: &str = "other";

/// The most digits in a row in a label: enough for a prefix, too few for a number.
const DIGITS: usize = 8;

/// The service, country and channel of a cell, as its labels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) service: Label,
    pub(super) country: Label,
    pub(super) channel: Label,
}

impl Key {
    /// Returns the key of the attempts that are not broken down.
    pub(super) fn other() -> Self {
        let other = || Label::from(OTHER);
        Self { service: other(), country: other(), channel: other() }
    }

    /// Returns the key of a cell in a table by these dimensions. All other dimensions are [`OTHER`].
    pub(super) fn of(by: &[By], labels: &[Label]) -> Self {
        let mut key = Self::other();
        for (by, label) in by.iter().zip(labels) {
            match by {
                By::Service => key.service = service(label),
                By::Country => key.country = country(label),
                By::Channel => key.channel = channel(label),
                _ => {}
            }
        }
        key
    }

    /// Returns the key of the cell by these dimensions that includes this one.
    pub(super) fn within(&self, by: &[By]) -> Self {
        let other = Self::other();
        let of = |dimension, label: &Label, other: Label| {
            if by.contains(&dimension) { label.clone() } else { other }
        };
        Self {
            service: of(By::Service, &self.service, other.service),
            country: of(By::Country, &self.country, other.country),
            channel: of(By::Channel, &self.channel, other.channel),
        }
    }
}

fn service(label: &Label) -> Label {
    let is_sid = |text: &str| {
        text.len() <= 64
            && text
                .strip_prefix("VA")
                .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    shown(label, is_sid)
}

fn country(label: &Label) -> Label {
    shown(label, |text| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Returns the label of a channel. It may be newer than this program, but a text with more than
/// [`DIGITS`] digits in a row is not a channel.
fn channel(label: &Label) -> Label {
    shown(label, |text| {
        let mut parts = text.split(|character: char| !character.is_ascii_digit());
        text.len() <= 32
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
            && parts.all(|digits| digits.len() <= DIGITS)
    })
}

fn shown(label: &Label, is_valid: impl Fn(&str) -> bool) -> Label {
    match label.as_str() {
        None => NONE.into(),
        Some(text) if is_valid(text) => label.clone(),
        Some(_) => OTHER.into(),
    }
}

/// The attempts of a service, country and channel.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) key: Key,
    pub(super) counts: Counts,
    /// The unconverted attempts beyond what is usual, if that is known.
    pub(super) excess: Option<f64>,
}

/// The attempts of a window.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// The value of its label.
    pub(super) name: String,
    pub(super) end: DateTime<Utc>,
    /// The number of dimensions it is broken down by.
    pub(super) dimensions: usize,
    /// The cells, sorted by key.
    pub(super) cells: Vec<Cell>,
    /// The number of cells that are summed in the cell of [`Key::other`].
    pub(super) folded: usize,
    /// The number of attempts that Twilio counts.
    pub(super) whole: u64,
    /// How much the cells differ from what Twilio counts.
    pub(super) difference: u64,
}

/// The attempts that a scrape shows.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    /// The start of its renewal.
    pub(super) began: Instant,
    pub(super) windows: Vec<Window>,
    /// The start of the hours from which it is known what is usual.
    pub(super) usual_from: Option<DateTime<Utc>>,
}

/// Returns the cells of a table by key. Attempts that are in no cell are added to [`Key::other`].
pub(super) fn cells(table: &Table) -> BTreeMap<Key, Counts> {
    let mut cells: BTreeMap<Key, Counts> = BTreeMap::new();
    for (labels, counts) in table.cells().filter(|(_, counts)| counts.attempts > 0) {
        *cells.entry(Key::of(table.by(), labels)).or_default() += counts;
    }
    let mut rest = table.other().clone();
    rest += &Counts::new(table.unreadable(), 0, 0);
    if rest.attempts > 0 {
        *cells.entry(Key::other()).or_default() += &rest;
    }
    cells
}

/// Keeps at most `most` cells in all windows, those with the most attempts, and sums the others.
pub(super) fn fold(windows: &mut [Window], most: usize) {
    let mut order: Vec<&mut Window> = windows.iter_mut().collect();
    order.sort_by_key(|window| window.cells.len());
    let (mut left, mut count) = (most, order.len());
    for window in order {
        // Larger windows get what smaller ones don't need.
        let share = left / count.max(1);
        window.fold(share.max(1));
        left = left.saturating_sub(window.cells.len());
        count -= 1;
    }
}

impl Window {
    fn fold(&mut self, most: usize) {
        if self.cells.len() <= most {
            return;
        }
        let (mut rest, mut cells): (Vec<Cell>, Vec<Cell>) =
            std::mem::take(&mut self.cells).into_iter().partition(|cell| cell.key == Key::other());
        cells.sort_by(|a, b| {
            (Reverse(a.counts.attempts), &a.key).cmp(&(Reverse(b.counts.attempts), &b.key))
        });
        let folded = cells.split_off(most.saturating_sub(1).min(cells.len()));
        self.folded = folded.len();
        rest.extend(folded);
        let mut other = Cell { key: Key::other(), counts: Counts::default(), excess: Some(0.0) };
        for cell in rest {
            other.counts += &cell.counts;
            other.excess = other.excess.zip(cell.excess).map(|(sum, excess)| sum + excess);
        }
        cells.push(other);
        cells.sort_by(|a, b| a.key.cmp(&b.key));
        self.cells = cells;
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use twilio_verify_insights::{By, Counts, Label, Table};

    use super::{Cell, Key, Window, cells, fold};

    const BY: [By; 3] = [By::Service, By::Country, By::Channel];

    fn key(service: &str, country: &str, channel: &str) -> Key {
        let label = |text: &str| match text {
            "" => Label::NONE,
            text => text.into(),
        };
        Key::of(&BY, &[service, country, channel].map(label))
    }

    fn texts(key: &Key) -> [String; 3] {
        [&key.service, &key.country, &key.channel].map(ToString::to_string)
    }

    #[test]
    fn labels_say_what_is_missing_and_hold_no_number() {
        assert_eq!(texts(&key("VA01", "CO", "sms")), ["VA01", "CO", "sms"]);
        assert_eq!(texts(&key("VA01", "", "email")), ["VA01", "none", "email"]);
        for number in ["+573003003030", "573003003030", "x573003003030", "a b", "é"] {
            assert_eq!(texts(&key(number, number, number)), ["other"; 3], "{number}");
        }
        assert_eq!(texts(&key("VA01", "CO", "sms-12345678")), ["VA01", "CO", "sms-12345678"]);
        assert_eq!(texts(&key("VA01", "CO", "sms-123456789")), ["VA01", "CO", "other"]);
        assert_eq!(
            texts(&key("VA01", "CO", "sms").within(&[By::Country])),
            ["other", "CO", "other"]
        );
    }

    #[test]
    fn what_is_in_no_cell_of_a_table_is_other() {
        let mut table = Table::new(BY);
        let labels = ["VA01", "CO", "sms"].map(Label::from);
        table.add(labels, &Counts::new(10, 7, 3)).unwrap();
        table.add(["+573003003030", "CO", "sms"].map(Label::from), &Counts::new(1, 0, 1)).unwrap();
        table.add_other(&Counts::new(5, 1, 4));
        table.add_unreadable(2);
        let cells = cells(&table);
        assert_eq!(cells.get(&Key::other()), Some(&Counts::new(7, 1, 4)));
        assert_eq!(cells.values().map(|counts| counts.attempts).sum::<u64>(), 18);
    }

    fn window(sizes: impl IntoIterator<Item = u64>) -> Window {
        let cell = |(index, attempts): (usize, u64)| Cell {
            key: key(&format!("VA{index:02}"), "CO", "sms"),
            counts: Counts::new(attempts, 1, attempts - 1),
            excess: Some(1.0),
        };
        Window {
            name: String::new(),
            end: Utc::now(),
            dimensions: 3,
            cells: sizes.into_iter().enumerate().map(cell).collect(),
            folded: 0,
            whole: 0,
            difference: 0,
        }
    }

    #[test]
    fn the_largest_cells_stay_and_the_rest_is_summed() {
        let mut windows = [window([5, 90, 7, 80, 6]), window([3])];
        fold(&mut windows, 4);
        let [large, small] = windows;
        assert_eq!((small.cells.len(), small.folded), (1, 0));
        assert_eq!((large.cells.len(), large.folded), (3, 3));
        let other = large.cells.last().unwrap();
        assert_eq!(other.key, Key::other());
        assert_eq!(other.counts, Counts::new(18, 3, 15));
        assert_eq!(other.excess, Some(3.0));
        let total: u64 = large.cells.iter().map(|cell| cell.counts.attempts).sum();
        assert_eq!(total, 188);
    }

    #[test]
    fn an_excess_that_is_not_known_of_a_part_is_not_known_of_the_sum() {
        let mut windows = [window([5, 90, 7])];
        windows[0].cells[0].excess = None;
        fold(&mut windows, 2);
        let [window] = windows;
        assert_eq!(window.cells.len(), 2);
        assert_eq!(window.cells.last().unwrap().excess, None);
    }

    #[test]
    fn what_was_other_before_stays_in_the_sum() {
        let mut windows = [window([5, 90, 7])];
        let other = Cell { key: Key::other(), counts: Counts::new(4, 4, 0), excess: Some(0.0) };
        windows[0].cells.push(other);
        fold(&mut windows, 2);
        let [window] = windows;
        assert_eq!((window.cells.len(), window.folded), (2, 2));
        assert_eq!(window.cells.last().unwrap().counts, Counts::new(16, 6, 10));
        fold(&mut [window.clone()], 1);
    }
}
