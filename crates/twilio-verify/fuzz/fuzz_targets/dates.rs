//! Fuzzes `dates`: see there.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    twilio_verify_fuzz::dates(data);
});
