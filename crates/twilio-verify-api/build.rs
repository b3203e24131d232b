//! Generates the client from `openapi/` into `OUT_DIR/verify_v2`.

use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

use twilio_verify_codegen::{Input, Unmatched, generate};

fn main() -> Result<(), Box<dyn Error>> {
    let document = read("openapi/verify_v2.json")?;
    let overlay = read("openapi/overlay.json")?;
    let generated = generate(&Input::new(&document).overlay(&overlay, Unmatched::Error))?;
    let folder = PathBuf::from(env::var("OUT_DIR")?).join("verify_v2");
    // Files of an earlier run, of tags that are gone.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for (name, code) in generated.files {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().unwrap_or(&folder))?;
        fs::write(file, code)?;
    }
    Ok(())
}

fn read(name: &str) -> Result<String, Box<dyn Error>> {
    let path = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}
