//! Decodes columns into rows.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type, Int64Type, TimestampMillisecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::ArrowError;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::numbers::numbers::NumbersMode;
use crate::rows::columns::TEXTS;
use crate::rows::row::Row;
use crate::rows::schema::{
    CODE_LENGTH, DATE_CREATED, DATE_UPDATED, PRICE, PRICE_EXACT, SCALE, SID,
};

/// Decodes a batch, and appends its rows.
pub(crate) fn decode(
    batch: &RecordBatch,
    numbers: NumbersMode,
    rows: &mut Vec<Row>,
) -> Result<(), ArrowError> {
    let sids = column(batch, SID)?.as_string_opt::<i32>().ok_or_else(|| wrong(SID))?;
    let created = dates(batch, DATE_CREATED)?;
    let updated = dates(batch, DATE_UPDATED)?;
    let lengths = column(batch, CODE_LENGTH)?;
    let lengths = lengths.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong(CODE_LENGTH))?;
    let prices = column(batch, PRICE)?;
    let prices = prices.as_primitive_opt::<Decimal128Type>().ok_or_else(|| wrong(PRICE))?;
    let exact = column(batch, PRICE_EXACT)?;
    let exact = exact.as_string_opt::<i32>().ok_or_else(|| wrong(PRICE_EXACT))?;

    let first = rows.len();
    rows.reserve(batch.num_rows());
    for index in 0..batch.num_rows() {
        let date = date(created.value(index)).ok_or_else(|| wrong(DATE_CREATED))?;
        let mut row = Row::new(sids.value(index).into(), date, numbers);
        if updated.is_valid(index) {
            row.date_updated = date_of(updated.value(index), DATE_UPDATED)?;
        }
        row.code_length = lengths.is_valid(index).then(|| lengths.value(index));
        row.price = if exact.is_valid(index) {
            Some(exact.value(index).parse().map_err(|_| wrong(PRICE_EXACT))?)
        } else if prices.is_valid(index) {
            Some(price(prices.value(index)).ok_or_else(|| wrong(PRICE))?)
        } else {
            None
        };
        rows.push(row);
    }
    let rows = &mut rows[first..];
    for text in TEXTS {
        let values = column(batch, text.name)?;
        texts(values, text.name, |index, value| (text.set)(&mut rows[index], value))?;
    }
    Ok(())
}

/// Converts a price from millionths.
pub(crate) fn price(millionths: i128) -> Option<Decimal> {
    let scale = u32::from(SCALE.unsigned_abs());
    Decimal::try_from_i128_with_scale(millionths, scale).ok().map(|price| price.normalize())
}

fn texts(
    values: &ArrayRef,
    name: &str,
    mut set: impl FnMut(usize, &str),
) -> Result<(), ArrowError> {
    if let Some(values) = values.as_string_opt::<i32>() {
        for index in 0..values.len() {
            if values.is_valid(index) {
                set(index, values.value(index));
            }
        }
        return Ok(());
    }
    let values = values.as_dictionary_opt::<Int32Type>().ok_or_else(|| wrong(name))?;
    let texts = values.values().as_string_opt::<i32>().ok_or_else(|| wrong(name))?;
    for (index, key) in values.keys().iter().enumerate() {
        let Some(key) = key.and_then(|key| usize::try_from(key).ok()) else { continue };
        if texts.is_valid(key) {
            set(index, texts.value(key));
        }
    }
    Ok(())
}

pub(crate) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, ArrowError> {
    batch.column_by_name(name).ok_or_else(|| wrong(name))
}

type Dates = arrow_array::PrimitiveArray<TimestampMillisecondType>;

pub(crate) fn dates<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a Dates, ArrowError> {
    column(batch, name)?.as_primitive_opt().ok_or_else(|| wrong(name))
}

fn date(milliseconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(milliseconds)
}

fn date_of(milliseconds: i64, name: &str) -> Result<Option<DateTime<Utc>>, ArrowError> {
    date(milliseconds).map(Some).ok_or_else(|| wrong(name))
}

/// Returns the error for a column that is missing, or has another type or an invalid value.
pub(crate) fn wrong(name: &str) -> ArrowError {
    ArrowError::SchemaError(format!("the column {name} is not as this version writes it"))
}
