//! Reads faults of an emulator, from the command line or a file.

use std::path::Path;

use twilio_verify_emulator::Fault;

/// The faults of one flag.
#[derive(Clone, Debug)]
pub(super) struct Faults(pub(super) Vec<Fault>);

/// Reads faults from text, from JSON, or from a file of either.
pub(super) fn faults(text: &str) -> Result<Faults, String> {
    let file = Path::new(text);
    let faults = if file.is_file() {
        let text = std::fs::read_to_string(file);
        Fault::parse_all(&text.map_err(|error| format!("cannot read the file: {error}"))?)
    } else {
        Fault::parse_all(text)
    };
    faults.map(Faults).map_err(|error| error.to_string())
}
