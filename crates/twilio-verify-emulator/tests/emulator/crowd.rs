//! Many verifications at once.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};
use twilio_verify::{Channel, Client};
use twilio_verify_emulator::Emulator;

/// Of this many verifications, one gets a wrong code first, one is never checked, and one gets its code again.
const KINDS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn none_is_lost_when_many_start_and_are_checked_at_once() {
    const COUNT: usize = 500;
    let emulator = Emulator::builder().summary_limit(None).start().await.unwrap();
    let client = Client::builder()
        .credentials(emulator.credentials())
        .base_url(emulator.url())
        .build()
        .unwrap();
    let service = client.services().create("Shop").send().await.unwrap();
    let service = client.service(service.sid.unwrap());
    let (service, outbox) = (&service, emulator.outbox());
    let sids: Vec<String> = stream::iter(0..COUNT)
        .map(|number| async move {
            let to = format!("+57300{number:07}");
            let verifications = service.verifications();
            let started = verifications.start(to.as_str(), Channel::Sms).send().await.unwrap();
            if number % KINDS == 2 {
                let again = verifications.start(to.as_str(), Channel::Call).send().await.unwrap();
                assert_eq!(again.sid, started.sid);
            }
            let code = outbox.code_for(&to).unwrap();
            if number % KINDS == 0 {
                let wrong = verifications.check(to.as_str(), "wrong").send().await.unwrap();
                assert_eq!(wrong.valid, Some(false));
            }
            if number % KINDS != 1 {
                let check = verifications.check(to.as_str(), code).send().await.unwrap();
                assert_eq!((check.valid, &check.sid), (Some(true), &started.sid));
            }
            started.sid.unwrap().to_string()
        })
        .buffer_unordered(32)
        .collect()
        .await;
    assert_eq!(sids.iter().collect::<HashSet<_>>().len(), COUNT);
    let summary = client.attempts().summary().send().await.unwrap();
    assert_eq!(summary.total_attempts, (COUNT + COUNT / KINDS) as u64);
    assert_eq!(summary.total_converted, (COUNT - COUNT / KINDS) as u64);
    assert_eq!(summary.total_unconverted, (2 * COUNT / KINDS) as u64);
    assert_eq!(outbox.len(), COUNT + COUNT / KINDS);
    // Each attempt belongs to a verification that was started.
    let sids: HashSet<_> = sids.into_iter().collect();
    for message in outbox.messages() {
        let attempt = emulator.store().get(message.attempt_sid).unwrap();
        assert_eq!(attempt.verification_sid, message.verification_sid);
        assert!(sids.contains(&attempt.verification_sid.to_string()));
    }
}
