//! A call that is dropped ends at once, at any stage: the server sees the connection close, and
//! nothing more.

use tests::faults::{Method, hasty};
use tests::scripted::{Reply, Scripted};

#[tokio::test]
async fn while_the_connection_is_made() {
    for method in Method::ALL {
        let server = Scripted::start([Reply::Deaf]).await.unwrap();
        let url = server.url().replace("http:", "https:");
        let client = hasty(&url).build().unwrap();
        tokio::select! {
            result = method.call(&client) => panic!("{method:?}: {result:?}"),
            () = server.until_connected(1) => {}
        }
        server.until_closed().await;
        server.settled().await;
        assert_eq!(server.connections(), 1, "{method:?}");
    }
}

#[tokio::test]
async fn while_an_answer_is_waited_for() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec();
    let spaces = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    for reply in [Reply::Stall(Vec::new()), Reply::Stall(half), Reply::Endless(spaces, vec![b' '])]
    {
        for method in Method::ALL {
            let server = Scripted::start([reply.clone()]).await.unwrap();
            let client = hasty(server.url()).max_response_size(usize::MAX).build().unwrap();
            tokio::select! {
                result = method.call(&client) => panic!("{reply:?} ({method:?}): {result:?}"),
                () = server.until_received(1) => {}
            }
            server.until_closed().await;
            server.settled().await;
            assert_eq!(server.connections(), 1, "{reply:?} ({method:?})");
            assert_eq!(server.received().len(), 1, "{reply:?} ({method:?})");
        }
    }
}

/// Nothing goes on in the background: a request that waits to be sent again is not sent.
#[tokio::test]
async fn while_it_waits_to_be_sent_again() {
    for method in Method::ALL {
        let refusal = Reply::with(429, &[("Retry-After", "1")], "");
        let server = Scripted::start([refusal, method.response()]).await.unwrap();
        let client = hasty(server.url()).build().unwrap();
        tokio::select! {
            result = method.call(&client) => panic!("{method:?}: {result:?}"),
            () = async {
                server.until_received(1).await;
                server.until_closed().await;
            } => {}
        }
        server.settled().await;
        assert_eq!(server.connections(), 1, "{method:?}");
    }
}

/// A dropped call leaves the client unchanged.
#[tokio::test]
async fn the_client_goes_on() {
    for method in Method::ALL {
        let server = Scripted::start([Reply::Stall(Vec::new()), method.response()]).await.unwrap();
        let client = hasty(server.url()).build().unwrap();
        tokio::select! {
            result = method.call(&client) => panic!("{method:?}: {result:?}"),
            () = server.until_received(1) => {}
        }
        method.call(&client).await.unwrap();
        server.until_closed().await;
        assert_eq!(server.received().len(), 2, "{method:?}");
    }
}
