//! Extracts the operations of the document, from which the commands are made,
//! into `OUT_DIR/operations.json`.

#[path = "src/operations/extract.rs"]
mod extract;
#[path = "src/operations/names.rs"]
mod names;
#[path = "src/operations/operation.rs"]
mod operation;

use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

use twilio_verify_codegen::build::openapi;
use twilio_verify_codegen::{Document, Unmatched, overlay};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/operations");
    let folder = openapi(Path::new(&env::var("CARGO_MANIFEST_DIR")?));
    let mut document = Document::parse(&read(&folder.join("verify_v2.json"))?)?;
    overlay::apply(&mut document, &read(&folder.join("overlay.json"))?, Unmatched::Error)?;
    let operations = serde_json::to_string(&extract::operations(&document))?;
    let file = PathBuf::from(env::var("OUT_DIR")?).join("operations.json");
    fs::write(file, operations)?;
    Ok(())
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}
