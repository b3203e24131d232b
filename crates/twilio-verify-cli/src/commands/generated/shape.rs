//! Determines the shape of an operation's response in the output.

use crate::operations::operation::{Kind, Response, Shown};
use crate::output::column::{self, Column};
use crate::output::fields::{Fields, is_own_url};
use crate::output::shape::Shape;

/// Returns the shape of the resource of a response, or of a resource in its list.
pub(super) fn shape(response: &'static Response) -> Shape {
    let shown = response.columns.iter().filter(|shown| !is_own_url(&shown.field));
    Shape::new(
        response.list.as_deref().unwrap_or_default(),
        Column::ordered(shown.map(column).collect()),
        Fields { paths: response.fields.clone(), maps: response.maps.clone() },
    )
}

fn column(shown: &'static Shown) -> Column {
    let name = shown.field.replace('_', " ").to_uppercase();
    let (heading, kind) = match shown.kind {
        Kind::Instant => {
            let name = name.strip_prefix("DATE ").unwrap_or(&name);
            (name.to_owned(), column::Kind::Date)
        }
        Kind::List(_) | Kind::Json => (name, column::Kind::List),
        _ if name == "STATUS" => (name, column::Kind::Status),
        _ => (name, column::Kind::Text),
    };
    Column::named(heading, shown.field.clone(), kind)
}
