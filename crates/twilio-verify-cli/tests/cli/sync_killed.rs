//! `attempts sync`, killed at any point: no attempt is missing, and none is there twice.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::Server;
use crate::sync::{Place, expected, recent, server, sids};

/// When the program is killed.
#[derive(Clone, Copy, Debug)]
enum Point {
    /// After this many requests.
    Requests(usize),
    /// While it writes a file, the first time after this many requests.
    Writing(usize),
}

#[test]
fn killed_at_requests() {
    for requests in [1, 5, 8, 11, 14] {
        killed(Point::Requests(requests));
    }
}

#[test]
fn killed_while_files_are_written() {
    for requests in [1, 7, 9, 11, 13] {
        killed(Point::Writing(requests));
    }
}

fn killed(point: Point) {
    let attempts = recent(6_000);
    let (server, place) = (server(attempts.clone()), Place::new());
    let mut child = start(&server, &place);
    while !reached(point, &server, &place.archive()) {
        if child.try_wait().unwrap().is_some() {
            panic!("{point:?}: it ended before it was killed");
        }
        // Not all the time: the program needs a processor, too.
        std::thread::sleep(Duration::from_micros(200));
    }
    // SIGKILL.
    child.kill().unwrap();
    child.wait().unwrap();
    let before = sids(&place.archive());
    let mut unique = before.clone();
    unique.dedup();
    assert_eq!(before, unique, "{point:?}");
    let mut again = place.sync(server.command(), &["--numbers", "none"]);
    again.assert().success();
    assert_eq!(sids(&place.archive()), expected(&attempts), "{point:?}");
    assert!(temporary(&place.archive()).is_none(), "{point:?}");
}

fn start(server: &Server, place: &Place) -> Child {
    let sync = place.sync(server.command(), &["--numbers", "none"]);
    let mut command = std::process::Command::new(sync.get_program());
    command.args(sync.get_args()).env_clear();
    command.envs(sync.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn reached(point: Point, server: &Server, archive: &Path) -> bool {
    let sent = server.emulator.requests().len();
    match point {
        Point::Requests(requests) => sent >= requests,
        Point::Writing(requests) => sent >= requests && temporary(archive).is_some(),
    }
}

/// A file that is being written.
fn temporary(archive: &Path) -> Option<std::path::PathBuf> {
    let entries = |folder: &Path| {
        std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|one| one.path())
    };
    let days = entries(archive).filter(|path| path.is_dir());
    let mut files = days.flat_map(|day| entries(&day).collect::<Vec<_>>()).chain(entries(archive));
    files.find(|path| path.extension().is_some_and(|extension| extension == "tmp"))
}
