//! The shape of a resource: its name in the plural, its fields, and the
//! columns of its table.

use schemars::JsonSchema;
use serde::Serialize;

use super::column::Column;
use super::fields::{self, Fields};

/// A resource of the API whose type defines its shape.
pub(crate) trait Resource: Serialize + JsonSchema {
    /// The name of a list of these resources, in JSON.
    const PLURAL: &'static str;
    /// The columns of a table. They are also the first columns of csv and tsv.
    const COLUMNS: &'static [Column];
}

/// The shape of a resource.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// The name of a list of these resources, in JSON.
    pub(super) plural: &'static str,
    /// The columns of a table.
    pub(super) columns: Vec<Column>,
    /// The paths of all fields, those of the table first.
    pub(super) paths: Vec<String>,
    /// The paths of the fields that are objects with any fields.
    pub(super) maps: Vec<String>,
    /// The properties that were chosen; `None` if all are shown.
    pub(super) chosen: Option<Vec<String>>,
}

impl Shape {
    /// Returns the shape of a type.
    pub(crate) fn of<T: Resource>() -> Self {
        Self::new(T::PLURAL, T::COLUMNS.to_vec(), fields::of_type::<T>())
    }

    /// Adds a field at the end.
    #[cfg(feature = "archive")]
    #[must_use]
    pub(crate) fn and(mut self, path: &str) -> Self {
        self.paths.push(path.to_owned());
        self
    }

    /// Creates a shape, with the fields of the table first.
    pub(crate) fn new(plural: &'static str, columns: Vec<Column>, fields: Fields) -> Self {
        let Fields { paths: mut rest, maps } = fields;
        let mut paths = Vec::with_capacity(rest.len());
        for column in &columns {
            let (named, others): (Vec<_>, Vec<_>) =
                rest.into_iter().partition(|path| fields::is_within(path, &column.path));
            rest = others;
            paths.extend(named);
        }
        paths.extend(rest);
        Self { plural, columns, paths, maps, chosen: None }
    }

    /// Returns the plural, for people.
    pub(super) fn words(&self) -> String {
        self.plural.replace('_', " ")
    }

    /// Returns the names of the top-level fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(|path| path.split('.').next().unwrap_or(path))
    }
}

#[cfg(test)]
mod tests {
    use twilio_verify::Attempt;

    use super::Shape;

    #[test]
    fn all_fields_of_a_resource_are_found_those_of_the_table_first() {
        let shape = Shape::of::<Attempt>();
        assert_eq!(shape.maps, [] as [&str; 0]);
        assert_eq!(
            shape.paths[..9],
            [
                "date_created",
                "channel",
                "channel_data.to",
                "channel_data.country",
                "conversion_status",
                "price.currency",
                "price.value",
                "sid",
                "account_sid",
            ]
        );
        for path in ["channel_data.message_status", "channel_data.carrier", "url"] {
            assert!(shape.paths.iter().any(|own| own == path), "{path}");
        }
        let mut unique = shape.paths.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), shape.paths.len());
        assert!(shape.names().any(|name| name == "channel_data"));
    }
}
