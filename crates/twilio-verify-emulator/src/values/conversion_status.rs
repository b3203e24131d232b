//! Whether a code came back.

use crate::values::api_enum::api_enum;

api_enum! {
    /// Whether the person gave the right code back (documented by Twilio).
    ConversionStatus: "converted, unconverted" {
        /// The right code came back.
        Converted = "converted",
        /// It did not, or not yet.
        Unconverted = "unconverted"
    }
}
