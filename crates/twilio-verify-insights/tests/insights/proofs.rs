//! Proofs, whatever Twilio leaves open: exact where the cells are right and nothing moved, and never
//! where a cell is wrong.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use twilio_verify::{Channel, Client, Country};
use twilio_verify_emulator::{Attempt, Bound, Emulator};
use twilio_verify_insights::{AttemptsExt, Breakdown, By, Period, Table, Verdict};

use crate::seconds::{
    Cells, Numbers, PREFIXES, SECONDS, View, add, at, count, numbered, services, traffic,
};
use crate::stepping::{Event, Moment, Stepping};
use crate::support::client;

/// What the emulator is set to.
#[derive(Clone, Copy, Debug)]
struct Settings {
    after: Bound,
    before: Bound,
    /// In seconds, as all of these.
    summary_retention: Option<u64>,
    list_lag: u64,
    summary_lag: u64,
    price_delay: Option<u64>,
    delivery_delay: Option<u64>,
    as_of_clock: bool,
}

impl Settings {
    /// Boundaries as the emulator's, all known at once.
    const PLAIN: Self = Self {
        after: Bound::Inclusive,
        before: Bound::Exclusive,
        summary_retention: None,
        list_lag: 0,
        summary_lag: 0,
        price_delay: None,
        delivery_delay: None,
        as_of_clock: false,
    };

    fn view(&self, now: DateTime<Utc>, lag: u64, retention: Option<u64>) -> View {
        let second = now.timestamp();
        let from = retention.map_or(i64::MIN, |retention| second - retention as i64);
        let is_seen = lag == 0 && !self.as_of_clock;
        View { from, as_of: if is_seen { i64::MAX } else { second - lag as i64 } }
    }

    /// What a summary counts.
    fn summary(&self, now: DateTime<Utc>) -> View {
        self.view(now, self.summary_lag, self.summary_retention)
    }

    /// What the list shows.
    fn list(&self, now: DateTime<Utc>) -> View {
        self.view(now, self.list_lag, None)
    }
}

/// What is asked.
#[derive(Clone, Debug)]
struct Question {
    by: Vec<By>,
    from: i64,
    to: i64,
    service: Option<usize>,
    country: Option<&'static str>,
    channel: Option<twilio_verify_emulator::Channel>,
    prefix: Option<&'static str>,
    min_attempts: u64,
    /// So late that the list is of no use.
    is_late: bool,
}

impl Question {
    /// Everything of a period, in seconds since the start.
    fn of(by: impl IntoIterator<Item = By>, from: i64, to: i64) -> Self {
        Self {
            by: by.into_iter().collect(),
            from,
            to,
            service: None,
            country: None,
            channel: None,
            prefix: None,
            min_attempts: 1,
            is_late: false,
        }
    }

    fn late(self) -> Self {
        Self { is_late: true, ..self }
    }

    fn holds(&self, attempt: &Attempt) -> bool {
        let data = &attempt.channel_data;
        (at(self.from)..at(self.to)).contains(&attempt.date_created)
            && self.service.is_none_or(|index| services()[index] == attempt.service_sid)
            && self
                .country
                .is_none_or(|country| data.country.is_some_and(|own| own.to_string() == country))
            && self.channel.is_none_or(|channel| channel == attempt.channel)
            && self
                .prefix
                .is_none_or(|prefix| data.to.as_deref().is_some_and(|to| to.starts_with(prefix)))
    }

    fn request(&self, client: &Client) -> Breakdown {
        let later = if self.is_late { TimeDelta::days(40) } else { TimeDelta::minutes(30) };
        let mut request = client
            .attempts()
            .breakdown()
            .now(at(0) + later)
            .period(Period::new(at(self.from), at(self.to)).unwrap())
            .by(self.by.iter().copied())
            .min_attempts(self.min_attempts);
        if let Some(index) = self.service {
            request = request.service(services()[index].to_string().parse().unwrap());
        }
        if let Some(country) = self.country {
            request = request.country(country.parse::<Country>().unwrap());
        }
        if let Some(channel) = self.channel {
            request = request.channel(channel.to_string().parse::<Channel>().unwrap());
        }
        if let Some(prefix) = self.prefix {
            request = request.destination_prefix(prefix.parse().unwrap());
        }
        request
    }
}

/// An account whose emulator is set so.
struct Account {
    settings: Settings,
    clock: Stepping,
    client: Client,
    _emulator: Emulator,
}

impl Account {
    async fn new(settings: Settings, begin: Moment, coming: Vec<(usize, Event)>) -> Self {
        let seconds = |count: Option<u64>| count.map(Duration::from_secs);
        let clock = Stepping::new(begin.clone(), coming);
        let [one, other] = services();
        let emulator = Emulator::builder()
            .clock(clock.clone())
            .attempts(begin.attempts)
            .service(one, "One")
            .service(other, "Other")
            .summary_limit(None)
            .attempts_limit(None)
            .created_after(settings.after)
            .created_before(settings.before)
            .summary_retention(seconds(settings.summary_retention))
            .list_lag(Duration::from_secs(settings.list_lag))
            .summary_lag(Duration::from_secs(settings.summary_lag))
            .price_delay(seconds(settings.price_delay))
            .delivery_delay(seconds(settings.delivery_delay))
            .as_of_clock(settings.as_of_clock)
            .start()
            .await
            .unwrap();
        let client = client(&emulator);
        clock.begin(emulator.store());
        Self { settings, clock, client, _emulator: emulator }
    }

