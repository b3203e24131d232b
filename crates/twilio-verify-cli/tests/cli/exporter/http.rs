//! What the exporter's address has.

use super::process::{Exporter, command};
use super::samples::Samples;
use crate::support::Server;
use twilio_verify_emulator::{Emulator, Fault, ManualClock};

#[test]
fn the_address_has_metrics_a_page_and_two_probes() {
    let server = Server::of_sample(300);
    let exporter = Exporter::ready(&server, &[]);
    let metrics = exporter.get("/metrics");
    assert_eq!(metrics.status, 200);
    let format = metrics.header("content-type").unwrap();
    assert_eq!(format, "text/plain; version=0.0.4; charset=utf-8");
    assert!(!metrics.body.contains("# EOF"), "{}", metrics.body);
    let preferred = "Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;\
                     version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n";
    let openmetrics = exporter.request("GET", "/metrics", preferred);
    let format = openmetrics.header("content-type").unwrap();
    assert_eq!(format, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert!(openmetrics.body.ends_with("# EOF\n"), "{}", openmetrics.body);
    let [text, open] = [&metrics, &openmetrics].map(|it| Samples::of(&it.body).lasting());
    assert_eq!(text, open);

    let page = exporter.get("/");
    assert!(page.status == 200 && page.body.contains("href=\"/metrics\""), "{page:?}");
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert_eq!(exporter.get("/-/healthy").status, 200);
    assert_eq!(exporter.get("/-/ready").status, 200);
    assert_eq!(exporter.get("/metric").status, 404);
    for path in ["/", "/metrics", "/-/healthy", "/-/ready"] {
        let head = exporter.request("HEAD", path, "");
        assert!(head.status == 200 && head.body.is_empty(), "{path} {head:?}");
        assert!(head.header("content-length").is_some_and(|length| length != "0"), "{path}");
        for method in ["POST", "PUT", "DELETE"] {
            let rejected = exporter.request(method, path, "Content-Length: 0\r\n");
            assert_eq!(rejected.status, 405, "{method} {path}");
            assert!(rejected.header("allow").is_some_and(|allow| allow.contains("GET")));
        }
    }
}

#[test]
fn it_is_not_ready_until_there_is_a_snapshot() {
    let builder = Emulator::builder().clock(ManualClock::at(crate::support::now()));
    let server = Server::start(builder.faults(Fault::parse_all("*:503").unwrap()));
    let exporter = Exporter::start(&server, &["--every", "1s", "--timeout", "1s"]);
    let has_failed = || exporter.scrape().failures() > 0.0;
    exporter.until("a renewal has failed", has_failed);
    assert_eq!(exporter.get("/-/healthy").status, 200);
    let ready = exporter.get("/-/ready");
    assert!(ready.status == 503 && ready.body.contains("no snapshot"), "{ready:?}");
    let samples = exporter.scrape();
    assert_eq!(samples.value("twilio_verify_up"), Some(0.0));
    assert_eq!(samples.value("twilio_verify_snapshot_age_seconds"), None);
    assert_eq!(samples.named("twilio_verify_attempts").count(), 0);
    server.emulator.faults().clear();
    exporter.until("there is a snapshot", || exporter.get("/-/ready").status == 200);
    assert_eq!(exporter.scrape().value("twilio_verify_up"), Some(1.0));
}

#[test]
fn requests_do_not_wait_for_each_other() {
    use std::io::Write;

    let server = Server::of_sample(300);
    let exporter = Exporter::ready(&server, &[]);
    // Clients that never end their requests.
    let slow: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(&exporter.address).unwrap();
            stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n").unwrap();
            stream
        })
        .collect();
    assert!(exporter.scrape().sum("twilio_verify_attempts", "1h") >= 0.0);
    drop(slow);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_cleanly() {
    use std::io::Write;

    let server = Server::of_sample(300);
    for signal in ["-INT", "-TERM"] {
        let exporter = Exporter::ready(&server, &[]);
        // Neither an idle client nor one in the middle of a request keeps it.
        let _idle = std::net::TcpStream::connect(&exporter.address).unwrap();
        let mut slow = std::net::TcpStream::connect(&exporter.address).unwrap();
        slow.write_all(b"GET /metrics HTTP/1.1\r\n").unwrap();
        assert_eq!(exporter.stop(signal), (Some(0), String::new()), "{signal}");
    }
}

#[test]
fn an_address_in_use_is_said_before_anything_is_sent() {
    let server = Server::of_sample(3);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut given = server.command();
    let said = crate::support::fails(given.args(["exporter", "--listen", &address]), 2);
    assert!(said.contains("--listen") && said.contains("another program listens"), "{said}");
    assert!(server.emulator.requests().is_empty());
}

#[test]
fn an_address_that_others_reach_is_allowed_and_noted() {
    let server = Server::of_sample(3);
    let exporter = Exporter::of(command(&server, "0.0.0.0:0", &[]));
    assert!(exporter.address.starts_with("0.0.0.0:"), "{}", exporter.address);
    exporter.until("it is ready", || exporter.get("/-/ready").status == 200);
    #[cfg(unix)]
    {
        let (code, said) = exporter.stop("-TERM");
        assert!(code == Some(0) && said.contains("other machines can reach"), "{said}");
    }
}
