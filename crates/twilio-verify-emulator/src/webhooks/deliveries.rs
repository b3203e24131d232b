//! The log of an emulator's deliveries, pending and past.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, watch};

use crate::records::identity::event::Event;
use crate::state::account::Account;
use crate::webhooks::delivery::{Delivery, DeliveryOutcome, WebhookResponse};
use crate::webhooks::payload::{Payload, address};

/// The maximum number of deliveries in the log, and of pending ones.
const CAPACITY: usize = 1000;

/// The maximum number of responses to a delivery in the log.
const RESPONSES: usize = 20;

/// The last deliveries, and the queue of the sender.
pub(crate) struct Deliveries {
    log: Mutex<DeliveryLog>,
    queue: mpsc::UnboundedSender<Payload>,
    /// The number of pending deliveries, at most [`CAPACITY`], so that the queue is bounded.
    pending: watch::Sender<usize>,
}

struct DeliveryLog {
    deliveries: VecDeque<Delivery>,
    /// The number of the first delivery in the log.
    first: u64,
    /// The number of the first delivery that was not cleared.
    uncleared: u64,
}

impl Default for DeliveryLog {
    fn default() -> Self {
        Self { deliveries: VecDeque::new(), first: 1, uncleared: 1 }
    }
}

impl Deliveries {
    /// Creates an empty log, and the receiver of the pending deliveries.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Payload>) {
        let (queue, payloads) = mpsc::unbounded_channel();
        let deliveries = Self { log: Mutex::default(), queue, pending: watch::channel(0).0 };
        (deliveries, payloads)
    }

    /// Queues an event for the webhooks of its service.
    pub(crate) fn announce(
        &self,
        account: &mut Account,
        account_sid: &str,
        event: &Event,
        now: DateTime<Utc>,
    ) {
        let uuid = uuid(account.draw.sid());
        let webhooks = account.webhooks.iter().map(|(_, webhook)| webhook);
        for webhook in webhooks {
            if webhook.service_sid != event.service_sid || !webhook.wants(&event.event_type) {
                continue;
            }
            let parameters = event.parameters(&uuid, account_sid);
            self.add(Delivery {
                number: 0,
                date_created: now,
                redelivery_of: None,
                webhook_sid: webhook.sid,
                service_sid: event.service_sid,
                event_type: event.event_type.clone(),
                url: webhook.url.clone(),
                parameters,
                tries: 0,
                outcome: DeliveryOutcome::Pending,
                responses: Vec::new(),
            });
        }
    }

    /// Queues a past delivery once more: the same event, to the same URL. Returns the new delivery, or `None` if there
    /// is no delivery with this number.
    pub(crate) fn redeliver(&self, number: u64, now: DateTime<Utc>) -> Option<Delivery> {
        let past = self.log().get_mut(number)?.clone();
        Some(self.add(Delivery {
            date_created: now,
            redelivery_of: Some(number),
            tries: 0,
            outcome: DeliveryOutcome::Pending,
            responses: Vec::new(),
            ..past
        }))
    }

    fn add(&self, mut delivery: Delivery) -> Delivery {
        let mut log = self.log();
        let number = log.first.saturating_add(log.deliveries.len() as u64);
        delivery.number = number;
        match address(&delivery.url) {
            None => delivery.outcome = DeliveryOutcome::NotLoopback,
            Some(_) if *self.pending.borrow() >= CAPACITY => {
                delivery.outcome = DeliveryOutcome::TooManyPending;
            }
            Some(url) => {
                let sent = self.queue.send(Payload {
                    number,
                    webhook_sid: delivery.webhook_sid,
                    url,
                    parameters: delivery.parameters.clone(),
                });
                match sent {
                    Ok(()) => self.pending.send_modify(|pending| *pending += 1),
                    Err(_) => delivery.outcome = DeliveryOutcome::Stopped,
                }
            }
        }
        log.deliveries.push_back(delivery.clone());
        if log.deliveries.len() > CAPACITY {
            log.deliveries.pop_front();
            log.first += 1;
        }
        delivery
    }

    /// Counts another try of a delivery. Returns false if it was cleared, and must not be sent.
    pub(crate) fn tried(&self, number: u64) -> bool {
        let mut log = self.log();
        if let Some(delivery) = log.get_mut(number) {
            delivery.tries += 1;
        }
        number >= log.uncleared
    }

    /// Records the response to a try, or its failure.
    pub(crate) fn responded(&self, number: u64, response: WebhookResponse) {
        if let Some(delivery) = self.log().get_mut(number) {
            if delivery.responses.len() == RESPONSES {
                delivery.responses.remove(0);
            }
            delivery.responses.push(response);
        }
    }

    /// Records the outcome of a pending delivery.
    pub(crate) fn end(&self, number: u64, outcome: DeliveryOutcome) {
        let mut log = self.log();
        if let Some(delivery) = log.get_mut(number) {
            delivery.outcome = outcome;
        }
        drop(log);
        self.pending.send_modify(|pending| *pending = pending.saturating_sub(1));
    }

    /// Marks all pending deliveries as stopped.
    pub(crate) fn stop(&self) {
        let mut log = self.log();
        let deliveries = log.deliveries.iter_mut();
        for delivery in deliveries.filter(|delivery| delivery.outcome == DeliveryOutcome::Pending) {
            delivery.outcome = DeliveryOutcome::Stopped;
        }
        drop(log);
        self.pending.send_replace(0);
    }

    /// Deletes all deliveries. Pending ones are not tried again.
    pub(crate) fn clear(&self) {
        let mut log = self.log();
        log.first = log.first.saturating_add(log.deliveries.len() as u64);
        log.uncleared = log.first;
        log.deliveries.clear();
    }

    /// Waits until no deliveries are pending.
    pub(crate) async fn settled(&self) {
        // The sender lives as long as `self`, so there is no error.
        let _ = self.pending.subscribe().wait_for(|pending| *pending == 0).await;
    }

    pub(crate) fn all(&self) -> Vec<Delivery> {
        self.log().deliveries.iter().cloned().collect()
    }

    fn log(&self) -> std::sync::MutexGuard<'_, DeliveryLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Formats a random UUID: version 4 of RFC 9562.
fn uuid(random: u128) -> String {
    const VERSION: u128 = 0xf << 76;
    const VARIANT: u128 = 0b11 << 62;
    let digits = format!("{:032x}", random & !VERSION & !VARIANT | 0x4 << 76 | 0b10 << 62);
    let mut uuid = String::with_capacity(36);
    for (index, digit) in digits.chars().enumerate() {
        if [8, 12, 16, 20].contains(&index) {
            uuid.push('-');
        }
        uuid.push(digit);
    }
    uuid
}

impl DeliveryLog {
    fn get_mut(&mut self, number: u64) -> Option<&mut Delivery> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.deliveries.get_mut(index)
    }
}
