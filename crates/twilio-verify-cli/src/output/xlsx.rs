//! Writes workbooks for spreadsheets.
//!
//! Unlike in csv, cells have a type: `+573003003030` and a code are texts, a formula is a text that
//! is never run, dates are dates and prices are numbers.

use std::io::Write;

use chrono::{DateTime, Datelike, Timelike, Utc};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;
use twilio_verify::parse_date;

use super::fields;
use super::shape::Shape;
use crate::failure::report::Failure;
use crate::values::zone::Zone;

/// The most rows of a sheet: 2^20.
const ROWS: u32 = 1 << 20;

/// The most characters of a cell.
const CHARACTERS: usize = 32_767;

/// The type of the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Date,
    Number,
}

/// A workbook that is being written row by row. The rows are kept in a temporary file.
pub(crate) struct Book {
    workbook: Workbook,
    columns: Vec<(String, Kind)>,
    zone: Zone,
    name: String,
    /// The number of sheets.
    sheets: usize,
    /// The next row of the last sheet.
    row: u32,
    /// The most rows of a sheet.
    rows: u32,
    dates: Format,
}

impl Book {
    /// Begins a workbook, with a header of the fields' paths.
    pub(crate) fn begin(shape: &Shape, zone: Zone) -> Result<Self, Failure> {
        Self::with_rows(shape, zone, ROWS)
    }

    fn with_rows(shape: &Shape, zone: Zone, rows: u32) -> Result<Self, Failure> {
        let columns = shape.paths.iter().map(|path| (path.clone(), kind(path))).collect();
        let mut book = Self {
            workbook: Workbook::new(),
            columns,
            zone,
            name: shape.words(),
            sheets: 0,
            row: 0,
            rows,
            dates: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        };
        book.sheet().map_err(failure)?;
        Ok(book)
    }

    /// Adds a sheet.
    fn sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let name = match self.sheets {
            1 => self.name.clone(),
            number => format!("{} {number}", self.name),
        };
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = Format::new().set_bold();
        for (column, (path, kind)) in (0..).zip(&self.columns) {
            let width = match kind {
                Kind::Date => 20.0,
                Kind::Number => 12.0,
                Kind::Text if path.ends_with("sid") => 38.0,
                Kind::Text => 16.0,
            };
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, path, &bold)?;
        }
        self.row = 1;
        Ok(())
    }

    /// Writes a row. A value that is null or missing is empty.
    pub(crate) fn row(&mut self, resource: &Value) -> Result<(), Failure> {
        self.write(resource).map_err(failure)
    }

    fn write(&mut self, resource: &Value) -> Result<(), XlsxError> {
        if self.row == self.rows {
            self.sheet()?;
        }
        let Self { workbook, columns, zone, sheets, row, dates, .. } = self;
        let sheet = workbook.worksheet_from_index(sheets.saturating_sub(1))?;
        for (column, (path, kind)) in (0..).zip(columns) {
            if let Some(value) = fields::value(resource, path) {
                let text = fields::text(value);
                cell(sheet, (*row, column), *kind, &text, *zone, dates)?;
            }
        }
        *row += 1;
        Ok(())
    }

    /// Writes the workbook.
    pub(crate) fn finish(mut self, out: impl Write + Send) -> Result<(), Failure> {
        self.workbook.save_to_writer(out).map_err(failure)
    }
}

fn cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    kind: Kind,
    text: &str,
    zone: Zone,
    dates: &Format,
) -> Result<(), XlsxError> {
    let number = || text.parse::<f64>().ok().filter(|number| number.is_finite());
    match kind {
        Kind::Date => {
            if let Some(date) = parse_date(text).and_then(|date| date_of(date, zone)) {
                return sheet.write_datetime_with_format(row, column, &date, dates).map(drop);
            }
        }
        Kind::Number => {
            if let Some(number) = number() {
                return sheet.write_number(row, column, number).map(drop);
            }
        }
        Kind::Text => {}
    }
    let text: String = text.chars().take(CHARACTERS).collect();
    sheet.write_string(row, column, text).map(drop)
}

/// Converts a date to a spreadsheet's date. Returns `None` before 1900, which spreadsheets don't
/// support.
fn date_of(date: DateTime<Utc>, zone: Zone) -> Option<ExcelDateTime> {
    let date = zone.wall(date);
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    let (hour, minute) = (u16::try_from(date.hour()).ok()?, u8::try_from(date.minute()).ok()?);
    ExcelDateTime::from_ymd(year, month, day)
        .and_then(|excel| excel.and_hms(hour, minute, date.second()))
        .ok()
}

fn kind(path: &str) -> Kind {
    let name = path.rsplit('.').next().unwrap_or(path);
    match name {
        _ if name.starts_with("date_") => Kind::Date,
        _ if path == "price.value" => Kind::Number,
        _ => Kind::Text,
    }
}

fn failure(error: XlsxError) -> Failure {
    match error {
        XlsxError::IoError(error) => Failure::from(error),
        error => Failure::other(format!("the workbook can't be written: {error}")),
    }
}
