//! Why a fault can't be.

/// Why a fault can't be: which part of it is wrong, and what is expected there. It never repeats what was
/// given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}`{part}`: {problem}", place(*.rule))]
pub struct FaultError {
    /// Which of several it is, from 1.
    rule: Option<usize>,
    part: &'static str,
    problem: String,
}

impl FaultError {
    pub(crate) fn new(part: &'static str, problem: impl Into<String>) -> Self {
        Self {
            rule: None,
            part,
            problem: problem.into(),
        }
    }

    /// Of the rule of this number, from 1.
    pub(crate) fn of_rule(self, rule: usize) -> Self {
        Self {
            rule: Some(rule),
            ..self
        }
    }

    /// The name of the part that is wrong, such as `probability`.
    #[must_use]
    pub const fn part(&self) -> &str {
        self.part
    }
}

fn place(rule: Option<usize>) -> String {
    rule.map_or_else(String::new, |rule| format!("fault {rule}: "))
}
