//! No secret, no phone number and no address reaches a `Debug` or an error.

use tests::client::builder;
use tests::privacy::{ADDRESS, NUMBER, TOKEN, assert_private, describe};
use twilio_verify::{Client, RetryPolicy};

fn client(url: &str) -> Client {
    let once = RetryPolicy::never();
    builder(url, TOKEN).retry(once).build().unwrap()
}

#[tokio::test]
async fn errors_with_all_their_sources() {
    // Nothing listens there: the reason has the URL, which has the number.
    let client = client("http://127.0.0.1:1");
    for to in [NUMBER, ADDRESS] {
        let error = client.attempts().list().to(to).items().try_next().await.unwrap_err();
        assert_private(&describe(&error));
    }
    for wrong in ["573003003030", "ana @example.com", "+573003003030x"] {
        let error = client.attempts().list().to(wrong).items().try_next().await.unwrap_err();
        assert_private(&describe(&error));
    }
    let error = TOKEN.parse::<twilio_verify::AccountSid>().unwrap_err();
    assert_private(&format!("{error} {error:?}"));
    let error = "573003003030".parse::<twilio_verify::DestinationPrefix>().unwrap_err();
    assert_private(&format!("{error} {error:?}"));
    let error = NUMBER.parse::<twilio_verify::Channel>().unwrap_err();
    assert_private(&format!("{error} {error:?}"));
}
