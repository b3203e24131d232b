//! A page of 1000 attempts, read leniently, compared with plain structs of the same fields.

#![allow(missing_docs, clippy::expect_used, reason = "a benchmark; one that fails must end")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use benches::clients::by_hand::{Plain, Whole};
use benches::figures::ratio::Ratio;
use benches::servers::attempts;
use criterion::{Criterion, Throughput};
use serde::de::DeserializeOwned;
use twilio_verify::{Attempt, Page};

fn read<T: DeserializeOwned>(json: &[u8]) -> T {
    serde_json::from_slice(black_box(json)).expect("a page")
}

/// The time that reading takes, with dropping what was read.
fn time<T: DeserializeOwned>(json: &[u8]) -> Duration {
    let began = Instant::now();
    drop(black_box(read::<T>(json)));
    began.elapsed()
}

fn main() {
    let json = attempts::page(0, 1000, None).into_bytes();

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("leniently", |bencher| {
        bencher.iter(|| read::<Page<Attempt>>(&json));
    });
    group.bench_function("plain", |bencher| {
        bencher.iter(|| read::<Plain>(&json));
    });
    group.bench_function("plain, keeping what isn't documented", |bencher| {
        bencher.iter(|| read::<Whole>(&json));
    });
    group.finish();

    let mut criterion = Criterion::default().with_measurement(Ratio).configure_from_args();
    let mut group = criterion.benchmark_group("decode, leniently to");
    let leniently = || time::<Page<Attempt>>(&json);
    group.bench_function("plain", |bencher| {
        bencher.iter_custom(|iterations| Ratio::of(iterations, leniently, || time::<Plain>(&json)));
    });
    group.bench_function("plain, keeping what isn't documented", |bencher| {
        bencher.iter_custom(|iterations| Ratio::of(iterations, leniently, || time::<Whole>(&json)));
    });
    group.finish();
    criterion.final_summary();
}
