//! Generates the client from `openapi/` into `OUT_DIR/verify_v2`.
//!
//! `TWILIO_VERIFY_OPENAPI` names another folder to take for `openapi/`.

use std::path::{Path, PathBuf};
use std::{env, error::Error, fs};

use twilio_verify_codegen::build::openapi;
use twilio_verify_codegen::{Input, Unmatched, generate};

/// The environment variable that names another folder, for trials.
const OPENAPI: &str = "TWILIO_VERIFY_OPENAPI";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed={OPENAPI}");
    let (folder, unmatched) = match env::var_os(OPENAPI) {
        Some(folder) => (folder.into(), Unmatched::Warn),
        None => {
            let package = env::var("CARGO_MANIFEST_DIR")?;
            (openapi(Path::new(&package)), Unmatched::Error)
        }
    };
    let document = read(&folder.join("verify_v2.json"))?;
    let overlay = read(&folder.join("overlay.json"))?;
    let generated = generate(&Input::new(&document).overlay(&overlay, unmatched))?;
    let out = PathBuf::from(env::var("OUT_DIR")?).join("verify_v2");
    // Files of an earlier run, of tags that are gone.
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    for (name, code) in generated.files {
        let file = out.join(name);
        fs::create_dir_all(file.parent().unwrap_or(&out))?;
        fs::write(file, code)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}
