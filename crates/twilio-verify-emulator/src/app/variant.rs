//! Variants of the emulator's behaviour.

use crate::values::api_enum::api_enum;

api_enum! {
    /// A behaviour that differs from the emulator's default.
    ///
    /// By default an account has every feature that Twilio enables on request. Where Twilio's pages and captures of the
    /// API differ, the emulator follows the page, or a newer capture. A variant disables such a feature, or chooses the
    /// other source.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), twilio_verify_emulator::StartError> {
    /// use twilio_verify_emulator::{Emulator, Variant};
    ///
    /// let emulator = Emulator::builder().variant(Variant::NoMailer).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    Variant: "no-mailer, no-whatsapp-sender, no-auto-channel, no-custom-friendly-name, custom-code-ignored, \
              unknown-locale-not-found, wrong-totp-code-forbidden, max-attempts-deletes" {
        /// No service has an e-mail integration: the channel `email` is 400/60217.
        NoMailer = "no-mailer",
        /// WhatsApp requires a sender of the service, `Whatsapp.From` or `Whatsapp.MsgServiceSid`: without one the
        /// channel `whatsapp` is 400/68008.
        NoWhatsappSender = "no-whatsapp-sender",
        /// The account is not in the pilot of the channel `auto`, which is 400/60200.
        NoAutoChannel = "no-auto-channel",
        /// `CustomFriendlyName` is not enabled for the account: 403/60204.
        NoCustomFriendlyName = "no-custom-friendly-name",
        /// A `CustomCode` that the service does not allow is ignored, as in a capture of 2026. The page of the code
        /// says 403/60204, the default.
        CustomCodeIgnored = "custom-code-ignored",
        /// An invalid `Locale` is 404/20404, as the page on languages says. A capture of 2026 has 400/60200, the
        /// default.
        UnknownLocaleNotFound = "unknown-locale-not-found",
        /// A wrong TOTP code for a pending challenge is 403/60324, as the page of the code says. By a later
        /// announcement, which is the default, the response is 200 and the challenge stays pending.
        WrongTotpCodeForbidden = "wrong-totp-code-forbidden",
        /// A verification with five wrong checks cannot be fetched, and the sixth check deletes it, as the page on
        /// checks says. A capture of 2026 could fetch it, with the status `max_attempts_reached`: the default.
        MaxAttemptsDeletes = "max-attempts-deletes"
    }
}
