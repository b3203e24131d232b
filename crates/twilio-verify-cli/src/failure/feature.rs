//! The optional features of this program.

use crate::failure::report::Failure;

/// A cargo feature of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feature {
    /// Archives of attempts in Parquet files.
    Archive,
    /// Metrics for Prometheus.
    Exporter,
    /// Plots and reports.
    Plots,
    /// Spreadsheets.
    Xlsx,
}

impl Feature {
    const fn name(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Exporter => "exporter",
            Self::Plots => "plots",
            Self::Xlsx => "xlsx",
        }
    }

    const fn is_built(self) -> bool {
        match self {
            Self::Archive => cfg!(feature = "archive"),
            Self::Exporter => cfg!(feature = "exporter"),
            Self::Plots => cfg!(feature = "plots"),
            Self::Xlsx => cfg!(feature = "xlsx"),
        }
    }

    /// Rejects `what`, which needs this feature, if the program was built without it.
    pub(crate) fn required(self, what: &str) -> Result<(), Failure> {
        if self.is_built() {
            return Ok(());
        }
        let name = self.name();
        Err(Failure::usage(
            format!("{what}: this program was built without the feature `{name}`"),
            format!(
                "install it with the feature: `cargo install --git \
                 https://github.com/twilio-verify-rs/twilio-verify twilio-verify-cli --features \
                 {name}`; in a checkout `cargo run --features {name} --`; released binaries have it"
            ),
        ))
    }
}
