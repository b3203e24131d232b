//! Builds the table from the counts.

use chrono::NaiveDate;
use hashbrown::HashMap;
use rust_decimal::Decimal;
use twilio_verify_insights::{By, Cost, Counts, Currency, Label, Table};

use crate::breakdown::cells::{Cell, Exact};
use crate::breakdown::layout::{Layout, OTHER};
use crate::breakdown::prefix;
use crate::breakdown::scan::{Counted, Shared};
use crate::error::ArchiveError;

/// A dimension in the keys of the table. Its numbers sort as its labels do.
enum Part {
    Texts {
        /// The rank of each label, by its number during counting.
        ranks: Vec<u64>,
        labels: Vec<Label>,
    },
    Dates {
        labels: Vec<Label>,
        /// The labels of a day: 24 for hours, 1 for days.
        steps: u64,
    },
    Prefix(u8),
}

impl Part {
    fn texts(texts: &[Box<str>]) -> Self {
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|index| &texts[*index]);
        let mut ranks = vec![0; texts.len() + 1];
        let mut labels = vec![Label::NONE];
        for (rank, index) in (1..).zip(order) {
            ranks[index + 1] = rank;
            labels.push(Label::from(&*texts[index]));
        }
        Self::Texts { ranks, labels }
    }

    fn days(days: &[NaiveDate]) -> Self {
        let label = |day: &NaiveDate| Label::from(day.format("%Y-%m-%d").to_string());
        Self::Dates { labels: days.iter().map(label).collect(), steps: 1 }
    }

    fn hours(days: &[NaiveDate]) -> Self {
        let hours = days.iter().flat_map(|day| (0..24).map(move |hour| (day, hour)));
        let label = |(day, hour): (&NaiveDate, u8)| {
            Label::from(format!("{}T{hour:02}", day.format("%Y-%m-%d")))
        };
        Self::Dates { labels: hours.map(label).collect(), steps: 24 }
    }

    /// Returns how many ranks there are.
    fn room(&self) -> u64 {
        match self {
            Self::Texts { labels, .. } | Self::Dates { labels, .. } => labels.len() as u64,
            Self::Prefix(digits) => prefix::codes(*digits),
        }
    }

    /// Returns the rank of a number that was counted in the file of a day.
    fn rank(&self, id: u64, day: usize) -> u64 {
        match self {
            Self::Texts { ranks, .. } => at(ranks, id).copied().unwrap_or_default(),
            Self::Dates { steps, .. } => day as u64 * steps + id,
            Self::Prefix(_) => id,
        }
    }

    fn label(&self, rank: u64) -> Label {
        match self {
            Self::Texts { labels, .. } | Self::Dates { labels, .. } => {
                at(labels, rank).cloned().unwrap_or_default()
            }
            Self::Prefix(digits) => prefix::text(rank, *digits).into(),
        }
    }
}

fn at<T>(items: &[T], index: u64) -> Option<&T> {
    items.get(usize::try_from(index).ok()?)
}

/// The cells of a table that is being built.
struct Sorted {
    parts: Vec<Part>,
    currencies: Vec<Option<Currency>>,
    layout: Layout,
    /// Sorted, with the currency as the last part, so that cells with the same labels are adjacent.
    cells: Vec<(u128, Cell)>,
    /// The exact costs, by key without currency.
    exact: HashMap<u128, Vec<(Currency, Cost)>>,
}

/// Builds the table. `days` are the sorted days of the files.
pub(crate) fn tabulate(
    shared: &Shared<'_>,
    days: &[NaiveDate],
    counted: Vec<Counted>,
) -> Result<Table, ArchiveError> {
    let by = &shared.query.by;
    let parts = by.iter().zip(&shared.labels).map(|(by, labels)| match by {
        By::Day => Part::days(days),
        By::Hour => Part::hours(days),
        By::Prefix(digits) => Part::Prefix(*digits),
        _ => Part::texts(&labels.texts()),
    });
    let parts: Vec<Part> = parts.collect();
    let currencies = shared.currencies.texts();
    let rooms = parts.iter().map(Part::room).chain([currencies.len() as u64 + 1]);
    let layout = Layout::new(&rooms.collect::<Vec<_>>()).ok_or(TOO_MANY)?;
    let mut sorted = Sorted {
        parts,
        currencies: currencies.iter().map(|text| text.parse().ok()).collect(),
        layout,
        cells: Vec::with_capacity(counted.iter().map(|counted| counted.cells.len()).sum()),
        exact: HashMap::new(),
    };
    for counted in counted {
        sorted.add(counted);
    }
    sorted.cells.sort_unstable_by_key(|(key, _)| *key);
    sorted.table(by)
}

