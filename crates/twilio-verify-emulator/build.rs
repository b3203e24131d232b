//! Extracts from `openapi/` what the emulator checks requests against: every operation, its parameters and its
//! body, with references resolved and without prose, into `OUT_DIR/operations.json`.

use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

use serde_json::{Map, Value, json};
use twilio_verify_codegen::build::openapi;
use twilio_verify_codegen::{Document, Unmatched, overlay};

/// The keywords of a schema that limit a value.
const KEYWORDS: [&str; 10] = [
    "enum",
    "format",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
    "type",
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = openapi(Path::new(&env::var("CARGO_MANIFEST_DIR")?));
    let mut document = Document::parse(&read(&folder.join("verify_v2.json"))?)?;
    overlay::apply(&mut document, &read(&folder.join("overlay.json"))?, Unmatched::Error)?;
    let operations: Vec<Value> = document
        .operations()
        .into_iter()
        .map(|(_, path, method, operation)| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let parameters: Vec<Value> = parameters.map(|parameter| field(&document, parameter)).collect();
            let content = operation["requestBody"]["content"].as_object();
            let body = content.and_then(|content| content.iter().next()).map(|(media_type, content)| {
                json!({ "media_type": media_type, "schema": schema(&document, &content["schema"]) })
            });
            json!({
                "id": operation["operationId"],
                "method": method.to_uppercase(),
                "path": path,
                "parameters": parameters,
                "body": body,
            })
        })
        .collect();
    let file = PathBuf::from(env::var("OUT_DIR")?).join("operations.json");
    fs::write(file, serde_json::to_string(&operations)?)?;
    Ok(())
}

fn field(document: &Document, parameter: &Value) -> Value {
    json!({
        "name": parameter["name"],
        "in": parameter["in"],
        "required": parameter["required"].as_bool().unwrap_or_default(),
        "schema": schema(document, &parameter["schema"]),
    })
}

/// A schema reduced to [`KEYWORDS`], its fields and its items.
fn schema(document: &Document, value: &Value) -> Value {
    let target = value["$ref"].as_str().and_then(|target| target.rsplit('/').next());
    if let Some(target) = target.and_then(|name| document.component(name)) {
        return schema(document, target);
    }
    let mut reduced = Map::new();
    for keyword in KEYWORDS {
        if let Some(value) = value.get(keyword) {
            reduced.insert(keyword.into(), value.clone());
        }
    }
    if let Some(items) = value.get("items") {
        reduced.insert("items".into(), schema(document, items));
    }
    if let Some(properties) = value["properties"].as_object() {
        let required = |name: &String| {
            let names = value["required"].as_array().into_iter().flatten();
            names.into_iter().any(|required| required == name)
        };
        let fields: Vec<Value> = properties
            .iter()
            .map(|(name, value)| {
                json!({ "name": name, "required": required(name), "schema": schema(document, value) })
            })
            .collect();
        reduced.insert("fields".into(), fields.into());
    }
    reduced.into()
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}
