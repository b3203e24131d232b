//! The outbox: the messages that an emulator has sent.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::watch;

use crate::values::channel::Channel;
use crate::values::sid::{AttemptSid, ServiceSid, VerificationSid};

/// A message, call or e-mail with a code, as the recipient received it.
///
/// Serialised, it has these fields. `Debug` prints neither the destination nor the code nor the text.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Message {
    /// The number of the message, from 1.
    pub number: u64,
    /// The destination: a phone number in E.164 format, or an e-mail address.
    pub to: String,
    /// The channel that carried it.
    pub channel: Channel,
    /// The code: 4 to 10 characters.
    pub code: String,
    /// The text, including the code.
    pub text: String,
    /// The language, such as `es` or `pt-BR`.
    pub locale: String,
    /// The verification that the code belongs to.
    pub verification_sid: VerificationSid,
    /// The service that sent it.
    pub service_sid: ServiceSid,
    /// The attempt that records it.
    pub attempt_sid: AttemptSid,
    /// The time of sending, by the emulator's clock.
    pub sent_at: DateTime<Utc>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("number", &self.number)
            .field("to", &"[redacted]")
            .field("channel", &self.channel)
            .field("code", &"[redacted]")
            .field("text", &"[redacted]")
            .field("locale", &self.locale)
            .field("verification_sid", &self.verification_sid)
            .field("service_sid", &self.service_sid)
            .field("attempt_sid", &self.attempt_sid)
            .field("sent_at", &self.sent_at)
            .finish()
    }
}

/// The messages that an emulator has sent, instead of delivering them to their recipients. A clone is the same outbox.
///
/// It keeps the last [`Outbox::CAPACITY`] messages. A message is added before the response to its request is sent.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::{Channel, Client};
/// use twilio_verify_emulator::Emulator;
///
/// let emulator = Emulator::start().await?;
/// let client = Client::builder()
///     .credentials(emulator.credentials())
///     .base_url(emulator.url())
///     .build()?;
/// let service = client.services().create("Shop").send().await?;
/// let verify = client.service(service.sid.ok_or("no SID")?);
/// verify.verifications().start("+573003003030", Channel::Sms).send().await?;
///
/// let code = emulator.outbox().code_for("+573003003030").ok_or("no message")?;
/// let check = verify.verifications().check("+573003003030", code).send().await?;
/// assert_eq!(check.valid, Some(true));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Outbox(Arc<Shared>);

struct Shared {
    sent: Mutex<Sent>,
    /// The number of the last message.
    last: watch::Sender<u64>,
}

#[derive(Default)]
struct Sent {
    /// The messages, oldest first; their numbers have no gaps.
    messages: VecDeque<Arc<Message>>,
    /// The last message to each destination, among those kept.
    by_destination: HashMap<String, Arc<Message>>,
    last: u64,
}

impl Outbox {
    /// The maximum number of messages. A further one removes the oldest.
    pub const CAPACITY: usize = 10_000;

    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared { sent: Mutex::default(), last: watch::Sender::new(0) }))
    }

    /// Returns the messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        let messages = self.after(0);
        messages.into_iter().map(Arc::unwrap_or_clone).collect()
    }

    /// Returns the messages whose [`Message::number`] is greater than this, oldest first.
    #[must_use]
    pub fn messages_after(&self, number: u64) -> Vec<Message> {
        let messages = self.after(number);
        messages.into_iter().map(Arc::unwrap_or_clone).collect()
    }

    /// Returns the last message to a destination, an E.164 number or an e-mail address as in the request.
    #[must_use]
    pub fn latest_for(&self, to: &str) -> Option<Message> {
        self.sent().by_destination.get(to).map(|message| Message::clone(message))
    }

    /// Returns the code in the last message to a destination.
    #[must_use]
    pub fn code_for(&self, to: &str) -> Option<String> {
        let sent = self.sent();
        sent.by_destination.get(to).map(|message| message.code.clone())
    }

    /// Returns the number of messages in the outbox.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sent().messages.len()
    }

    /// Whether the outbox contains no messages.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Deletes the messages. The numbers continue.
    pub fn clear(&self) {
        let mut sent = self.sent();
        sent.messages.clear();
        sent.by_destination.clear();
    }

    /// Returns a stream of the messages that are sent from now on.
    ///
    /// ```no_run
    /// # async fn example(emulator: twilio_verify_emulator::Emulator) {
    /// let mut messages = emulator.outbox().subscribe();
    /// // Let the program under test send a code …
    /// let message = messages.next().await;
    /// # }
    /// ```
    #[must_use]
    pub fn subscribe(&self) -> Messages {
        self.subscribe_after(self.sent().last)
    }

    /// Returns a stream of the messages whose [`Message::number`] is greater than this: first those in the outbox, then
    /// later ones as they are sent. The number 0 selects all messages.
    #[must_use]
    pub fn subscribe_after(&self, number: u64) -> Messages {
        Messages { outbox: self.clone(), last: self.0.last.subscribe(), seen: number }
    }

    /// Adds a message, and sets its number.
    pub(crate) fn push(&self, mut message: Message) {
        let mut sent = self.sent();
        sent.last += 1;
        message.number = sent.last;
        let message = Arc::new(message);
        if sent.messages.len() == Self::CAPACITY
            && let Some(oldest) = sent.messages.pop_front()
            && sent.by_destination.get(&oldest.to) == Some(&oldest)
        {
            sent.by_destination.remove(&oldest.to);
        }
        sent.by_destination.insert(message.to.clone(), message.clone());
        sent.messages.push_back(message);
        // Under the lock, so that the number never decreases.
        self.0.last.send_replace(sent.last);
    }

    fn after(&self, number: u64) -> Vec<Arc<Message>> {
        let sent = self.sent();
        let first = sent.messages.partition_point(|own| own.number <= number);
        sent.messages.iter().skip(first).cloned().collect()
    }

    // A panic elsewhere leaves no partial change, as nothing under this lock can fail.
    fn sent(&self) -> MutexGuard<'_, Sent> {
        self.0.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// A stream of the messages of an [`Outbox`].
