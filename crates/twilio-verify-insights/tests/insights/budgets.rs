//! Plans: how many requests they take, how many they expect, and budgets.

use chrono::TimeDelta;
use twilio_verify_insights::{
    AttemptsExt, Bounds, Breakdown, BreakdownError, By, Calls, Period, Plan, Verdict,
};

use crate::support::{Account, dimensions, now};
use crate::traffic::traffic;

fn breakdown(account: &Account) -> Breakdown {
    account.client.attempts().breakdown().now(now())
}

async fn refused(request: Breakdown) -> Plan {
    match request.run().await {
        Err(BreakdownError::Budget(plan)) => *plan,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("the budget is too small"),
    }
}

/// How many requests there are around the parts: the whole twice, three that measure the filters by
/// date, and a page more where one list goes on after another; where all is summarized, a page as a
/// sample and the services.
const AROUND: u64 = 7;

#[tokio::test]
async fn no_more_requests_than_to_list_everything_or_to_ask_every_cell() {
    for attempts in [500, 4_000, 12_000] {
        let account = Account::sample(7, attempts).await;
        for by in dimensions() {
            let request = breakdown(&account).by(by.clone());
            let (planned, plan) = account.calls_of(request.plan()).await;
            let plan = plan.unwrap();
            assert_eq!(plan.spent, Calls(planned), "{by:?}");
            assert!(planned <= 7, "{by:?}: a plan takes {planned}");
            let most = plan.list.unwrap().0.min(plan.grid.map_or(u64::MAX, |grid| grid.0));
            let (calls, table) = account.calls_of(plan.clone().run()).await;
            let calls = planned + calls;
            let table = table.unwrap();
            assert_eq!(table.proof().unwrap().verdict, Verdict::Exact, "{by:?}");
            assert!(calls <= most + AROUND, "{attempts} {by:?}: {calls} of {most}");
            assert!(calls <= plan.calls.0 + 1, "{attempts} {by:?}: {calls} of {}", plan.calls);
        }
    }
}

/// 40 countries by 5 channels, whose grid has 1245 cells.
#[tokio::test]
async fn few_requests_for_many_countries() {
    let period = Period::new(now() - TimeDelta::days(30), now()).unwrap();
    let account = Account::of_attempts(traffic(3, 10_000)).await;
    for by in [
        vec![By::Country, By::Channel],
        vec![By::Country, By::Channel, By::Day],
        vec![By::Prefix(3)],
    ] {
        let request = breakdown(&account).period(period).by(by.clone()).min_attempts(50);
        let (calls, table) = account.calls_of(request.run()).await;
        assert!(calls <= 10 + AROUND, "{by:?}: {calls}");
        assert_eq!(table.unwrap().proof().unwrap().verdict, Verdict::Exact);
    }
    let account = Account::of_attempts(traffic(3, 100_000)).await;
    let by = [By::Country, By::Channel];
    let (calls, table) = account.calls_of(breakdown(&account).period(period).by(by).run()).await;
    let table = table.unwrap();
    assert!(calls <= 100 + AROUND, "{calls}");
    assert_eq!(table.proof().unwrap().verdict, Verdict::Exact);
    assert_eq!((table.total().attempts, table.other().attempts), (100_000, 0));
}

#[tokio::test]
async fn all_attempts_on_one_page_take_six_requests() {
    let account = Account::sample(7, 700).await;
    for by in dimensions() {
        let (calls, table) = account.calls_of(breakdown(&account).by(by.clone()).run()).await;
        assert_eq!(calls, 6, "{by:?}");
        assert_eq!(table.unwrap().proof().unwrap().verdict, Verdict::Exact);
    }
}

