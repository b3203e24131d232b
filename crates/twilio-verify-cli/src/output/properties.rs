//! Selects the properties of `--properties`.

use serde_json::{Map, Value};

use super::column::{Column, Kind};
use super::fields;
use super::shape::Shape;
use crate::failure::report::Failure;

/// Returns the shape with only these properties, in this order. If `names` is empty, all are kept.
///
/// # Errors
///
/// Fails if there is no property with one of the names.
pub(super) fn choose(shape: &Shape, names: &[String]) -> Result<Shape, Failure> {
    if names.is_empty() {
        return Ok(shape.clone());
    }
    let mut chosen: Vec<String> = Vec::new();
    for name in names {
        let path = find(shape, name).ok_or_else(|| unknown(shape))?;
        if !chosen.contains(&path) {
            chosen.push(path);
        }
    }
    let within = |path: &String| -> Vec<String> {
        let all: Vec<String> =
            shape.paths.iter().filter(|own| fields::is_within(own, path)).cloned().collect();
        // A path within a map is not among them.
        if all.is_empty() { vec![path.clone()] } else { all }
    };
    let mut columns: Vec<Column> = Vec::new();
    for path in &chosen {
        match shape.columns.iter().find(|column| column.path == *path) {
            Some(column) => columns.push(column.clone()),
            None => columns.extend(within(path).into_iter().map(|path| column(shape, path))),
        }
    }
    let mut paths: Vec<String> = Vec::new();
    for path in chosen.iter().flat_map(within) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    Ok(Shape { columns: Column::ordered(columns), paths, chosen: Some(chosen), ..shape.clone() })
}

/// Returns the path of a name: the name itself, or its form in snake case, as
/// twilio-cli writes `dateCreated` for `date_created`.
fn find(shape: &Shape, name: &str) -> Option<String> {
    let name = name.trim();
    [name.to_owned(), snake(name)].into_iter().find(|name| {
        let mut paths = shape.paths.iter();
        let mut maps = shape.maps.iter();
        paths.any(|path| fields::is_within(path, name))
            || maps.any(|map| fields::is_within(name, map) && !name.ends_with('.'))
    })
}

fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() && !(text.is_empty() || text.ends_with(['_', '.'])) {
            text.push('_');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

fn unknown(shape: &Shape) -> Failure {
    Failure::usage(
        "--properties <NAME>: there is no property of one of these names",
        format!("the properties are: {}", shape.paths.join(", ")),
    )
}

/// Creates the column of a path that the table doesn't show by default.
fn column(shape: &Shape, path: String) -> Column {
    let heading = path.replace('_', " ").to_uppercase();
    let last = path.rsplit('.').next().unwrap_or(&path);
    let kind = match last {
        "status" => Kind::Status,
        _ if last.starts_with("date_") || last.ends_with("_date") => Kind::Date,
        _ if shape.maps.contains(&path) => Kind::List,
        _ => Kind::Text,
    };
    Column::named(heading, path, kind)
}

/// Returns a resource with only these properties. Those that it lacks are null.
pub(super) fn keep(resource: &Value, chosen: &[String]) -> Value {
    let mut kept = Map::new();
    for path in chosen {
        let value = fields::value(resource, path).cloned().unwrap_or_default();
        insert(&mut kept, path, value);
    }
    Value::Object(kept)
}

fn insert(fields: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => drop(fields.insert(path.to_owned(), value)),
        Some((name, rest)) => {
            let inner = fields.entry(name).or_insert_with(|| Map::new().into());
            // An object that was chosen as a whole already has the property.
            if let Value::Object(inner) = inner
                && !inner.contains_key(rest)
            {
                insert(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use twilio_verify::Attempt;

    use super::{choose, keep};
    use crate::output::shape::Shape;

    fn chosen(names: &[&str]) -> Option<Shape> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        choose(&Shape::of::<Attempt>(), &names).ok()
    }

    #[test]
    fn a_name_is_a_path_or_that_of_several() {
        let shape = chosen(&["sid", "price", "channel_data.country"]).unwrap();
        assert_eq!(shape.paths, ["sid", "price.currency", "price.value", "channel_data.country"]);
        let columns: Vec<&str> = shape.columns.iter().map(|column| &*column.path).collect();
        assert_eq!(columns, ["sid", "price", "channel_data.country"]);
        let twilio_cli = chosen(&["dateCreated", "channelData.messageStatus"]).unwrap();
        assert_eq!(twilio_cli.paths, ["date_created", "channel_data.message_status"]);
        assert_eq!(chosen(&["sid", "sid"]).unwrap().paths, ["sid"]);
        let twice = chosen(&["price.value", "price"]).unwrap();
        assert_eq!(twice.paths, ["price.value", "price.currency"]);
        for name in ["", "sids", "price.", "sid.x", "channel_data.nothing", "+573003003030"] {
            assert!(chosen(&["sid", name]).is_none(), "{name}");
        }
    }

    #[test]
    fn a_resource_keeps_its_form() {
        let resource = json!({"a": {"b": 1, "c": 2}, "d": 3, "e": 4});
        for (chosen, kept) in [
            (&["a.b", "d"][..], json!({"a": {"b": 1}, "d": 3})),
            (&["a", "a.b"], json!({"a": {"b": 1, "c": 2}})),
            (&["a.b", "a"], json!({"a": {"b": 1, "c": 2}})),
            (&["x", "a.x"], json!({"x": null, "a": {"x": null}})),
        ] {
            let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(keep(&resource, &chosen), kept);
        }
    }
}
