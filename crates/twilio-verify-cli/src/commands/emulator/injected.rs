//! Flags of `emulator` for what happens among its attempts.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use twilio_verify_emulator::{Emulator, EmulatorBuilder, Scenario, ScenarioError};

use crate::failure::report::Failure;

/// Several scenarios.
#[derive(Clone, Debug)]
pub(super) struct Scenarios(Vec<Scenario>);

/// What happens among the attempts.
#[derive(Args, Debug)]
#[command(next_help_heading = "What happens among the attempts")]
pub(super) struct Injected {
    /// Attacks and other events, as described below, on top of the attempts; can be
    /// repeated. Those to come happen as the clock runs, which is --as-of-clock
    #[arg(
        long,
        value_name = "SCENARIO",
        value_parser = scenarios,
        env = "TWILIO_VERIFY_EMULATOR_INJECT",
        hide_env_values = true
    )]
    inject: Vec<Scenarios>,

    /// The file to write to what the scenarios made, in JSON, as /_emulator/truth
    /// has it: kind, prefix, period, counts, cost and the SIDs of their attempts
    #[arg(
        long,
        value_name = "FILE",
        requires = "inject",
        env = "TWILIO_VERIFY_EMULATOR_TRUTH",
        hide_env_values = true
    )]
    truth: Option<PathBuf>,

    /// After how many SMS within a day that did not convert Fraud Guard blocks a
    /// prefix for 12 hours: error 60410 [default: never]
    #[arg(
        long,
        value_name = "N",
        env = "TWILIO_VERIFY_EMULATOR_FRAUD_GUARD",
        hide_env_values = true
    )]
    fraud_guard: Option<u64>,
}

fn scenarios(text: &str) -> Result<Scenarios, ScenarioError> {
    Scenario::parse_all(text).map(Scenarios)
}

impl Injected {
    /// Sets the scenarios and the Fraud Guard that were given.
    pub(super) fn set(&self, builder: EmulatorBuilder) -> EmulatorBuilder {
        let scenarios = self.inject.iter().flat_map(|scenarios| scenarios.0.clone());
        builder.scenarios(scenarios).fraud_guard(self.fraud_guard)
    }

    /// Writes what the scenarios made to the file of `--truth`.
    pub(super) fn write(&self, emulator: &Emulator) -> Result<(), Failure> {
        let Some(path) = &self.truth else { return Ok(()) };
        let truth = format!("{:#}\n", json!({ "scenarios": emulator.truth() }));
        std::fs::write(path, truth).map_err(|error| {
            Failure::usage(
                format!("--truth <FILE>: cannot write it: {error}"),
                "choose a writable file",
            )
        })
    }
}
