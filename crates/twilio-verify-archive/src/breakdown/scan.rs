//! Counts the rows of files.

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::ArrowError;
use rust_decimal::Decimal;
use twilio_verify_insights::Currency;

use crate::breakdown::cells::{Cell, Cells, Exact};
use crate::breakdown::columns::Lookup;
use crate::breakdown::keep::{Keep, KeepFault};
use crate::breakdown::labels::Labels;
use crate::breakdown::layout::{Layout, OTHER};
use crate::breakdown::prefix;
use crate::breakdown::query::{CONVERSION, CURRENCY, DESTINATION, Query, filter};
use crate::breakdown::values::Values;
use crate::error::ArchiveError;
use crate::files::day::DayFile;
use crate::numbers::numbers::NumbersMode;
use crate::rows::decode::{column, price, wrong};
use crate::rows::schema::{PRICE, PRICE_EXACT};

/// The data that all threads share: the label numbers of each dimension and of the currency.
pub(crate) struct Shared<'a> {
    pub(crate) query: &'a Query,
    pub(crate) labels: Vec<Labels>,
    pub(crate) currencies: Labels,
}

/// The counts of one file.
pub(crate) struct Counted {
    /// The index of the file's day among the counted days.
    pub(crate) day: usize,
    pub(crate) layout: Layout,
    pub(crate) cells: Vec<(u128, Cell)>,
    pub(crate) exact: Vec<Exact>,
}

/// Counts the row groups of one thread.
pub(crate) struct Scan<'a> {
    shared: &'a Shared<'a>,
    keep: Keep<'a>,
    values: Vec<Values>,
    currencies: Lookup,
    conversions: Lookup,
    layout: Layout,
    cells: Cells,
    exact: Vec<Exact>,
    keys: Vec<u128>,
    ids: Vec<u64>,
    converted: Vec<u32>,
}

/// A row group of a file, and the columns to read.
pub(crate) struct Place<'a> {
    pub(crate) file: &'a DayFile,
    pub(crate) group: usize,
    pub(crate) columns: &'a [&'static str],
}

impl<'a> Scan<'a> {
    pub(crate) fn new(shared: &'a Shared<'a>) -> Self {
        let dimensions = shared.query.by.len();
        Self {
            shared,
            keep: Keep::new(shared.query),
            values: (0..dimensions).map(|_| Values::default()).collect(),
            currencies: Lookup::default(),
            conversions: Lookup::default(),
            // Parts of zero bits, which always fit.
            layout: Layout::new(&vec![1; dimensions + 1]).unwrap_or_default(),
            cells: Cells::default(),
            exact: Vec::new(),
            keys: Vec::new(),
            ids: Vec::new(),
            converted: Vec::new(),
        }
    }

    /// Counts a row group.
    pub(crate) fn group(&mut self, place: &Place<'_>) -> Result<(), ArchiveError> {
        let Place { file, group, columns } = place;
        let mut too_short = false;
        let mut too_many = false;
        let scanned = file.scan(*group, columns, |batch| match self.batch(file, batch) {
            Ok(()) => Ok(()),
            Err(Fault::Arrow(error)) => Err(error),
            Err(Fault::Digits) => {
                too_short = true;
                Err(wrong(DESTINATION))
            }
            Err(Fault::TooMany) => {
                too_many = true;
                Err(wrong(DESTINATION))
            }
        });
        if too_short {
            let what = filter(self.shared.query.prefix.as_deref().unwrap_or_default());
            return Err(ArchiveError::Digits { what, kept: file.label.digits.unwrap_or_default() });
        }
        if too_many {
            return Err(ArchiveError::Dimensions(
                "they have too many values to be combined; leave one out",
            ));
        }
        scanned
    }

    /// Returns the counts since the last call.
    pub(crate) fn take(&mut self, day: usize) -> Counted {
        let cells = self.cells.drain().collect();
        let exact = std::mem::take(&mut self.exact);
        Counted { day, layout: self.layout.clone(), cells, exact }
    }

    fn batch(&mut self, file: &DayFile, batch: &RecordBatch) -> Result<(), Fault> {
        let query = self.shared.query;
        let is_cut = matches!(file.label.numbers, NumbersMode::Prefix(_));
        self.keep.look(batch, query.cuts(file.label.day), is_cut)?;
        self.keys.clear();
        self.keys.resize(batch.num_rows(), 0);
        for (part, by) in query.by.iter().enumerate() {
            let Some(labels) = self.shared.labels.get(part) else { continue };
            let count = match self.values.get_mut(part) {
                Some(values) => values.look(*by, batch, &file.label, labels, &mut self.ids)?,
                None => continue,
            };
            self.widen(part, count)?;
            let shift = self.layout.shift(part);
            for (key, id) in self.keys.iter_mut().zip(&self.ids) {
                *key |= if *id == prefix::UNKNOWN { OTHER } else { u128::from(*id) << shift };
            }
        }
        self.count(batch)
    }

