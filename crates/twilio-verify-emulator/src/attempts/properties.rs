//! Property tests: a store behaves like a plain list of attempts.

use std::cmp::Reverse;
use std::collections::HashSet;

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use proptest::sample::select;

use crate::attempts::columns::counts::Counts;
use crate::attempts::data::attempt::{Attempt, Price};
use crate::attempts::data::destination::Prefix;
use crate::attempts::data::filter::{Filter, ListFilter, Period, SummaryFilter};
use crate::attempts::store::Store;
use crate::tables::page::PageStart;
use crate::values::channel::Channel;
use crate::values::conversion_status::ConversionStatus;
use crate::values::sid::{AttemptSid, ServiceSid, VerificationSid};

const COUNTRIES: [&str; 3] = ["CO", "US", "GB"];
/// Some destinations share a prefix, some end with zeros, some are not numbers.
const DESTINATIONS: [&str; 12] = [
    "+5",
    "+50",
    "+500",
    "+57",
    "+573003003030",
    "+573053003030",
    "+12025550100",
    "+120",
    "+0",
    "",
    "someone@example.com",
    "another@example.com",
];
const PREFIXES: [&str; 9] =
    ["+5", "+50", "+57", "+57300", "+573003003030", "+1", "+0", "+9", "+999999999999999"];

#[derive(Debug, Clone)]
enum Step {
    Insert(Attempt),
    Extend(Vec<Attempt>),
    Update(AttemptSid, Attempt),
    Convert(AttemptSid),
    Remove(AttemptSid),
    Clear,
}

fn sids() -> impl Strategy<Value = AttemptSid> {
    (0..150_u128).prop_map(AttemptSid::from_u128)
}

fn attempts() -> impl Strategy<Value = Attempt> {
    let to = prop::option::of(select(&DESTINATIONS[..]));
    let place = (to, prop::option::of(select(&COUNTRIES[..])), select(Channel::ALL));
    let dates = (0..40_i64, prop_oneof![3 => 0..4_i64, 1 => 0..30_i64]);
    (sids(), 0..3_u128, 0..4_u128, dates, any::<bool>(), place, any::<bool>()).prop_map(
        |(sid, service, verification, dates, converted, (to, country, channel), priced)| {
            let (seconds, delay) = dates;
            let mut attempt = Attempt::new(
                sid,
                ServiceSid::from_u128(service),
                VerificationSid::from_u128(verification),
                channel,
                DateTime::from_timestamp(seconds, 0).unwrap(),
            );
            attempt.date_updated += TimeDelta::seconds(delay);
            if converted {
                attempt.conversion_status = ConversionStatus::Converted;
            }
            attempt.channel_data.to = to.map(str::to_owned);
            attempt.channel_data.country = country.map(|country| country.parse().unwrap());
            attempt.price = priced.then(|| Price::new("0.0050".parse().unwrap(), "usd"));
            attempt
        },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        20 => attempts().prop_map(Step::Insert),
        2 => prop::collection::vec(attempts(), 0..60).prop_map(Step::Extend),
        // Among many attempts, two nearly always have the same SID.
        5 => prop::collection::vec(attempts(), 0..60).prop_map(|mut attempts| {
            let mut seen = HashSet::new();
            attempts.retain(|attempt| seen.insert(attempt.sid));
            Step::Extend(attempts)
        }),
        10 => (sids(), attempts()).prop_map(|(sid, attempt)| Step::Update(sid, attempt)),
        10 => sids().prop_map(Step::Convert),
        10 => sids().prop_map(Step::Remove),
        1 => Just(Step::Clear),
    ];
    prop::collection::vec(step, 0..60)
}

fn filters() -> impl Strategy<Value = Filter> {
    let period = (prop::option::of(-1..42_i64), prop::option::of(-1..42_i64));
    (
        (period, prop::option::weighted(0.3, -1..60_i64)),
        prop::option::of(0..4_u128),
        prop::option::of(select(&COUNTRIES[..])),
        prop::option::of(select(Channel::ALL)),
    )
        .prop_map(|(((from, until), as_of), service, country, channel)| Filter {
            period: Period { from, until },
            as_of,
            service: service.map(ServiceSid::from_u128),
            country: country.map(|country| country.parse().unwrap()),
            channel,
        })
}

fn list_filters() -> impl Strategy<Value = ListFilter> {
    (
        // Most attempts don't pass four filters, whatever the store does with the others.
        prop_oneof![filters(), Just(Filter::default())],
        prop::option::of(select(&DESTINATIONS[..])),
        prop::option::of(0..5_u128),
        prop::option::of(select(ConversionStatus::ALL)),
    )
        .prop_map(|(common, to, verification, status)| ListFilter {
            common,
            to: to.map(str::to_owned),
            verification: verification.map(VerificationSid::from_u128),
            status,
        })
}

