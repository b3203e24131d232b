//! Which requests are limited, and by what.

use std::time::Duration;

use twilio_verify_api::{OPERATIONS, Operation};

use super::{DOCUMENTED, LimitSettings, Limited, Limits};
use crate::transport::request_limit::RequestLimit;

fn operation(id: &str) -> &'static Operation {
    OPERATIONS.iter().find(|known| known.operation_id == id).unwrap()
}

fn limits(own: &[(&str, Option<RequestLimit>)]) -> Limits {
    limits_of("https://verify.example", Some("AC1"), own)
}

fn limits_of(server: &str, account: Option<&str>, own: &[(&str, Option<RequestLimit>)]) -> Limits {
    let own = own.iter().map(|(id, limit)| ((*id).to_owned(), *limit)).collect();
    let settings = LimitSettings { own, ..LimitSettings::default() };
    Limits::new(server, account, settings).unwrap()
}

/// Whether a request must wait because the other one was sent.
async fn count_together(first: Limited<'_>, second: Limited<'_>) -> bool {
    let hour = Duration::from_secs(3600);
    let began = tokio::time::Instant::now();
    for _ in 0..first.request().limit().burst() {
        first.ready(hour).await.unwrap();
    }
    assert!(began.elapsed().is_zero());
    second.ready(hour).await.unwrap();
    !began.elapsed().is_zero()
}

#[tokio::test(start_paused = true)]
async fn operations_that_count_together_share_a_limit() {
    let limits = limits_of("https://together.example", Some("AC1"), &[]);
    let of = |id| limits.of(operation(id), "/").unwrap();
    assert!(count_together(of("ListVerificationAttempt"), of("FetchVerificationAttempt")).await);
    let summary = of("FetchVerificationAttemptsSummary");
    assert!(!count_together(of("CreateSafelist"), summary).await);
    assert!(limits.of(operation("CreateVerification"), "/").is_none());
    for (_, operations, _, _) in DOCUMENTED {
        for id in operations {
            of(id);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_verification_has_a_limit_of_its_own() {
    let limits = limits_of("https://each.example", Some("AC1"), &[]);
    let of = |path| limits.of(operation("FetchVerification"), path).unwrap();
    let (first, other) = ("/v2/Services/VA/Verifications/VE1", "/v2/Services/VA/Verifications/VE2");
    assert!(count_together(of(first), of(first)).await);
    let third = "/v2/Services/VA/Verifications/VE3";
    assert!(!count_together(of(third), of(other)).await);
}

#[test]
fn a_limit_of_the_program_replaces_the_documented_one() {
    let own = RequestLimit::per_minute(7);
    let limits = limits(&[("ListVerificationAttempt", own), ("FetchVerification", None)]);
    let of = |id| limits.of(operation(id), "/");
    let list = of("ListVerificationAttempt").unwrap();
    assert_eq!(list.request().limit().requests(), 7);
    assert_eq!(list.request().name(), "ListVerificationAttempt");
    let fetch = of("FetchVerificationAttempt").unwrap();
    assert_eq!((fetch.request().limit().requests(), fetch.request().name()), (100, "attempts"));
    assert!(of("FetchVerification").is_none());
}

#[tokio::test(start_paused = true)]
async fn clients_of_an_account_share_their_limits() {
    let limits = |server, account| limits_of(server, account, &[]);
    let summary = operation("FetchVerificationAttemptsSummary");
    let one = ("https://one.example", Some("AC1"));
    for (other, together) in [
        (one, true),
        (("https://two.example", Some("AC1")), false),
        (("https://one.example", Some("AC2")), false),
        (("https://one.example", None), false),
    ] {
        // What was sent before no longer counts.
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let (first, second) = (limits(one.0, one.1), limits(other.0, other.1));
        let (first, second) = (first.of(summary, "/").unwrap(), second.of(summary, "/").unwrap());
        assert_eq!(count_together(first, second).await, together, "{other:?}");
    }
    let (first, second) =
        (limits("https://one.example", None), limits("https://one.example", None));
    let (first, second) = (first.of(summary, "/").unwrap(), second.of(summary, "/").unwrap());
    assert!(!count_together(first, second).await);
}