    /// Asks, and compares the verdict with what there was.
    async fn check(&self, question: &Question) {
        let table = question.request(&self.client).run().await.unwrap();
        let verdict = table.proof().unwrap().verdict;
        let moments = self.clock.moments();
        let settings = &self.settings;
        let naive = |moment: &Moment| {
            let held = moment.attempts.iter().filter(|attempt| question.holds(attempt));
            count(held, settings.summary(moment.now), &question.by)
        };
        let text = || format!("{settings:?}\n{question:?}\n{moments:?}\n{table:?}");
        if verdict == Verdict::Exact {
            assert!(moments.iter().any(|moment| is_right(&table, &naive(moment))), "{}", text());
        }
        let [moment] = moments.as_slice() else { return };
        let (summary, list) = (settings.summary(moment.now), settings.list(moment.now));
        let is_known = |attempt: &Attempt| {
            summary.of(attempt).is_some() && summary.of(attempt) == list.of(attempt)
        };
        if moment.attempts.iter().all(is_known) {
            assert!(is_right(&table, &naive(moment)), "{}", text());
            assert_eq!(verdict, Verdict::Exact, "{}", text());
        }
    }
}

/// Whether every cell is that of the naive count, and nothing is missing or too much.
fn is_right(table: &Table, naive: &Cells) -> bool {
    let mut sum = Numbers::default();
    for (labels, counts) in table.cells() {
        let labels: Vec<_> = labels.iter().map(|label| label.as_str().map(str::to_owned)).collect();
        let numbers = [counts.attempts, counts.converted, counts.unconverted];
        if naive.get(&labels) != Some(&numbers) {
            return false;
        }
        add(&mut sum, numbers);
    }
    let other = table.other();
    add(&mut sum, [other.attempts, other.converted, other.unconverted]);
    let mut all = Numbers::default();
    naive.values().for_each(|numbers| add(&mut all, *numbers));
    sum == all
}

fn bounds() -> [(Bound, Bound); 4] {
    let both = [Bound::Inclusive, Bound::Exclusive];
    let [first, second] = both.map(|after| both.map(|before| (after, before)));
    [first[0], first[1], second[0], second[1]]
}

fn settings() -> impl Strategy<Value = Settings> {
    let lag = || prop_oneof![4 => Just(0_u64), 1 => 1..12_u64];
    let delay = || prop::option::of(0..20_u64);
    (
        select(bounds().to_vec()),
        prop::option::weighted(0.2, 0..20_u64),
        (lag(), lag()),
        (delay(), delay()),
        any::<bool>(),
    )
        .prop_map(|((after, before), summary_retention, lags, delays, as_of_clock)| Settings {
            after,
            before,
            summary_retention,
            list_lag: lags.0,
            summary_lag: lags.1,
            price_delay: delays.0,
            delivery_delay: delays.1,
            as_of_clock,
        })
}

fn questions() -> impl Strategy<Value = Question> {
    let by = select(vec![
        vec![By::Country],
        vec![By::Channel, By::Country],
        vec![By::Country, By::Hour],
        vec![By::Service, By::Channel],
        vec![By::Hour],
        vec![By::Day, By::Channel],
        vec![By::Prefix(2)],
        vec![By::Channel, By::Prefix(3)],
        vec![By::Carrier],
        vec![By::Channel, By::Carrier],
    ]);
    (
        by,
        (-3..SECONDS + 2, 1..12_i64),
        (
            prop::option::weighted(0.2, 0..2_usize),
            prop::option::weighted(0.2, select(vec!["CO", "US", "DE"])),
            prop::option::weighted(0.2, select(twilio_verify_emulator::Channel::ALL)),
            prop::option::weighted(0.2, select(&PREFIXES[..])),
        ),
        prop_oneof![3 => Just(1), 1 => 2..5_u64],
        prop::bool::weighted(0.4),
    )
        .prop_map(|(by, (from, length), filters, min_attempts, is_late)| {
            let (service, country, channel, prefix) = filters;
            let is_late = is_late && by.iter().all(|by| by.is_summarized());
            let to = from + length;
            Question { by, from, to, service, country, channel, prefix, min_attempts, is_late }
        })
}

