//! Errors of faults.

/// The reason that a fault is invalid: the invalid part, and what is expected there. The message never repeats the
/// input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}`{part}`: {problem}", place(*.rule))]
pub struct FaultError {
    /// The number of the fault among several, from 1.
    rule: Option<usize>,
    part: &'static str,
    problem: String,
}

impl FaultError {
    pub(crate) fn new(part: &'static str, problem: impl Into<String>) -> Self {
        Self { rule: None, part, problem: problem.into() }
    }

    /// Adds the number of the fault, from 1.
    pub(crate) fn of_rule(self, rule: usize) -> Self {
        Self { rule: Some(rule), ..self }
    }

    /// Returns the name of the invalid part, such as `probability`.
    #[must_use]
    pub const fn part(&self) -> &str {
        self.part
    }
}

fn place(rule: Option<usize>) -> String {
    rule.map_or_else(String::new, |rule| format!("fault {rule}: "))
}
