//! Environment variables.

/// Looks a variable up; one that is empty is not set.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variable of this process.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
