//! Errors of scenarios.

/// The reason that a scenario is invalid: the invalid field, and what is expected there. The message never repeats the
/// input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {problem}")]
pub struct ScenarioError {
    field: &'static str,
    problem: &'static str,
}

impl ScenarioError {
    pub(crate) const fn new(field: &'static str, problem: &'static str) -> Self {
        Self { field, problem }
    }

    /// Returns the name of the invalid field, such as `rate`.
    #[must_use]
    pub const fn field(&self) -> &str {
        self.field
    }
}
