//! Keeps invalid values until a request is built.

use crate::check::{Blank, Invalid};
use crate::values::into_value::IntoValue;

/// The fields with invalid values: texts that can't be parsed, and empty lists. A request can't
/// hold such a value, and a setter can't return an error.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(Vec<Invalid>);

impl Faults {
    /// Returns the value of a field, if it is valid. Forgets the fault of an earlier value.
    pub(crate) fn optional<T>(&mut self, field: &str, value: impl IntoValue<T>) -> Option<T> {
        self.0.retain(|invalid| invalid.field() != field);
        let value = value.try_into();
        value.map_err(|error| self.0.push(Invalid::new(field, error))).ok()
    }

    /// Returns the value of a required field, or a placeholder if it is invalid.
    pub(crate) fn required<T: Blank>(&mut self, field: &str, value: impl IntoValue<T>) -> T {
        self.optional(field, value).unwrap_or_else(T::blank)
    }

    /// Checks a list that was set: an empty one would not be sent at all.
    pub(crate) fn list(&mut self, field: &str, is_empty: bool) {
        self.0.retain(|invalid| invalid.field() != field);
        if is_empty {
            self.0.push(Invalid::new(field, "it is empty"));
        }
    }

    /// Returns the first fault.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        self.0.first().cloned().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::Faults;
    use crate::generated::types::{Channel, ServiceSid};
    use crate::values::country::Country;

    #[test]
    fn the_last_value_of_a_field_counts() {
        let mut faults = Faults::default();
        assert_eq!(faults.optional::<Country>("country", "Colombia"), None);
        assert_eq!(faults.optional::<Channel>("channel", "smss"), None);
        let first = faults.check().expect_err("two faults");
        assert_eq!(first.field(), "country");
        assert!(!first.to_string().contains("Colombia"), "{first}");
        assert_eq!(faults.optional::<Country>("country", "co"), Some(Country::CO));
        assert_eq!(faults.check().expect_err("one fault").field(), "channel");
        assert_eq!(faults.optional("channel", Channel::Sms), Some(Channel::Sms));
        faults.check().unwrap();
        faults.list("event_types", true);
        assert_eq!(faults.check().expect_err("empty").to_string(), "event_types: it is empty");
        faults.list("event_types", false);
        faults.check().unwrap();
    }

    #[test]
    fn a_field_that_must_have_a_value_gets_one_that_is_never_sent() {
        let mut faults = Faults::default();
        let sid: ServiceSid = faults.required("service", "VA123");
        assert_eq!(sid.as_str(), "");
        assert!(crate::check::value("service", Some(&sid)).is_err());
        assert_eq!(faults.check().expect_err("refused").field(), "service");
    }
}
