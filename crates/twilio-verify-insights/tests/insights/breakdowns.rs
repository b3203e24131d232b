//! Breakdowns: the cells, the proof, the number of requests, the errors.

use chrono::{TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use twilio_verify::{Channel, Country};
use twilio_verify_emulator::{self as emulator, Bound};
use twilio_verify_insights::{
    AttemptsExt, Breakdown, BreakdownError, By, Caveat, Label, Period, PeriodError, Table, Verdict,
    settled,
};

use crate::support::{Account, dimensions, now, numbers};
use crate::traffic::traffic;

fn days(days: i64) -> Period {
    Period::last(TimeDelta::days(days), now()).unwrap()
}

fn breakdown(account: &Account) -> Breakdown {
    account.client.attempts().breakdown().now(now())
}

#[tokio::test]
async fn cells_are_as_counted_by_hand() {
    let account = Account::sample(7, 3_000).await;
    let period = days(20);
    let attempts = account.listed(period).await;
    for by in dimensions() {
        let table = breakdown(&account).period(period).by(by.clone()).run().await.unwrap();
        let naive = Table::of(by.clone(), &attempts);
        assert_eq!(numbers(&table), numbers(&naive), "{by:?}");
        assert_eq!(table.proof().unwrap().verdict, Verdict::Exact, "{by:?}");
        assert_eq!(table.period(), Some(period));
    }
}

#[tokio::test]
async fn filters_hold_for_every_cell() {
    let account = Account::sample(7, 3_000).await;
    let period = days(25);
    let mut attempts = account.listed(period).await;
    attempts.retain(|attempt| {
        let country = attempt.channel_data.as_ref().and_then(|data| data.country.as_ref());
        attempt.channel == Some(Channel::Sms) && country == Some(&Country::CO)
    });
    let of =
        |breakdown: Breakdown| breakdown.period(period).country(Country::CO).channel(Channel::Sms);
    for by in dimensions() {
        let table = of(breakdown(&account)).by(by.clone()).run().await.unwrap();
        assert_eq!(numbers(&table), numbers(&Table::of(by.clone(), &attempts)), "{by:?}");
    }
    attempts.retain(|attempt| {
        let to = attempt.channel_data.as_ref().and_then(|data| data.to.as_ref());
        to.is_some_and(|to| to.expose().starts_with("+5731"))
    });
    for by in dimensions() {
        let prefix = "+5731".parse().unwrap();
        let table =
            of(breakdown(&account)).destination_prefix(prefix).by(by.clone()).run().await.unwrap();
        assert_eq!(numbers(&table), numbers(&Table::of(by.clone(), &attempts)), "{by:?}");
        assert_eq!(table.proof().unwrap().verdict, Verdict::Exact, "{by:?}");
    }
}

/// Twilio doesn't say whether the filters by date include their instants.
#[tokio::test]
async fn whatever_the_filters_by_date_include() {
    let both = [Bound::Inclusive, Bound::Exclusive];
    for (after, before) in both.into_iter().flat_map(|after| both.map(|before| (after, before))) {
        let account = Account::with(3, 4_000, after, before).await;
        let period = days(12);
        let attempts = account.listed(period).await;
        // More than a page, so that it is summarized.
        assert!(attempts.len() > 1000);
        let by = [By::Channel];
        let table = breakdown(&account).period(period).by(by).run().await.unwrap();
        assert_eq!(numbers(&table), numbers(&Table::of(by, &attempts)), "{after:?}, {before:?}");
        assert_eq!(table.proof().unwrap().verdict, Verdict::Exact, "{after:?}, {before:?}");
    }
}

/// Beyond 30 days the list is of no use: every cell is summarized. The rows are those of the list.
#[tokio::test]
async fn summaries_give_the_rows_of_the_list() {
    let account = Account::sample(7, 3_000).await;
    let period = days(20);
    let attempts = account.listed(period).await;
    for by in [vec![By::Country], vec![By::Channel, By::Country], vec![By::Prefix(2)]] {
        let later = now() + TimeDelta::days(40);
        let request = breakdown(&account).now(later).period(period).by(by.clone());
        let table = request.run().await.unwrap();
        assert_eq!(numbers(&table), numbers(&Table::of(by.clone(), &attempts)), "{by:?}");
        assert_eq!(table.other().attempts, 0, "{by:?}");
        assert_eq!(table.proof().unwrap().verdict, Verdict::Exact, "{by:?}");
    }
}

#[tokio::test]
async fn small_cells_are_in_other() {
    let account = Account::sample(7, 3_000).await;
    let period = days(20);
    let attempts = account.listed(period).await;
    let by = [By::Country, By::Channel];
    let naive = Table::of(by, &attempts).min_attempts(40);
    let table = breakdown(&account).period(period).by(by).min_attempts(40).run().await.unwrap();
    assert_eq!(numbers(&table), numbers(&naive));
    assert_eq!(table.other().attempts, naive.other().attempts);
    assert!(table.other().attempts > 0);
    assert_eq!(table.proof().unwrap().verdict, Verdict::Exact);
}

/// What has no value is a row at any depth, also where only summaries answer.
#[tokio::test]
async fn attempts_without_a_value_are_a_row_at_any_depth() {
    let account = Account::of_attempts(traffic(1, 2_000)).await;
    let period = days(20);
    let attempts = account.listed(period).await;
    for (by, laters) in [
        (vec![By::Country, By::Channel], [0, 40].as_slice()),
        (vec![By::Prefix(1), By::Channel], &[0, 40]),
        (vec![By::Country, By::Prefix(2)], &[0]),
        (vec![By::Country], &[40]),
    ] {
        let naive = Table::of(by.clone(), &attempts);
        for &later in laters {
            let now = now() + TimeDelta::days(later);
            let request = breakdown(&account).now(now).period(period).by(by.clone());
            let table = request.run().await.unwrap();
            assert_eq!(numbers(&table), numbers(&naive), "{by:?} {later}");
            assert_eq!(table.other().attempts, 0, "{by:?} {later}");
            assert_eq!(table.proof().unwrap().verdict, Verdict::Exact, "{by:?} {later}");
        }
    }
}

/// Enough attempts that countries are summarized: e-mails need no list, and no call for each country.
#[tokio::test]
async fn emails_without_a_country_are_a_row_without_a_list() {
    let attempts = traffic(2, 60_000);
    let emails = attempts.iter().filter(|it| it.channel == emulator::Channel::Email).count() as u64;
    let account = Account::of_attempts(attempts).await;
    let period = Period::new(now() - TimeDelta::days(30), now()).unwrap();
    let request = breakdown(&account).period(period).by([By::Country]);
    let (calls, table) = account.calls_of(request.run()).await;
    let table = table.unwrap();
    assert!(calls <= 50, "{calls}");
    assert_eq!(table.get(&[Label::NONE]).unwrap().attempts, emails);
    assert_eq!(table.cells().len(), 41);
    assert_eq!(table.proof().unwrap().verdict, Verdict::Exact);
    let is_assumed = |caveat: &Caveat| matches!(caveat, Caveat::EmailsWithoutCountry { .. });
    assert!(table.caveats().iter().any(is_assumed), "{:?}", table.caveats());

    // Those of the sample have one: nothing is assumed.
    let account = Account::sample(5, 20_000).await;
    let table = breakdown(&account).period(period).by([By::Country]).run().await.unwrap();
    assert_eq!((table.get(&[Label::NONE]), table.cells().len()), (None, 14));
    assert!(!table.caveats().iter().any(is_assumed), "{:?}", table.caveats());
}

#[tokio::test]
async fn what_is_unknown_of_a_period_is_said() {
    let account = Account::sample(7, 2_000).await;
    let table = async |period: Period| {
        breakdown(&account).period(period).by([By::Channel]).run().await.unwrap()
    };
    let old = table(Period::new(now() - TimeDelta::days(60), now()).unwrap()).await;
    let texts: Vec<String> = old.caveats().iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "attempts created after 2026-03-02T20:49:00Z may still convert",
            "no attempts are counted before 2026-01-31T21:00:00Z, 30 days ago: there were none, or \
             the Summary endpoint no longer counts them",
        ]
    );
    let json = serde_json::to_string(&old).unwrap();
    assert_eq!(serde_json::from_str::<Table>(&json).unwrap(), old);
    assert_eq!(table(days(20)).await.caveats(), []);
}

