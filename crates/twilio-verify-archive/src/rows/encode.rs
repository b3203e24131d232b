//! Encodes rows into columns.

use std::sync::Arc;

use arrow_array::builder::{StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow_schema::ArrowError;
use rust_decimal::Decimal;

use crate::rows::columns::{TEXTS, TextColumn};
use crate::rows::row::Row;
use crate::rows::schema::{PRECISION, SCALE, SCHEMA, ZONE};

/// Encodes rows into columns.
pub(crate) fn encode(rows: &[Row]) -> Result<RecordBatch, ArrowError> {
    let created = rows.iter().map(|row| Some(row.date_created.timestamp_millis()));
    let updated = rows.iter().map(|row| row.date_updated.map(|date| date.timestamp_millis()));
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| &row.sid))),
        Arc::new(TimestampMillisecondArray::from_iter(created).with_timezone(ZONE)),
        Arc::new(TimestampMillisecondArray::from_iter(updated).with_timezone(ZONE)),
    ];
    for column in TEXTS {
        columns.push(texts(column, rows)?);
    }
    columns.push(Arc::new(rows.iter().map(|row| row.code_length).collect::<Int64Array>()));
    let prices = rows.iter().map(|row| row.price.and_then(fixed)).collect::<Decimal128Array>();
    columns.push(Arc::new(prices.with_precision_and_scale(PRECISION, SCALE)?));
    let exact = rows.iter().map(|row| {
        let price = row.price.filter(|price| !is_exact(*price))?;
        Some(price.to_string())
    });
    columns.push(Arc::new(exact.collect::<StringArray>()));
    RecordBatch::try_new(Arc::clone(&SCHEMA), columns)
}

fn texts(column: &TextColumn, rows: &[Row]) -> Result<ArrayRef, ArrowError> {
    if column.repeated {
        let mut builder = StringDictionaryBuilder::<Int32Type>::new();
        for row in rows {
            match (column.get)(row) {
                Some(text) => {
                    builder.append(text)?;
                }
                None => builder.append_null(),
            }
        }
        return Ok(Arc::new(builder.finish()));
    }
    let mut builder = StringBuilder::new();
    for row in rows {
        builder.append_option((column.get)(row));
    }
    Ok(Arc::new(builder.finish()))
}

/// Returns the price in millionths, rounded half up; `None` if it has too many digits.
fn fixed(price: Decimal) -> Option<i128> {
    let mut rounded = price;
    // This also adds digits, if they fit.
    rounded.rescale(u32::from(SCALE.unsigned_abs()));
    let mantissa = rounded.mantissa();
    let fits = rounded.scale() == u32::from(SCALE.unsigned_abs())
        && mantissa.unsigned_abs() < 10_u128.pow(u32::from(PRECISION));
    fits.then_some(mantissa)
}

/// Whether the column holds the price exactly.
fn is_exact(price: Decimal) -> bool {
    let scale = u32::from(SCALE.unsigned_abs());
    fixed(price).is_some_and(|fixed| {
        Decimal::try_from_i128_with_scale(fixed, scale).is_ok_and(|held| held == price)
    })
}

#[cfg(test)]
mod tests {
    use super::{fixed, is_exact};

    #[test]
    fn prices() {
        for (price, millionths, exact) in [
            ("0.05", Some(50_000), true),
            ("-0.0079", Some(-7_900), true),
            ("0", Some(0), true),
            ("0.0000005", Some(1), false),
            ("0.1234567", Some(123_457), false),
            ("999999999999.999999", Some(999_999_999_999_999_999), true),
            ("1000000000000", None, false),
            ("79228162514264337593543950335", None, false),
        ] {
            let price = price.parse().unwrap();
            assert_eq!((fixed(price), is_exact(price)), (millionths, exact), "{price}");
        }
    }
}
