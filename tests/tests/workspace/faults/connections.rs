//! Connections that end too early.

use tests::faults::{ATTEMPTS, Fault, Method, bounded, check, hasty};
use tests::scripted::{Reply, Scripted};
use twilio_verify::ErrorKind;

#[tokio::test]
async fn connections_that_end_without_an_answer() {
    check([
        Fault::no_answer("reset before the request is read", Reply::ResetWithin(0)),
        Fault::no_answer("reset within the request", Reply::ResetWithin(50)),
        Fault::no_answer("reset after the request", Reply::Reset(Vec::new())),
        Fault::no_answer("closed before the request is read", Reply::Unasked(Vec::new())),
        Fault::no_answer("closed after the request", Reply::Close),
    ])
    .await;
}

/// The server closes each connection after its response, without notice. Whether the next request
/// is affected depends on timing, so it is tried often.
#[tokio::test]
async fn connections_that_the_server_has_closed_since() {
    for method in Method::ALL {
        let good = Reply::keep_open(method.success(), &[], method.body());
        let Reply::KeepOpen(bytes) = good else { unreachable!("kept open") };
        let server = Scripted::start([Reply::Bytes(bytes)]).await.unwrap();
        let client = hasty(server.url())
            .request_limit("FetchVerificationAttemptsSummary", None)
            .build()
            .unwrap();
        for _ in 0..100 {
            let before = server.received().len();
            let result = bounded("closed since", method.call(&client)).await;
            server.settled().await;
            let received = server.received().len() - before;
            match result {
                Ok(()) => assert_eq!(received, 1, "{method:?}"),
                Err(error) => {
                    assert_eq!(method, Method::Post, "{error:?}");
                    assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error:?}");
                    assert_eq!(received, 0, "it was not read: {error:?}");
                }
            }
        }
    }
}

/// The second request on a connection is read, and the connection ends.
#[tokio::test]
async fn connections_that_end_after_the_next_request() {
    for end in [Reply::Close, Reply::Reset(Vec::new()), Reply::ResetWithin(0)] {
        for method in Method::ALL {
            let open = Reply::keep_open(method.success(), &[], method.body());
            let read = usize::from(end.reads());
            let server = Scripted::start([open.clone(), end.clone(), open]).await.unwrap();
            let client = hasty(server.url()).build().unwrap();
            let name = format!("{end:?} ({method:?})");
            bounded(&name, method.call(&client)).await.unwrap();
            assert_eq!(server.connections(), 1, "{name}");
            let result = bounded(&name, method.call(&client)).await;
            server.settled().await;
            if method == Method::Post {
                let error = result.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::NoAnswer, "{name}: {error:?}");
                assert_eq!(server.received().len(), 1 + read, "{name}");
                assert_eq!(server.connections(), 1, "{name}");
            } else {
                result.unwrap();
                assert_eq!(server.received().len(), 2 + read, "{name}");
                assert_eq!(server.connections(), 2, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let open = Reply::keep_open(200, &[], tests::faults::BODY);
    let server = Scripted::start([open]).await.unwrap();
    let client = hasty(server.url()).build().unwrap();
    for _ in 0..=ATTEMPTS {
        bounded("kept open", Method::Get.call(&client)).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(server.received().len(), ATTEMPTS + 1);
}
