//! Lines on stderr about what happens, beside the output.

use std::io::Write;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use super::progress;
use crate::values::clean;

/// The most lines that wait to be written.
const WAITING: usize = 1024;

/// How long the end of the program waits for a slow reader.
const LAST_LINES: Duration = Duration::from_millis(200);

/// A line, or the request to report that all lines before it are written.
enum Entry {
    Line(String),
    End(SyncSender<()>),
}

/// What writes lines on a thread of its own, in a program that must not wait for a reader of them.
static WRITER: OnceLock<SyncSender<Entry>> = OnceLock::new();

/// From now on lines are written by a thread of their own. If their reader is so slow that too many
/// wait, further ones are left out.
pub(crate) fn never_wait() {
    let (sender, entries) = sync_channel(WAITING);
    let writer = std::thread::Builder::new().name("log".to_owned());
    if WRITER.set(sender).is_ok() {
        // Without the thread, no line is written.
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
        // A line too many is left out.
        Some(writer) => drop(writer.try_send(Entry::Line(text.into_owned()))),
        None => write(&text),
    }
}

/// Waits until the lines so far are written, for a moment at most.
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
