//! Formats errors.

use std::error::Error as StdError;
use std::fmt::{self, Debug, Display};
use std::iter;

use crate::error::{Error, ErrorKind};

impl Error {
    /// Returns the texts of the causes, outermost first, without those that repeat an earlier text
    /// and those that might hold a secret.
    fn causes(&self) -> Vec<String> {
        let mut said = self.to_string();
        let mut causes = Vec::new();
        let shown = if self.0.details.has_private_cause { 1 } else { usize::MAX };
        for cause in iter::successors(self.source(), |cause| (*cause).source()).take(shown) {
            let text = cause.to_string();
            if !said.contains(&text) {
                said.push_str(&text);
                causes.push(text);
            }
        }
        causes
    }

    /// Writes what went wrong, without the place and the number of attempts.
    fn write_fault(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.reason();
        match (self.kind(), self.status(), self.code()) {
            (ErrorKind::Refused, Some(status), Some(code)) => {
                write!(f, "status {status}, code {code}: {reason}")?;
            }
            (ErrorKind::Refused, Some(status), None) => write!(f, "status {status}: {reason}")?,
            (ErrorKind::Unreadable, Some(status), _) => {
                write!(f, "the response of status {status} can't be read: {reason}")?;
            }
            _ => f.write_str(reason)?,
        }
        match self.request_id() {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &self.0.details;
        if let Some(place) = self.field().or(details.operation) {
            write!(f, "{place}: ")?;
        }
        self.write_fault(f)?;
        if details.attempts > 1 {
            write!(f, " (after {} attempts)", details.attempts)?;
        }
        if let Some(last) = &details.last {
            f.write_str("; before that: ")?;
            last.write_fault(f)?;
        }
        if f.alternate() {
            for cause in self.causes() {
                write!(f, ": {cause}")?;
            }
        }
        Ok(())
    }
}

impl Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let causes = self.causes();
        if f.alternate() {
            return f
                .debug_struct("Error")
                .field("kind", &self.kind())
                .field("text", &format_args!("{self}"))
                .field("timeout", &self.is_timeout())
                .field("retryable", &self.is_retryable())
                .field("retry_after", &self.retry_after())
                .field("causes", &causes)
                .finish();
        }
        write!(f, "{self}")?;
        match &*causes {
            [] => Ok(()),
            [cause] => write!(f, "\n\nCaused by:\n    {cause}"),
            causes => {
                f.write_str("\n\nCaused by:")?;
                let mut numbered = causes.iter().enumerate();
                numbered.try_for_each(|(number, cause)| write!(f, "\n    {number}: {cause}"))
            }
        }
    }
}
