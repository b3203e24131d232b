//! Generates the files of a lowered document.

use std::collections::BTreeMap;

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::emit::{builders, cut, finish, generator, methods, received, requests};

/// Generates the code of a lowered document, file by file.
///
/// # Errors
///
/// Returns an error if progenitor rejects the document. The error names the component or operation
/// that it fails on.
pub fn emit(document: &Document) -> Result<BTreeMap<String, String>, Error> {
    // The generator recurses as deeply as the document is nested.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let generation = thread.spawn_scoped(scope, || {
            let mut file = generator::generate(document)?;
            let methods = methods::take(document, &mut file)?;
            finish::finish(document, &mut file);
            requests::complete(document, &mut file);
            received::complete(document, &mut file, &methods);
            let builders = builders::builders(document, &file, &methods);
            Ok(cut::cut(document, file, builders))
        });
        let failed = |reason: &str| Error::document(&Pointer::root(), reason);
        match generation.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(files)) => files,
            Ok(Err(_)) => Err(failed("the generated code could not be finished")),
            Err(error) => Err(failed(&format!("no thread to generate on: {error}"))),
        }
    })
}

/// The size of the stack in bytes. Only the pages in use take memory.
const STACK: usize = 256 << 20;
