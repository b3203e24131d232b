//! Whether the correct code was submitted.

use crate::values::api_enum::api_enum;

api_enum! {
    /// Whether the recipient submitted the correct code (documented by Twilio).
    ConversionStatus: "converted, unconverted" {
        /// The correct code was submitted.
        Converted = "converted",
        /// It was not, or not yet.
        Unconverted = "unconverted"
    }
}
