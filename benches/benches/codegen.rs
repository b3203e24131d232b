//! The repository's own document turned into Rust, as `build.rs` and
//! `cargo xtask gen` do it.

#![allow(missing_docs, clippy::expect_used, reason = "a benchmark; one that fails must end")]

use criterion::{Criterion, Throughput};
use twilio_verify_codegen::{Input, Unmatched, generate, surface};

fn main() {
    let read = |name| {
        let path = format!("{}/../openapi/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).expect("a file of openapi/")
    };
    let document = read("verify_v2.json");
    let overlay = read("overlay.json");
    let input = Input::new(&document).overlay(&overlay, Unmatched::Error);

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("codegen");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(document.len() as u64));
    group.bench_function("generate", |bencher| {
        bencher.iter(|| generate(&input).expect("code"));
    });
    group.bench_function("surface", |bencher| {
        bencher.iter(|| surface(&input).expect("a page"));
    });
    group.finish();
    criterion.final_summary();
}
