//! Sends findings to a webhook and a command in the background.

use std::sync::Arc;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::command;
use super::event::Notice;
use super::webhook::Webhook;
use crate::output::note::note;

/// The most findings that wait in a queue.
const WAITING: usize = 1000;

/// The most commands that run at once.
const COMMANDS: usize = 4;

/// The targets of findings. Each has a queue, so that a slow one delays neither the others nor the
/// watch.
pub(super) struct Notices {
    targets: Vec<Target>,
    stop: watch::Sender<bool>,
}

struct Target {
    name: &'static str,
    queue: Sender<Notice>,
    task: JoinHandle<()>,
}

impl Notices {
    pub(super) fn new(webhook: Option<Webhook>, exec: Option<String>) -> Self {
        let (stop, receiver) = watch::channel(false);
        let stopped = Stop(receiver);
        let mut targets = Vec::new();
        if let Some(webhook) = webhook {
            let (queue, notices) = channel(WAITING);
            let task = tokio::spawn(send_all(webhook, notices, stopped.clone()));
            targets.push(Target { name: "--webhook", queue, task });
        }
        if let Some(line) = exec {
            let (queue, notices) = channel(WAITING);
            let task = tokio::spawn(run_all(line, notices, stopped));
            targets.push(Target { name: "--exec", queue, task });
        }
        Self { targets, stop }
    }

    /// Sends a finding, without waiting.
    pub(super) fn send(&self, notice: &Notice) {
        for target in &self.targets {
            if target.queue.try_send(notice.clone()).is_err() {
                note(&format!("{}: too many findings wait; one is left out", target.name));
            }
        }
    }

    /// Waits until all findings are sent or `until` completes, and notes which targets did not get
    /// all. Stops commands that still run.
    pub(super) async fn end(self, until: impl Future<Output = ()>) {
        let Self { targets, stop } = self;
        let mut tasks: Vec<_> =
            targets.into_iter().map(|Target { name, task, .. }| (name, task)).collect();
        let sent = async {
            for (_, task) in &mut tasks {
                // The task has noted each of its failures.
                drop(task.await);
            }
        };
        tokio::select! {
            biased;
            () = sent => return,
            () = until => {}
        }
        stop.send_replace(true);
        for (name, task) in tasks {
            if !task.is_finished() {
                drop(task.await);
                note(&format!("{name}: not all findings were sent before the end"));
            }
        }
    }
}

/// Sends findings one after another.
async fn send_all(webhook: Webhook, mut notices: Receiver<Notice>, stop: Stop) {
    let send = async {
        while let Some(notice) = notices.recv().await {
            let Ok(json) = notice.json() else { continue };
            if let Err(reason) = webhook.send(json.to_string().as_bytes()).await {
                let (host, id) = (webhook.host(), notice.event.id);
                note(&format!("--webhook: {host}: {reason}; finding {id} was not sent"));
            }
        }
    };
    tokio::select! {
        () = send => {}
        () = stop.stopped() => {}
    }
}

/// Runs a command for each finding, at most [`COMMANDS`] at once.
async fn run_all(line: String, mut notices: Receiver<Notice>, stop: Stop) {
    let (line, places) = (Arc::new(line), Arc::new(Semaphore::new(COMMANDS)));
    let mut running = JoinSet::new();
    let start = async {
        while let Some(notice) = notices.recv().await {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            running.spawn(run(Arc::clone(&line), notice, stop.clone(), place));
            while running.try_join_next().is_some() {}
        }
    };
    tokio::select! {
        () = start => {}
        () = stop.clone().stopped() => {}
    }
    while running.join_next().await.is_some() {}
}

async fn run(line: Arc<String>, notice: Notice, stop: Stop, _place: OwnedSemaphorePermit) {
    let id = notice.event.id;
    match command::run(&line, &notice, stop.stopped()).await {
        Ok(Some(status)) if !status.success() => {
            note(&format!("--exec: finding {id}: the command failed: {status}"));
        }
        Ok(_) => {}
        Err(error) => note(&format!("--exec: finding {id}: the command can't be run: {error}")),
    }
}

/// The signal after which nothing may run.
#[derive(Clone)]
struct Stop(watch::Receiver<bool>);

impl Stop {
    async fn stopped(mut self) {
        // An error means that the sender is gone: there is nothing to wait for.
        drop(self.0.wait_for(|stops| *stops).await);
    }
}