#[tokio::test]
async fn invalid_requests_are_rejected_before_anything_is_sent() {
    let account = Account::sample(7, 10).await;
    let reason = async |request: Breakdown| request.run().await.unwrap_err().to_string();
    assert_eq!(reason(breakdown(&account)).await, "name at least one dimension");
    let twice = breakdown(&account).by([By::Prefix(2), By::Prefix(3)]);
    assert_eq!(reason(twice).await, "name each dimension once");

    let at = |day: u32| Utc.with_ymd_and_hms(2026, 3, day, 0, 0, 0).unwrap();
    assert_eq!(
        Period::new(at(2), at(1)).unwrap_err().to_string(),
        "the period ends at 2026-03-01T00:00:00Z before it begins at 2026-03-02T00:00:00Z; give the \
         earlier instant first"
    );
    let future = breakdown(&account).by([By::Day]).period(Period::new(at(1), at(5)).unwrap());
    assert_eq!(
        reason(future).await,
        "the period ends at 2026-03-05T00:00:00Z, in the future; it can end at 2026-03-02T21:00:00Z \
         at the latest"
    );
    let old = Period::new(now() - TimeDelta::days(40), at(1)).unwrap();
    let forgotten = breakdown(&account).by([By::Country, By::Carrier]).period(old);
    let Err(BreakdownError::Period(error)) = forgotten.run().await else {
        panic!("the list does not hold the period");
    };
    assert!(matches!(error, PeriodError::Forgotten { .. }));
    assert_eq!(
        error.to_string(),
        "carrier is only known from the list, which holds 30 days, and the period begins at \
         2026-01-21T21:00:00Z; it can begin at 2026-01-31T21:00:00Z at the earliest"
    );
    let at = |hours| now() + TimeDelta::hours(hours);
    for period in [(1, 2), (-1, 1), (24, 48)] {
        let period = Period::new(at(period.0), at(period.1)).unwrap();
        let error = reason(breakdown(&account).by([By::Country]).period(period)).await;
        let begins =
            if period.from() < now() { "the period ends at" } else { "the period begins at" };
        assert!(error.starts_with(begins), "{error}");
        assert!(error.ends_with("it can end at 2026-03-02T21:00:00Z at the latest"), "{error}");
    }
    let digits = breakdown(&account).by([By::Prefix(16)]);
    assert_eq!(reason(digits).await, "a prefix has 1 to 15 digits");
    assert!(account.is_untouched());
}

