//! Fuzzes `signatures`: see there.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    twilio_verify_fuzz::signatures(data);
});
