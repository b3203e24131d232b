//! Sends findings to a webhook and a command, while the watch goes on.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, JoinSet};

use super::command;
use super::event::Notice;
use super::webhook::Webhook;
use crate::output::note::note;

/// How many findings wait at most.
const WAITING: usize = 1000;

/// How many commands run at once.
const COMMANDS: usize = 4;

/// How long the end of the program waits for what is under way.
const GRACE: Duration = Duration::from_secs(5);

/// Where findings are sent. Each has a queue, so that none keeps the others or the watch waiting.
pub(super) struct Notices {
    targets: Vec<Target>,
}

struct Target {
    name: &'static str,
    queue: Sender<Notice>,
    task: JoinHandle<()>,
}

impl Notices {
    pub(super) fn new(webhook: Option<Webhook>, exec: Option<String>) -> Self {
        let mut targets = Vec::new();
        if let Some(webhook) = webhook {
            let (queue, notices) = channel(WAITING);
            let task = tokio::spawn(send_all(webhook, notices));
            targets.push(Target { name: "--webhook", queue, task });
        }
        if let Some(line) = exec {
            let (queue, notices) = channel(WAITING);
            let task = tokio::spawn(run_all(line, notices));
            targets.push(Target { name: "--exec", queue, task });
        }
        Self { targets }
    }

    /// Sends a finding, without waiting.
    pub(super) fn send(&self, notice: &Notice) {
        for target in &self.targets {
            if target.queue.try_send(notice.clone()).is_err() {
                note(&format!("{}: too many findings wait; one is left out", target.name));
            }
        }
    }

    /// Waits until all findings are sent.
    pub(super) async fn end(self) {
        for Target { queue, task, .. } in self.targets {
            drop(queue);
            // Each of its faults was noted.
            drop(task.await);
        }
    }

    /// Waits for a moment, and notes what could not be sent.
    pub(super) async fn end_soon(self) {
        let end = tokio::time::Instant::now() + GRACE;
        for Target { name, queue, task } in self.targets {
            drop(queue);
            let mut task = pin!(task);
            if tokio::time::timeout_at(end, &mut task).await.is_err() {
                task.abort();
                // What it runs is killed.
                drop(task.await);
                note(&format!("{name}: not all findings were sent before the end"));
            }
        }
    }
}

/// Sends findings, one after another.
async fn send_all(webhook: Webhook, mut notices: Receiver<Notice>) {
    while let Some(notice) = notices.recv().await {
        let Ok(json) = notice.json() else { continue };
        if let Err(reason) = webhook.send(json.to_string().as_bytes()).await {
            let (host, id) = (webhook.host(), notice.event.id);
            note(&format!("--webhook: {host}: {reason}; finding {id} was not sent"));
        }
    }
}

/// Runs commands, some at once.
async fn run_all(line: String, mut notices: Receiver<Notice>) {
    let (line, places) = (Arc::new(line), Arc::new(Semaphore::new(COMMANDS)));
    let mut running = JoinSet::new();
    while let Some(notice) = notices.recv().await {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let line = Arc::clone(&line);
        running.spawn(async move {
            let id = notice.event.id;
            match command::run(&line, &notice).await {
                Ok(status) if status.success() => {}
                Ok(status) => note(&format!("--exec: finding {id}: the command failed: {status}")),
                Err(error) => {
                    note(&format!("--exec: finding {id}: the command can't be run: {error}"));
                }
            }
            drop(place);
        });
        while running.try_join_next().is_some() {}
    }
    while running.join_next().await.is_some() {}
}
