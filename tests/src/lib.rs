//! Code that the tests of the workspace share.

pub mod client;
pub mod contract;
pub mod document;
pub mod faults;
pub mod http2;
pub mod privacy;
mod reply;
pub mod scripted;
pub mod tls;

/// The code in the guide and the READMEs, compiled and run as documentation tests.
#[cfg(doctest)]
mod pages {
    macro_rules! pages {
        ($($name:ident: $file:literal;)*) => {
            $(
                #[doc = include_str!(concat!("../../", $file))]
                struct $name;
            )*
        };
    }

    pages! {
        Readme: "README.md";
        Facade: "crates/twilio-verify/README.md";
        Emulator: "crates/twilio-verify-emulator/README.md";
        QuickStart: "docs/src/quick-start.md";
        SendAndCheck: "docs/src/send-and-check.md";
        Webhooks: "docs/src/webhooks.md";
        Testing: "docs/src/testing.md";
        OperationsAtScale: "docs/src/operations-at-scale.md";
        Troubleshooting: "docs/src/troubleshooting.md";
    }
}
