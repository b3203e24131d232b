//! A summary by the client and the same request by hand: times of both, then their ratio, with one
//! call in flight and with 64.

#![allow(missing_docs, clippy::expect_used, reason = "a benchmark; one that fails must end")]

use std::time::Duration;

use benches::figures::ratio::Ratio;
use benches::loads::summaries::{Calls, Way};
use benches::servers::summary;
use criterion::measurement::Measurement;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use tokio::runtime::Runtime;

/// How many calls are in flight, and how many are made at a time: enough that the first and the last
/// ones, when fewer are in flight, don't matter.
const LOADS: [(u64, u64); 2] = [(1, 1), (64, 1024)];

const WAYS: [(&str, Way); 3] =
    [("client", Way::Client), ("by hand", Way::ByHand), ("by hand in time", Way::ByHandInTime)];

fn main() {
    let url = summary::serve().expect("a server");
    // A call's whole cost is on one thread, and nothing else is on it.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let calls = Calls::new(&url).expect("a client");
    let run = |way, count, in_flight| {
        let run = calls.run(way, count, in_flight);
        runtime.block_on(run).expect("all calls succeed")
    };
    run(Way::Client, 256, 64);

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("overhead");
    for (in_flight, count) in LOADS {
        group.throughput(Throughput::Elements(count));
        settings(&mut group);
        for (name, way) in WAYS {
            group.bench_function(format!("{name}, {in_flight} in flight"), |bencher| {
                bencher.iter_custom(|iterations| {
                    (0..iterations).map(|_| run(way, count, in_flight)).sum()
                });
            });
        }
    }
    group.finish();

    let mut criterion = Criterion::default().with_measurement(Ratio).configure_from_args();
    let mut group = criterion.benchmark_group("overhead, client to");
    settings(&mut group);
    group.measurement_time(Duration::from_secs(15));
    for (name, other) in WAYS[1..].iter().copied() {
        for (in_flight, count) in LOADS {
            group.bench_function(format!("{name}, {in_flight} in flight"), |bencher| {
                bencher.iter_custom(|iterations| {
                    Ratio::of(
                        iterations,
                        || run(Way::Client, count, in_flight),
                        || run(other, count, in_flight),
                    )
                });
            });
        }
    }
    group.finish();
    criterion.final_summary();
    drop::<Runtime>(runtime);
}

fn settings<M: Measurement>(group: &mut BenchmarkGroup<'_, M>) {
    group.sample_size(50).measurement_time(Duration::from_secs(6));
}