/// Less than any breakdown takes: refused before anything is sent.
#[tokio::test]
async fn a_budget_below_the_least_sends_nothing() {
    let account = Account::sample(7, 2_000).await;
    for budget in [0, 1, 2] {
        for by in dimensions() {
            let plan = refused(breakdown(&account).by(by).budget(Calls(budget))).await;
            assert_eq!((plan.attempts, plan.spent, plan.is_at_least), (None, Calls(0), true));
        }
        let by = [By::Country, By::Channel];
        let plan = refused(breakdown(&account).by(by).budget(Calls(budget))).await;
        let text = plan.to_string();
        assert!(
            text.contains("by country, channel\nat least 3 calls: a minute at most\n"),
            "{text}"
        );
        assert!(text.contains("too few; allow at least 3 calls; 0 calls were sent"), "{text}");
    }
    assert!(account.is_untouched());
}

#[tokio::test]
async fn a_budget_that_is_too_small_is_an_error_with_the_plan() {
    let account = Account::sample(7, 20_000).await;
    // Only the list has carriers: the count of the whole says what it takes.
    let request = breakdown(&account).by([By::Country, By::Carrier]).budget(Calls(10));
    let (calls, plan) = account.calls_of(refused(request)).await;
    assert_eq!((calls, plan.spent), (1, Calls(1)));
    assert!(plan.calls > Calls(20) && !plan.is_at_least, "{plan}");
    let text = plan.to_string();
    assert!(text.contains("the budget is 10 calls: too few; allow"), "{text}");
    assert!(text.contains("1 call was sent to find out"), "{text}");
    assert!(text.contains("the attempts are listed"), "{text}");
    // Else a page of the list says it.
    let request = breakdown(&account).by([By::Country, By::Channel]).budget(Calls(10));
    let (calls, plan) = account.calls_of(refused(request)).await;
    assert_eq!((calls, plan.spent), (2, Calls(2)));

    let whole = breakdown(&account).by([By::Country, By::Carrier]);
    let calls = whole.plan().await.unwrap().calls;
    let table = whole.budget(calls).run().await.unwrap();
    assert_eq!(table.proof().unwrap().verdict, Verdict::Exact);
}

/// Whatever the budget, it is kept, and nothing is lost.
#[tokio::test]
async fn no_budget_is_exceeded() {
    let account = Account::of_attempts(traffic(4, 6_000)).await;
    let period = Period::new(now() - TimeDelta::days(29), now() - TimeDelta::hours(1)).unwrap();
    let whole = account.listed(period).await.len() as u64;
    for later in [0, 40] {
        for by in [vec![By::Country, By::Channel], vec![By::Service, By::Prefix(2)]] {
            let request =
                breakdown(&account).now(now() + TimeDelta::days(later)).period(period).by(by);
            for budget in (1..16).chain([24, 60, 200]) {
                let request = request.clone().budget(Calls(budget));
                let (calls, result) = account.calls_of(request.run()).await;
                assert!(calls <= budget, "{calls} of {budget}");
                match result {
                    Ok(table) => {
                        assert_eq!(table.proof().unwrap().verdict, Verdict::Exact, "{budget}");
                        assert_eq!(table.total().attempts, whole);
                    }
                    Err(BreakdownError::Budget(plan)) => assert_eq!(plan.spent, Calls(calls)),
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn known_bounds_are_not_measured() {
    let account = Account::sample(7, 12_000).await;
    let period = Period::new(now() - TimeDelta::days(20), now() - TimeDelta::hours(1)).unwrap();
    let attempts = account.client.attempts();
    let (calls, bounds) = account.calls_of(Bounds::measure(&attempts, period)).await;
    assert_eq!(calls, 4);
    let bounds = bounds.unwrap().unwrap();
    assert_eq!(bounds, Bounds::default());
    let request = breakdown(&account).period(period).by([By::Channel]);
    let (measured, _) = account.calls_of(request.clone().run()).await;
    let (calls, table) = account.calls_of(request.bounds(bounds).run()).await;
    assert!(calls < measured, "{calls} of {measured}");
    assert_eq!(table.unwrap().proof().unwrap().verdict, Verdict::Exact);
}