const TOO_MANY: ArchiveError =
    ArchiveError::Dimensions("they have too many values to be combined; leave one out");

impl Sorted {
    fn add(&mut self, counted: Counted) {
        let Counted { day, layout, cells, exact } = counted;
        let parts = self.parts.len();
        let key = |key: u128| {
            if key & OTHER != 0 {
                return OTHER | u128::from(layout.get(key, parts));
            }
            let ranks = self.parts.iter().enumerate().map(|(index, part)| {
                let rank = part.rank(layout.get(key, index), day);
                u128::from(rank) << self.layout.shift(index)
            });
            ranks.fold(u128::from(layout.get(key, parts)), |key, rank| key | rank)
        };
        let exact: Vec<_> = exact.into_iter().map(|it| Exact { key: key(it.key), ..it }).collect();
        self.cells.extend(cells.into_iter().map(|(old, cell)| (key(old), cell)));
        for Exact { key, price, priced } in exact {
            if let Some(currency) = self.currency(key) {
                let costs = self.exact.entry(self.labels(key)).or_default();
                costs.push((currency, Cost::new(price, priced)));
            }
        }
    }

    fn table(&self, by: &[By]) -> Result<Table, ArchiveError> {
        let end = self.cells.partition_point(|(key, _)| key & OTHER == 0);
        let (cells, other) = self.cells.split_at(end);
        let groups =
            || cells.chunk_by(|(one, _), (next, _)| self.labels(*one) == self.labels(*next));
        let cells = Counting { left: groups().count(), items: groups() }.map(|group| {
            let key = group.first().map_or(0, |(key, _)| *key);
            let label =
                move |(index, part): (usize, &Part)| part.label(self.layout.get(key, index));
            (self.parts.iter().enumerate().map(label), self.counts(group))
        });
        // Each cell has a label for each dimension.
        let table = Table::from_cells(by.iter().copied(), cells);
        let mut table = table.map_err(|_| ArchiveError::Dimensions("they don't fit the cells"))?;
        table.add_other(&self.counts(other));
        Ok(table)
    }

    /// Returns the key without its currency.
    fn labels(&self, key: u128) -> u128 {
        match self.parts.len() {
            0 => 0,
            parts => key >> self.layout.shift(parts - 1).min(127),
        }
    }

    fn currency(&self, key: u128) -> Option<Currency> {
        let currency = self.layout.get(key, self.parts.len()).checked_sub(1)?;
        at(&self.currencies, currency).copied().flatten()
    }

    fn counts(&self, cells: &[(u128, Cell)]) -> Counts {
        let mut counts = Counts::default();
        for (key, cell) in cells {
            counts.attempts += cell.attempts;
            counts.converted += cell.converted;
            counts.unconverted += cell.unconverted;
            if let Some(currency) = self.currency(*key) {
                let sum = Decimal::new(cell.price, 6).normalize();
                counts.cost.add(currency, &Cost::new(sum, cell.attempts));
            }
        }
        if let Some((key, _)) = cells.first()
            && let Some(costs) = self.exact.get(&self.labels(*key))
        {
            for (currency, cost) in costs {
                counts.cost.add(*currency, cost);
            }
        }
        counts
    }
}

/// An iterator with a known length, so that the table allocates no more than it needs.
struct Counting<I> {
    items: I,
    left: usize,
}

impl<I: Iterator> Iterator for Counting<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.left = self.left.saturating_sub(1);
        self.items.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}
