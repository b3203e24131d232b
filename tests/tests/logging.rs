//! No secret, no phone number and no address reaches a log, at any level, of
//! this crate or those it uses. Alone in its file: the subscriber is the whole
//! process's.

use std::io;
use std::sync::{Arc, Mutex};

use tests::client::builder;
use tests::privacy::{NUMBER, TOKEN, assert_private, describe};
use tests::scripted::{Reply, Scripted};
use tracing_subscriber::fmt::MakeWriter;
use twilio_verify::{Client, Method, RetryPolicy};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn client(url: &str) -> Client {
    let once = RetryPolicy::never();
    builder(url, TOKEN).retry(once).build().unwrap()
}

#[tokio::test]
async fn logs_of_all_crates_at_all_levels() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let refusal = format!(r#"{{"code":60200,"message":"Invalid parameter {NUMBER}"}}"#);
    let page = format!(
        r#"{{"attempts":[{{"channel_data":{{"to":"{NUMBER}"}}}}],"meta":{{"next_page_url":"/v2/Attempts?ChannelData.To=%2B573003003030"}}}}"#
    );
    let server =
        Scripted::start([Reply::json(200, &page), Reply::json(400, &refusal), Reply::Close])
            .await
            .unwrap();
    let client = client(server.url());
    let list = client.attempts().list().to(NUMBER);
    assert_private(&format!("{list:?} {client:?}"));
    let mut items = list.items();
    let attempt = items.try_next().await.unwrap().unwrap();
    assert_private(&format!("{attempt:?} {attempt:#?}"));
    assert_private(&describe(&items.try_next().await.unwrap_err()));
    let summary = client.attempts().summary().destination_prefix(NUMBER);
    assert_private(&format!("{summary:?}"));
    assert_private(&describe(&summary.send().await.unwrap_err()));
    for path in [format!("/v2/New/{NUMBER}"), "/v2/Attempts/Summary".to_owned()] {
        let request = client.request(Method::POST, path).query("To", NUMBER);
        let request = request.form("Code", TOKEN);
        assert_private(&format!("{request:?}"));
        assert_private(&describe(&request.send_raw().await.unwrap_err()));
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("ListVerificationAttempt"), "the calls are logged:\n{log}");
    assert!(log.contains("/v2/Attempts"), "{log}");
    assert!(log.contains("raw"), "{log}");
    let ours: String = log.lines().filter(|line| line.contains("twilio_verify")).collect();
    assert_private(&ours);
}