    /// Widens a part of the layout to hold numbers below `count`.
    fn widen(&mut self, part: usize, count: u64) -> Result<(), Fault> {
        if self.layout.room(part) >= count {
            return Ok(());
        }
        let mut counts: Vec<u64> =
            (0..=self.values.len()).map(|part| self.layout.room(part)).collect();
        // Twice the need, so that widening is rare.
        counts[part] = count.saturating_mul(2);
        let wider = Layout::new(&counts).ok_or(Fault::TooMany)?;
        let old = std::mem::replace(&mut self.layout, wider);
        let widen = |key: u128| old.widen(key, &self.layout);
        self.cells = self.cells.drain().map(|(key, cell)| (widen(key), cell)).collect();
        for exact in &mut self.exact {
            exact.key = widen(exact.key);
        }
        for key in &mut self.keys {
            *key = widen(*key);
        }
        Ok(())
    }

    fn count(&mut self, batch: &RecordBatch) -> Result<(), Fault> {
        let currency_part = self.shared.query.by.len();
        let currencies = &self.shared.currencies;
        let none = currencies.id(Currency::NONE.as_str());
        self.currencies.refresh(batch, CURRENCY, none, |text| {
            Currency::of_price(text).map_or(0, |currency| currencies.id(currency.as_str()))
        })?;
        self.widen(currency_part, currencies.len())?;
        let Self { conversions, converted, currencies, keys, cells, exact, keep, ids, .. } = self;
        conversions.refresh(batch, CONVERSION, 0, |text| match text {
            "converted" => 1,
            "unconverted" => 2,
            _ => 0,
        })?;
        converted.clear();
        converted.resize(batch.num_rows(), 0);
        conversions.each(batch, CONVERSION, |row, status| converted[row] = status)?;
        ids.clear();
        ids.resize(batch.num_rows(), 0);
        currencies.each(batch, CURRENCY, |row, currency| ids[row] = u64::from(currency))?;

        let prices = column(batch, PRICE)?;
        let prices = prices.as_primitive_opt::<Decimal128Type>().ok_or_else(|| wrong(PRICE))?;
        let texts =
            batch.column_by_name(PRICE_EXACT).and_then(|texts| texts.as_string_opt::<i32>());
        let text =
            |row: usize| texts.filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row));
        for (row, (key, converted)) in keys.iter().zip(converted.iter()).enumerate() {
            if !keep.keeps(row) {
                continue;
            }
            let key = if key & OTHER == 0 { *key } else { OTHER };
            let currency = ids[row];
            let priced = key | u128::from(currency);
            let mut add = |key: u128, price: i64| {
                let cell = cells.entry(key).or_default();
                cell.attempts += 1;
                cell.converted += u64::from(*converted == 1);
                cell.unconverted += u64::from(*converted == 2);
                match cell.price.checked_add(price) {
                    Some(sum) => cell.price = sum,
                    None => {
                        let price = Decimal::new(std::mem::replace(&mut cell.price, price), 6);
                        exact.push(Exact { key, price, priced: 0 });
                    }
                }
            };
            if let Some(text) = text(row) {
                add(key, 0);
                let price = text.parse().map_err(|_| wrong(PRICE_EXACT))?;
                if currency != 0 {
                    exact.push(Exact { key: priced, price, priced: 1 });
                }
            } else if currency == 0 || prices.is_null(row) {
                add(key, 0);
            } else if let Ok(price) = i64::try_from(prices.value(row)) {
                add(priced, price);
            } else {
                add(key, 0);
                let price = price(prices.value(row)).ok_or_else(|| wrong(PRICE))?;
                exact.push(Exact { key: priced, price, priced: 1 });
            }
        }
        Ok(())
    }
}

enum Fault {
    /// Fewer digits of a number are kept than the filter has.
    Digits,
    /// There are more labels than the keys have room for.
    TooMany,
    Arrow(ArrowError),
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Self {
        Self::Arrow(error)
    }
}

impl From<KeepFault> for Fault {
    fn from(fault: KeepFault) -> Self {
        match fault {
            KeepFault::Digits => Self::Digits,
            KeepFault::Arrow(error) => Self::Arrow(error),
        }
    }
}