/// What happens meanwhile, by how often the clock was read before it.
fn events() -> impl Strategy<Value = Vec<(usize, Event)>> {
    let event = prop_oneof![
        3 => traffic(4).prop_map(Event::Made),
        1 => any::<usize>().prop_map(Event::Converts),
        2 => (1..6_i64).prop_map(Event::Passes),
    ];
    prop_oneof![
        1 => Just(Vec::new()),
        1 => prop::collection::vec((1..60_usize, event), 1..4),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_proof_is_exact_only_where_the_cells_are_right(
        settings in settings(),
        question in questions(),
        made in traffic(40),
        now in 0..20_i64,
        mut coming in events(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        // What is forgotten and what is made meanwhile could cancel each other out: no request would
        // tell.
        if settings.summary_retention.is_some() {
            coming.retain(|(_, event)| !matches!(event, Event::Passes(_)));
        }
        let attempts = numbered(&made, 0);
        let mut next = attempts.len();
        for (_, event) in &mut coming {
            if let Event::Made(made) = event {
                *made = numbered(made, next);
                next += made.len();
            }
        }
        let begin = Moment { now: at(now), attempts };
        runtime.block_on(async {
            Account::new(settings, begin, coming).await.check(&question).await;
        });
    }
}

/// Attempts of one kind: a number for each second, from a second on.
fn even(counts: &[usize], from: i64) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for (second, count) in (from..).zip(counts) {
        for _ in 0..*count {
            attempts.push(Attempt::new(
                twilio_verify_emulator::AttemptSid::from_u128(0),
                services()[0],
                twilio_verify_emulator::VerificationSid::from_u128(0),
                twilio_verify_emulator::Channel::Sms,
                at(second),
            ));
        }
    }
    numbered(&attempts, 0)
}

/// Seconds that tell little of what the filters by date include.
#[tokio::test]
async fn whatever_the_seconds_at_the_ends_have() {
    let shapes: [&[usize]; 8] = [
        // All in one second, or none.
        &[0, 0, 0, 5],
        &[0],
        // As many on both sides.
        &[2, 2, 2, 2, 2, 2, 2],
        &[1, 3, 1, 3, 1, 3, 1],
        &[0, 4, 0, 4],
        // More and more, fewer and fewer.
        &[1, 2, 3, 4, 5, 6, 7],
        &[7, 6, 5, 4, 3, 2, 1],
        &[3, 0, 0, 0, 0, 0, 3],
    ];
    for shape in shapes {
        for (after, before) in bounds() {
            let settings = Settings { after, before, ..Settings::PLAIN };
            let begin = Moment { now: at(60), attempts: even(shape, 0) };
            let account = Account::new(settings, begin, Vec::new()).await;
            for (from, to) in [(0, 7), (3, 4), (2, 5), (-2, 3), (4, 9)] {
                account.check(&Question::of([By::Channel], from, to)).await;
                account.check(&Question::of([By::Channel], from, to).late()).await;
                account.check(&Question::of([By::Hour], from, to).late()).await;
            }
        }
    }
}

/// The verdict on all that was made, by a dimension that only the list has.
async fn verdict(settings: Settings, now: i64) -> Verdict {
    let begin = Moment { now: at(now), attempts: even(&[1, 2, 3, 4, 5], 0) };
    let account = Account::new(settings, begin, Vec::new()).await;
    let question = Question::of([By::Carrier], 0, 5);
    question.request(&account.client).run().await.unwrap().proof().unwrap().verdict
}

#[tokio::test]
async fn what_the_list_does_not_show_yet_is_missing_in_the_proof() {
    let settings = Settings { list_lag: 30, ..Settings::PLAIN };
    assert_eq!(verdict(settings, 33).await, Verdict::Inexact { by: 5 });
    // As soon as the list shows it.
    assert_eq!(verdict(settings, 34).await, Verdict::Exact);
}

#[tokio::test]
async fn what_a_summary_does_not_count_yet_is_too_much_in_the_proof() {
    let settings = Settings { summary_lag: 30, ..Settings::PLAIN };
    assert_eq!(verdict(settings, 33).await, Verdict::Inexact { by: 5 });
    assert_eq!(verdict(settings, 34).await, Verdict::Exact);
}

/// What the list doesn't show yet, and what summaries have forgotten, can be as many.
#[tokio::test]
async fn what_cancels_out_is_not_exact() {
    for (lag, retention) in [(2, 4), (3, 5), (1, 5)] {
        let settings =
            Settings { list_lag: lag, summary_retention: Some(retention), ..Settings::PLAIN };
        let begin = Moment { now: at(6), attempts: even(&[1; 7], 0) };
        let account = Account::new(settings, begin, Vec::new()).await;
        account.check(&Question::of([By::Carrier], 0, 7)).await;
        account.check(&Question::of([By::Channel], 0, 7)).await;
        // Of the two seconds that are forgotten, and two that are not shown.
        if lag == 2 {
            let question = Question::of([By::Carrier], 0, 7);
            let table = question.request(&account.client).run().await.unwrap();
            let verdict = table.proof().unwrap().verdict;
            assert_eq!(verdict, Verdict::Inexact { by: 2 }, "{table:?}");
        }
    }
}

#[tokio::test]
async fn what_summaries_forgot_and_the_list_shows_is_too_much_in_the_proof() {
    let settings = Settings { summary_retention: Some(30), ..Settings::PLAIN };
    assert_eq!(verdict(settings, 30).await, Verdict::Exact);
    assert_eq!(verdict(settings, 31).await, Verdict::Inexact { by: 1 });
}
