//! How often and how much a summary allocates, by the client and by hand. These are counts, not
//! times: every run gives the same, except when a call makes the connection pool grow.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that prints; one that fails must end"
)]

use std::alloc::System;

use benches::loads::summaries::{Calls, Way};
use benches::servers::summary;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const CALLS: u64 = 1000;

fn main() {
    // The server doesn't allocate once a connection is open.
    let url = summary::serve().expect("a server");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let calls = Calls::new(&url).expect("a client");
    let run = |way, count| {
        let run = calls.run(way, count, 1);
        runtime.block_on(run).expect("all calls succeed");
    };
    println!("a call            allocations       bytes");
    let ways = [
        ("by the client", Way::Client),
        ("by hand", Way::ByHand),
        ("by hand, in time", Way::ByHandInTime),
    ];
    for (name, way) in ways {
        run(way, 10);
        let region = Region::new(ALLOCATOR);
        run(way, CALLS);
        let change = region.change();
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let each = |count: usize| count as f64 / CALLS as f64;
        println!(
            "{name:<16}  {:>11.1}  {:>10.0}",
            each(change.allocations + change.reallocations),
            each(change.bytes_allocated),
        );
    }
}
