//! Metrics as Prometheus reads them, and spans in the log.

use crate::program::{command, emulator, output};

#[tokio::test]
async fn calls_are_counted_and_logged() {
    let emulator = emulator().start().await.unwrap();
    let mut command = command(env!("CARGO_BIN_EXE_metrics"), &emulator);
    command.env("RUST_LOG", "twilio_verify=debug").env("NO_COLOR", "1");
    let (stdout, stderr) = output(&mut command).await;
    let count = |labels: &str, count: &str| {
        let line = stdout.lines().find(|line| {
            line.starts_with("twilio_verify_attempts_total{")
                && labels.split(' ').all(|label| line.contains(label))
        });
        let line = line.unwrap_or_else(|| panic!("{labels}: {stdout}"));
        assert!(line.ends_with(&format!(" {count}")), "{line}");
    };
    count(r#"operation="FetchVerificationAttemptsSummary" status="200" error="""#, "2");
    count(r#"operation="FetchVerificationAttempt" status="404" error="refused""#, "1");
    assert!(stdout.contains("twilio_verify_attempt_duration_seconds"), "{stdout}");
    for part in ["operation{", "attempt{", "http.response.status_code=404", "twilio.code=20404"] {
        assert!(stderr.contains(part), "{part}: {stderr}");
    }
}
