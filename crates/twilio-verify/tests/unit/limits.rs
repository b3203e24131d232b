//! The limits of a client, by operation and account.

use std::sync::Arc;

use twilio_verify_api::{OPERATIONS, Operation};

use super::{DOCUMENTED, LimitSettings, Limits};
use crate::transport::request_limit::RequestLimit;

fn operation(id: &str) -> &'static Operation {
    OPERATIONS.iter().find(|known| known.operation_id == id).unwrap()
}

fn limits(own: &[(&str, Option<RequestLimit>)]) -> Limits {
    let own = own.iter().map(|(id, limit)| ((*id).to_owned(), *limit)).collect();
    Limits::new(&LimitSettings { documented: true, own }).unwrap()
}

#[test]
fn operations_that_count_together_share_a_limiter() {
    let limits = limits(&[]);
    let limiter = |id| limits.limiter(operation(id), "/").unwrap();
    let list = limiter("ListVerificationAttempt");
    assert!(Arc::ptr_eq(&list, &limiter("FetchVerificationAttempt")));
    assert!(!Arc::ptr_eq(&list, &limiter("FetchVerificationAttemptsSummary")));
    assert!(limits.limiter(operation("CreateVerification"), "/").is_none());
    for (operations, _, _) in DOCUMENTED {
        for id in operations {
            limiter(id);
        }
    }
}

#[tokio::test]
async fn each_verification_has_a_limit_of_its_own() {
    let limits = limits(&[]);
    let limiter = |path| limits.limiter(operation("FetchVerification"), path).unwrap();
    let first = limiter("/v2/Services/VA/Verifications/VE1");
    assert!(Arc::ptr_eq(&first, &limiter("/v2/Services/VA/Verifications/VE1")));
    assert!(!Arc::ptr_eq(&first, &limiter("/v2/Services/VA/Verifications/VE2")));
}

#[test]
fn a_limit_of_the_program_replaces_the_documented_one() {
    let own = RequestLimit::per_minute(7);
    let limits = limits(&[("ListVerificationAttempt", own), ("FetchVerification", None)]);
    let limiter = |id| limits.limiter(operation(id), "/");
    let list = limiter("ListVerificationAttempt").unwrap();
    assert!(!Arc::ptr_eq(&list, &limiter("FetchVerificationAttempt").unwrap()));
    assert!(limiter("FetchVerification").is_none());
}

#[test]
fn clients_of_an_account_share_their_limits() {
    let of = |server, account| Limits::of(server, account, LimitSettings::default()).unwrap();
    let first = of("https://one.example", Some("AC1"));
    assert!(Arc::ptr_eq(&first, &of("https://one.example", Some("AC1"))));
    assert!(!Arc::ptr_eq(&first, &of("https://two.example", Some("AC1"))));
    assert!(!Arc::ptr_eq(&first, &of("https://one.example", Some("AC2"))));
    assert!(!Arc::ptr_eq(&of("https://one.example", None), &of("https://one.example", None)));
}
