//! The conversion status of attempts.

use crate::values::api_enum::api_enum;

api_enum! {
    /// Whether the recipient submitted the correct code (documented by Twilio).
    ConversionStatus: "converted, unconverted" {
        /// The correct code was submitted.
        Converted = "converted",
        /// The correct code was not submitted, or not yet.
        Unconverted = "unconverted"
    }
}
