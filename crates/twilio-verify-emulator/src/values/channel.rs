//! The channels that carry codes.

use crate::values::api_enum::api_enum;

api_enum! {
    /// The channel of a code: the five that Twilio documents for attempts and their summary.
    Channel: "sms, call, email, whatsapp, rbm" {
        /// A text message.
        Sms = "sms",
        /// A voice call.
        Call = "call",
        /// An e-mail.
        Email = "email",
        /// A WhatsApp message.
        Whatsapp = "whatsapp",
        /// An RCS Business message.
        Rbm = "rbm"
    }
}
