//! Reads environment variables.

/// A function that looks a variable up. An empty one counts as not set.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Returns a variable of this process. An empty one counts as not set.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
