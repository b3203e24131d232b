//! Writes log lines to stderr.

use std::io::Write;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use super::progress;
use crate::values::clean;

/// The most lines that wait to be written.
const WAITING: usize = 1024;

/// How long the program waits for a slow reader before it ends.
const LAST_LINES: Duration = Duration::from_millis(200);

/// A line, or the request to report that all lines before it are written.
enum Entry {
    Line(String),
    End(SyncSender<()>),
}

/// The queue of the thread that writes lines, in a program that must not wait for their reader.
static WRITER: OnceLock<SyncSender<Entry>> = OnceLock::new();

/// Starts a thread that writes all further lines. If the reader is so slow that [`WAITING`] lines
/// wait, further ones are dropped.
pub(crate) fn never_wait() {
    let (sender, entries) = sync_channel(WAITING);
    let writer = std::thread::Builder::new().name("log".to_owned());
    if WRITER.set(sender).is_ok() {
        // If the thread can't be started, no lines are written.
        drop(writer.spawn(move || write_all(&entries)));
    }
}

fn write_all(entries: &Receiver<Entry>) {
    while let Ok(entry) = entries.recv() {
        match entry {
            Entry::Line(line) => write(&line),
            Entry::End(written) => {
                let _gone = written.try_send(());
            }
        }
    }
}

/// Writes a line.
pub(crate) fn line(text: &str) {
    let text = clean::value(text);
    match WRITER.get() {
        // If the queue is full, the line is dropped.
        Some(writer) => drop(writer.try_send(Entry::Line(text.into_owned()))),
        None => write(&text),
    }
}

/// Waits until the lines so far are written, for at most [`LAST_LINES`].
pub(crate) fn end() {
    if let Some(writer) = WRITER.get() {
        let (written, all) = sync_channel(1);
        if writer.try_send(Entry::End(written)).is_ok() {
            let _in_vain = all.recv_timeout(LAST_LINES);
        }
    }
}

fn write(line: &str) {
    // If stderr can't be written, only the line is lost.
    progress::suspended(|| drop(writeln!(anstream::stderr(), "{line}")));
}