#[test]
fn a_period_ends_at_the_settled_instant() {
    let period = days(7);
    assert_eq!(period.to(), settled(now()));
    assert_eq!(now() - period.to(), TimeDelta::minutes(11));
    assert_eq!(period.length(), TimeDelta::days(7));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Random traffic, a random period and random filters: the proof says exact, and the cells are
    /// those of a naive count.
    #[test]
    fn the_proof_is_right(
        seed in any::<u64>(),
        attempts in 1_usize..1_800,
        from in 1_i64..29 * 24 * 3600,
        length in 1_i64..20 * 24 * 3600,
        dimension in any::<prop::sample::Index>(),
        inclusive in any::<[bool; 2]>(),
        country in proptest::option::of(Just(Country::CO)),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let [after, before] =
                inclusive.map(|is| if is { Bound::Inclusive } else { Bound::Exclusive });
            let account = Account::with(seed, attempts, after, before).await;
            let from = now() - TimeDelta::seconds(from);
            let to = (from + TimeDelta::seconds(length)).min(now());
            let period = Period::new(from, to).unwrap();
            let by = dimension.get(&dimensions()).clone();
            let mut request = breakdown(&account).period(period).by(by.clone());
            let mut naive = account.listed(period).await;
            if let Some(country) = country {
                naive.retain(|attempt| {
                    let data = attempt.channel_data.as_ref();
                    data.and_then(|data| data.country.as_ref()) == Some(&country)
                });
                request = request.country(country);
            }
            let table = request.run().await.unwrap();
            let whole = Table::of(by, &naive);
            assert_eq!(table.proof().unwrap().verdict, Verdict::Exact);
            assert_eq!(table.total().attempts, whole.total().attempts);
        });
    }
}
