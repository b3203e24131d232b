//! The API without async.

use chrono::{TimeZone, Utc};
use twilio_verify::blocking::Wait;
use twilio_verify::{Client, ErrorKind};
use twilio_verify_emulator::{Emulator, ManualClock, sample};

/// An emulator on a runtime of its own, and a client.
fn emulator() -> (tokio::runtime::Runtime, Emulator, Client) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let now = Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap();
    let emulator =
        Emulator::builder().clock(ManualClock::at(now)).attempts(sample(7, now, 120)).start();
    let emulator = runtime.block_on(emulator).unwrap();
    let client = Client::builder()
        .credentials(emulator.credentials())
        .base_url(emulator.url())
        .build()
        .unwrap();
    (runtime, emulator, client)
}

#[test]
fn calls_are_waited_for_and_lists_are_iterators() {
    let (_runtime, _emulator, client) = emulator();
    let attempts = client.attempts();
    assert_eq!(attempts.summary().send().wait().unwrap().total_attempts, 120);
    let items: Vec<_> = attempts.list().page_size(50).items().into_iter().collect();
    assert_eq!(items.len(), 120);
    let first = items[0].as_ref().unwrap();
    let fetched = attempts.fetch(first.sid.clone().unwrap()).wait().unwrap();
    assert!(fetched == *first);
    let pages = attempts.list().page_size(50).pages().into_iter();
    let sizes: Vec<_> = pages.map(|page| page.unwrap().items.len()).collect();
    assert_eq!(sizes, [50, 50, 20]);
}

#[test]
fn many_threads_wait_at_once() {
    let (_runtime, _emulator, client) = emulator();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let client = client.clone();
            scope.spawn(move || {
                let list = client.attempts().list().limit(3).items();
                assert_eq!(list.into_iter().filter(Result::is_ok).count(), 3);
            });
        }
    });
}

#[test]
fn errors_are_the_same_and_a_list_ends_with_its_first() {
    let (_runtime, _emulator, client) = emulator();
    let mut items = client.attempts().list().page_size(0).items().into_iter();
    let error = items.next().unwrap().unwrap_err();
    assert_eq!(error.field(), Some("page_size"));
    assert!(items.next().is_none());
}

#[test]
fn a_thread_that_runs_async_code_is_not_blocked() {
    let (_runtime, _emulator, client) = emulator();
    let runtimes = [
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap(),
    ];
    for runtime in runtimes {
        let call = client.attempts().summary().send();
        let at_the_root = runtime.block_on(async { call.wait() });
        assert_eq!(at_the_root.unwrap_err().kind(), ErrorKind::InvalidRequest);
        let call = client.attempts().summary().send();
        let in_a_task = runtime.block_on(async { tokio::spawn(async { call.wait() }).await });
        assert_eq!(in_a_task.unwrap().unwrap_err().field(), Some("wait"));
        let mut items = client.attempts().list().items().into_iter();
        let (first, second) = runtime.block_on(async { (items.next(), items.next()) });
        assert!(first.unwrap().is_err() && second.is_none(), "a list ends after an error");
    }
}

#[test]
fn a_thread_that_may_block_waits() {
    let (runtime, _emulator, client) = emulator();
    let summary = || client.attempts().summary().send();
    let call = summary();
    let result = runtime.block_on(async { tokio::task::spawn_blocking(|| call.wait()).await });
    assert_eq!(result.unwrap().unwrap().total_attempts, 120);
    let call = summary();
    let result = runtime.block_on(async {
        tokio::spawn(async { tokio::task::block_in_place(|| call.wait()) }).await
    });
    assert_eq!(result.unwrap().unwrap().total_attempts, 120);
    // The thread has entered a runtime, and runs nothing of it.
    let _entered = runtime.enter();
    assert_eq!(summary().wait().unwrap().total_attempts, 120);
}

#[test]
fn without_a_runtime_a_call_is_an_error() {
    let (_runtime, _emulator, client) = emulator();
    let call = std::pin::pin!(client.attempts().summary().send());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(result) = std::future::Future::poll(call, &mut context) else {
        panic!("it waits");
    };
    assert_eq!(result.unwrap_err().field(), Some("runtime"));
}

#[cfg(unix)]
#[test]
fn a_forked_child_gets_an_error_in_time() {
    let (_runtime, _emulator, client) = emulator();
    client.attempts().summary().send().wait().unwrap();
    match fork::fork().unwrap() {
        fork::Fork::Child => {
            let result = client.attempts().summary().send().wait();
            let is_refused = result.is_err_and(|error| error.kind() == ErrorKind::NotSent);
            std::process::exit(i32::from(!is_refused));
        }
        fork::Fork::Parent(child) => {
            let status = fork::waitpid(child).unwrap();
            assert!(fork::WIFEXITED(status) && fork::WEXITSTATUS(status) == 0, "{status}");
        }
    }
    client.attempts().summary().send().wait().unwrap();
}
