//! Tells the crate which compiler it is built by: the user agent says so.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(compiler).arg("--version").output();
    let printed = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    // "rustc 1.95.0 (59807616e 2026-04-14)"
    let version = printed
        .ok()
        .and_then(|text| text.split(' ').nth(1).map(str::to_owned));
    let version = version.unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=TWILIO_VERIFY_RUSTC={version}");
}
