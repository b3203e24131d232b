//! A list of 10,000 attempts in pages of 1000, streamed, compared with a loop over `next_page_url` by
//! hand.

#![allow(missing_docs, clippy::expect_used, reason = "a benchmark; one that fails must end")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use benches::clients::by_hand::Plain;
use benches::figures::ratio::Ratio;
use benches::loads::summaries::Calls;
use benches::servers::attempts;
use criterion::measurement::Measurement;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use tokio::runtime::Runtime;
use twilio_verify::{Attempt, Page};

const PAGES: usize = 10;
const SIZE: u16 = 1000;
const ITEMS: usize = PAGES * SIZE as usize;

/// One way to read the list, which returns the time that it takes.
type Way = fn(&Lists) -> Duration;

/// What all ways to read the list use.
struct Lists {
    runtime: Runtime,
    calls: Calls,
}

impl Lists {
    fn streamed(&self) -> Duration {
        let began = Instant::now();
        let read = self.runtime.block_on(async {
            let mut read = 0;
            let list = self.calls.client.attempts().list();
            let mut items = list.page_size(SIZE).items();
            while let Some(item) = items.try_next().await.expect("an item") {
                drop(black_box(item));
                read += 1;
            }
            read
        });
        assert_eq!(read, ITEMS);
        began.elapsed()
    }

    fn by_hand(&self) -> Duration {
        self.looped(|page: Plain| {
            let read = page.attempts.len();
            page.attempts.into_iter().map(black_box).for_each(drop);
            (page.meta.next_page_url, read)
        })
    }

    /// By hand, with the client's types.
    fn by_hand_leniently(&self) -> Duration {
        self.looped(|page: Page<Attempt>| {
            let read = page.items.len();
            page.items.into_iter().map(black_box).for_each(drop);
            (page.meta.next_page_url, read)
        })
    }

    fn looped<P>(&self, each: impl Fn(P) -> (Option<String>, usize)) -> Duration
    where
        P: serde::de::DeserializeOwned,
    {
        let began = Instant::now();
        let mut read = 0;
        let pages = self.calls.by_hand.pages(SIZE, |page| {
            let (next, items) = each(page);
            read += items;
            next
        });
        self.runtime.block_on(pages).expect("all pages");
        assert_eq!(read, ITEMS);
        began.elapsed()
    }
}

fn main() {
    let url = attempts::serve(PAGES, SIZE.into()).expect("a server");
    let lists = Lists {
        runtime: tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime"),
        calls: Calls::new(&url).expect("a client"),
    };

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("pages");
    group.throughput(Throughput::Elements(ITEMS as u64));
    settings(&mut group);
    let ways: [(&str, Way); 3] = [
        ("items()", Lists::streamed),
        ("by hand", Lists::by_hand),
        ("by hand, leniently", Lists::by_hand_leniently),
    ];
    for (name, way) in ways {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|iterations| (0..iterations).map(|_| way(&lists)).sum());
        });
    }
    group.finish();

    let mut criterion = Criterion::default().with_measurement(Ratio).configure_from_args();
    let mut group = criterion.benchmark_group("pages, items() to");
    settings(&mut group);
    for (name, way) in &ways[1..] {
        group.bench_function(*name, |bencher| {
            bencher.iter_custom(|iterations| {
                Ratio::of(iterations, || lists.streamed(), || way(&lists))
            });
        });
    }
    group.finish();
    criterion.final_summary();
}

fn settings<M: Measurement>(group: &mut BenchmarkGroup<'_, M>) {
    group.sample_size(30).measurement_time(Duration::from_secs(10));
}