#[derive(Debug)]
pub struct Messages {
    outbox: Outbox,
    last: watch::Receiver<u64>,
    /// The number of the last message that was returned.
    seen: u64,
}

impl Messages {
    /// Waits for the next message. Messages are missed if the stream falls behind by more than [`Outbox::CAPACITY`], or
    /// after [`Outbox::clear`]. Dropping the future loses no message.
    pub async fn next(&mut self) -> Message {
        loop {
            self.last.borrow_and_update();
            let next = {
                let sent = self.outbox.sent();
                let first = sent.messages.partition_point(|own| own.number <= self.seen);
                sent.messages.get(first).cloned()
            };
            if let Some(message) = next {
                self.seen = message.number;
                return Arc::unwrap_or_clone(message);
            }
            // The sender lives as long as the outbox, which the stream holds.
            if self.last.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(to: &str, code: &str) -> Message {
        Message {
            number: 0,
            to: to.into(),
            channel: Channel::Sms,
            code: code.into(),
            text: format!("Your code is {code}"),
            locale: "en".into(),
            verification_sid: VerificationSid::from_u128(1),
            service_sid: ServiceSid::from_u128(1),
            attempt_sid: AttemptSid::from_u128(1),
            sent_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_oldest_leave_when_it_is_full() {
        let outbox = Outbox::new();
        outbox.push(message("+1", "0001"));
        outbox.push(message("+2", "0002"));
        for _ in 0..Outbox::CAPACITY - 1 {
            outbox.push(message("+2", "0003"));
        }
        assert_eq!(outbox.len(), Outbox::CAPACITY);
        assert_eq!(outbox.code_for("+1"), None);
        assert_eq!(outbox.messages()[0].number, 2);
        outbox.push(message("+3", "0004"));
        assert_eq!(outbox.code_for("+2").unwrap(), "0003");
        assert_eq!(outbox.messages_after(10_001)[0].to, "+3");
        assert!(outbox.messages_after(u64::MAX).is_empty());
        outbox.clear();
        assert!(outbox.is_empty() && outbox.latest_for("+2").is_none());
        outbox.push(message("+2", "0005"));
        assert_eq!(outbox.messages()[0].number, 10_003);
    }

    #[test]
    fn debug_shows_nothing_private() {
        let outbox = Outbox::new();
        outbox.push(message("+573003003030", "482913"));
        let shown = format!("{outbox:?} {:?}", outbox.messages());
        assert!(!shown.contains("573003") && !shown.contains("482913"), "{shown}");
    }

    #[tokio::test]
    async fn who_subscribes_gets_every_message_once() {
        let outbox = Outbox::new();
        outbox.push(message("+1", "0001"));
        let mut messages = outbox.subscribe();
        let mut all = outbox.subscribe_after(0);
        let waiting =
            tokio::spawn(
                async move { (messages.next().await.number, messages.next().await.number) },
            );
        tokio::task::yield_now().await;
        outbox.push(message("+1", "0002"));
        outbox.push(message("+1", "0003"));
        assert_eq!(waiting.await.unwrap(), (2, 3));
        for number in 1..=3 {
            assert_eq!(all.next().await.number, number);
        }
    }
}
