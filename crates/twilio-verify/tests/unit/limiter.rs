//! Request limits, with a paused clock.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{Limiter, RequestLimit};

fn limiter(per_minute: u32) -> Arc<Limiter> {
    Arc::new(Limiter::new(RequestLimit::per_minute(per_minute).unwrap()))
}

fn in_an_hour() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}

#[tokio::test(start_paused = true)]
async fn no_minute_holds_more_than_the_limit_and_a_burst_starts_at_once() {
    for limit in [1, 2, 7, 100] {
        let limiter = limiter(limit);
        let began = Instant::now();
        let mut sent = Vec::new();
        for round in 0..limit * 5 {
            // A pause now and then lets a burst grow again.
            if round % (limit * 2) == 0 {
                tokio::time::sleep(Duration::from_secs(61)).await;
            }
            limiter.ready(in_an_hour()).await.unwrap();
            sent.push(began.elapsed());
        }
        for (index, first) in sent.iter().enumerate() {
            let minute = *first + Duration::from_secs(60);
            let within = sent[index..].iter().take_while(|at| **at < minute).count();
            assert!(within <= limit as usize, "{within} of {limit} from {first:?}");
        }
        let burst = sent.iter().take_while(|at| **at == sent[0]).count();
        assert_eq!(burst, (limit as usize * 2 / 5).max(1));
    }
}

#[tokio::test(start_paused = true)]
async fn callers_are_served_in_the_order_of_their_arrival() {
    let limiter = limiter(1);
    let served = Arc::new(std::sync::Mutex::new(Vec::new()));
    let callers: Vec<_> = (0..5)
        .map(|caller| {
            let (limiter, served) = (Arc::clone(&limiter), Arc::clone(&served));
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(caller)).await;
                limiter.ready(in_an_hour()).await.unwrap();
                served.lock().unwrap().push(caller);
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(*served.lock().unwrap(), [0, 1, 2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_gives_up_when_its_turn_would_come_too_late() {
    let limiter = limiter(1);
    limiter.ready(in_an_hour()).await.unwrap();
    let began = Instant::now();
    let soon = limiter.ready(began + Duration::from_secs(30));
    let error = soon.await.unwrap_err();
    assert!(error.is_too_late(), "{error}");
    assert!(error.to_string().contains("request_limit"), "{error}");
    assert_eq!(began.elapsed(), Duration::ZERO, "it fails at once");
    let later = limiter.ready(began + Duration::from_secs(61));
    later.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_for_all() {
    let limiter = limiter(100);
    limiter.pause(Duration::from_secs(7));
    limiter.pause(Duration::from_secs(3));
    let began = Instant::now();
    limiter.ready(in_an_hour()).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(7));
}

#[test]
fn shares_add_up_to_no_more_than_the_limit() {
    for (requests, processes) in [(100, 1), (100, 8), (100, 100), (3, 8), (1, 5), (30, 7)] {
        let limit = RequestLimit::per_minute(requests).unwrap();
        let share = limit.share(processes.try_into().unwrap());
        // In the longest of the periods.
        let periods = share.period().as_secs() / 60;
        let all = u64::from(share.requests()) * u64::from(processes);
        assert!(all <= u64::from(requests) * periods, "{requests} {processes} {share:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_another_period() {
    let limiter = Limiter::new(RequestLimit::per(10, Duration::from_secs(2)).unwrap());
    let began = Instant::now();
    for _ in 0..40 {
        limiter.ready(in_an_hour()).await.unwrap();
    }
    // 4 at once, and 36 intervals of 2 s / 7.
    let expected = Duration::from_secs(2) * 36 / 7;
    assert!(began.elapsed().abs_diff(expected) < Duration::from_millis(60), "{began:?}");
    assert_eq!(RequestLimit::per(0, Duration::from_secs(1)), None);
    assert_eq!(RequestLimit::per(1, Duration::ZERO), None);
}
