//! The schema of a file.

use std::sync::{Arc, LazyLock};

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::rows::columns::TEXTS;

/// The version of the schema. Changing a column's name, type or meaning needs a new version.
pub(crate) const VERSION: u32 = 1;

/// The number of digits of a price; [`SCALE`] of them follow the decimal point.
pub(crate) const PRECISION: u8 = 18;
pub(crate) const SCALE: i8 = 6;

pub(crate) const SID: &str = "sid";
pub(crate) const DATE_CREATED: &str = "date_created";
pub(crate) const DATE_UPDATED: &str = "date_updated";
pub(crate) const CODE_LENGTH: &str = "code_length";
pub(crate) const PRICE: &str = "price";
/// The price as text, where the column `price` can't hold it exactly.
pub(crate) const PRICE_EXACT: &str = "price_exact";

pub(crate) const ZONE: &str = "UTC";

/// Returns the type of a text column with a dictionary.
pub(crate) fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// The schema of a file, in the order of the columns.
pub(crate) static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    // Not in seconds: Parquet has no such type, and readers would see integers.
    let timestamp = DataType::Timestamp(TimeUnit::Millisecond, Some(ZONE.into()));
    let mut fields = vec![
        Field::new(SID, DataType::Utf8, false),
        Field::new(DATE_CREATED, timestamp.clone(), false),
        Field::new(DATE_UPDATED, timestamp, true),
    ];
    fields.extend(TEXTS.iter().map(|column| {
        let kind = if column.repeated { dictionary() } else { DataType::Utf8 };
        Field::new(column.name, kind, true)
    }));
    fields.extend([
        Field::new(CODE_LENGTH, DataType::Int64, true),
        Field::new(PRICE, DataType::Decimal128(PRECISION, SCALE), true),
        Field::new(PRICE_EXACT, DataType::Utf8, true),
    ]);
    Arc::new(Schema::new(fields))
});