/// Applies a step to the store and to the list, and checks that both return the same.
fn take(step: Step, store: &Store, list: &mut Vec<Attempt>) {
    let known = |list: &[Attempt], sid| list.iter().position(|attempt| attempt.sid == sid);
    match step {
        Step::Insert(attempt) => match known(list, attempt.sid) {
            Some(_) => assert_eq!(store.insert(attempt.clone()).unwrap_err().sid(), attempt.sid),
            None => {
                store.insert(attempt.clone()).unwrap();
                list.push(attempt);
            }
        },
        Step::Extend(attempts) => {
            let mut all = list.clone();
            let is_new = attempts.iter().all(|attempt| {
                let is_new = known(&all, attempt.sid).is_none();
                all.push(attempt.clone());
                is_new
            });
            assert_eq!(store.extend(attempts).is_ok(), is_new);
            if is_new {
                *list = all;
            }
        }
        Step::Update(sid, attempt) => {
            let place = known(list, sid);
            let updated = store.update(sid, |own| *own = attempt.clone());
            assert_eq!(updated.is_some(), place.is_some());
            if let Some(place) = place {
                let date_created = list[place].date_created;
                list[place] = Attempt { sid, date_created, ..attempt };
                assert_eq!(updated.as_ref(), Some(&list[place]));
            }
        }
        Step::Convert(sid) => {
            store.update(sid, |own| own.conversion_status = ConversionStatus::Converted);
            if let Some(place) = known(list, sid) {
                list[place].conversion_status = ConversionStatus::Converted;
            }
        }
        Step::Remove(sid) => {
            let removed = known(list, sid).map(|place| list.remove(place));
            assert_eq!(store.remove(sid), removed);
        }
        Step::Clear => {
            store.clear();
            list.clear();
        }
    }
}

fn store_of(steps: Vec<Step>) -> (Store, Vec<Attempt>) {
    let (store, mut list) = (Store::default(), Vec::new());
    for step in steps {
        take(step, &store, &mut list);
    }
    (store, list)
}

fn passes(filter: &Filter, attempt: &Attempt) -> bool {
    let created = attempt.date_created.timestamp();
    filter.period.from.is_none_or(|from| created >= from)
        && filter.period.until.is_none_or(|until| created < until)
        && filter.as_of.is_none_or(|second| created <= second)
        && filter.service.is_none_or(|service| attempt.service_sid == service)
        && filter.country.is_none_or(|country| attempt.channel_data.country == Some(country))
        && filter.channel.is_none_or(|channel| attempt.channel == channel)
}

/// Returns the conversion status that a filter sees.
fn status(filter: &Filter, attempt: &Attempt) -> ConversionStatus {
    match filter.as_of {
        Some(second) if attempt.date_updated.timestamp() > second => ConversionStatus::Unconverted,
        _ => attempt.conversion_status,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn it_holds_what_was_put_into_it(steps in steps()) {
        let (store, list) = store_of(steps);
        prop_assert_eq!(store.len(), list.len());
        for attempt in &list {
            prop_assert_eq!(store.get(attempt.sid), Some(attempt.clone()));
        }
        // Shared values are dropped with the last attempt that uses them.
        for attempt in &list {
            prop_assert_eq!(store.remove(attempt.sid), Some(attempt.clone()));
        }
        prop_assert_eq!(store.interned(), 0);
    }

    #[test]
    fn it_counts_what_a_list_would(
        steps in steps(),
        queries in prop::collection::vec((filters(), prop::option::of(select(&PREFIXES[..]))), 20),
    ) {
        let (store, list) = store_of(steps);
        for (common, prefix) in queries {
            let mut counts = Counts::default();
            for attempt in list.iter().filter(|attempt| passes(&common, attempt)) {
                let to = attempt.channel_data.to.as_deref().unwrap_or_default();
                if prefix.is_none_or(|prefix| to.starts_with(prefix)) {
                    counts.total += 1;
                    counts.converted += u64::from(status(&common, attempt) == ConversionStatus::Converted);
                }
            }
            let prefix = prefix.map(|prefix| Prefix::parse(prefix).unwrap());
            prop_assert_eq!(store.count(&SummaryFilter { common, prefix }), counts);
        }
    }

    #[test]
    fn it_lists_what_a_list_would(
        steps in steps(),
        queries in prop::collection::vec((list_filters(), 1..20_usize), 15),
    ) {
        let (store, mut list) = store_of(steps);
        list.sort_by_key(|attempt| Reverse((attempt.date_created, attempt.sid)));
        for (filter, size) in queries {
            let expected: Vec<_> = list
                .iter()
                .filter(|attempt| {
                    passes(&filter.common, attempt)
                        && (filter.to.is_none() || filter.to == attempt.channel_data.to)
                        && filter.verification.is_none_or(|own| attempt.verification_sid == own)
                        && filter.status.is_none_or(|own| status(&filter.common, attempt) == own)
                })
                .cloned()
                .collect();
            let (mut forth, mut back) = (Vec::new(), Vec::new());
            let mut page = store.page(&filter, PageStart::First, size);
            let (mut last, mut last_size) = (page.previous, page.items.len());
            loop {
                prop_assert!(page.items.len() <= size);
                forth.extend(page.items);
                let Some(next) = page.next else { break };
                page = store.page(&filter, next, size);
                prop_assert!(!page.items.is_empty());
                (last, last_size) = (page.previous, page.items.len());
            }
            prop_assert_eq!(&forth, &expected);
            // Reads the pages from the last one back to the first.
            forth.truncate(forth.len() - last_size);
            while let Some(previous) = last.take() {
                let page = store.page(&filter, previous, size);
                back.splice(..0, page.items);
                last = page.previous;
            }
            prop_assert_eq!(back, forth);
        }
    }
}
