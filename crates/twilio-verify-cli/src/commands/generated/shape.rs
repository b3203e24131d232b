//! What a response of an operation looks like, in the output.

use crate::operations::operation::{Kind, Response, Shown};
use crate::output::column::{self, Column};
use crate::output::shape::Shape;

/// What the resource of a response, or a listed one, looks like.
pub(super) fn shape(response: &'static Response) -> Shape {
    let last = response.columns.len().saturating_sub(1);
    let columns = response.columns.iter().enumerate().map(|(index, shown)| {
        let column = column(shown);
        match u8::try_from(last - index.min(last)) {
            // The first one and the last one are always shown.
            Ok(order) if index > 0 && order > 0 => column.spare(order),
            _ => column,
        }
    });
    Shape::new(
        response.list.as_deref().unwrap_or_default(),
        columns.collect(),
        response.fields.clone(),
    )
}

fn column(shown: &'static Shown) -> Column {
    let name = shown.field.replace('_', " ").to_uppercase();
    let (heading, kind) = match shown.kind {
        Kind::Instant => {
            let name = name.strip_prefix("DATE ").unwrap_or(&name);
            (format!("{name} (UTC)"), column::Kind::Date)
        }
        Kind::List(_) | Kind::Json => (name, column::Kind::List),
        _ if name == "STATUS" => (name, column::Kind::Status),
        _ => (name, column::Kind::Text),
    };
    Column::headed(heading, &shown.field, kind)
}
