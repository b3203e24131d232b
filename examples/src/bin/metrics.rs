//! What a program can observe of its calls: spans and events on standard error, and metrics as
//! Prometheus reads them on standard output.
//!
//! ```sh
//! RUST_LOG=twilio_verify=debug cargo run -p examples --bin metrics
//! ```
//!
//! A service would serve the text at `/metrics`. The guide in the documentation names all spans,
//! fields and metrics.

use std::error::Error;

use metrics_exporter_prometheus::PrometheusBuilder;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use twilio_verify::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::from_default_env())
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(std::io::stderr)
        .init();
    let prometheus = PrometheusBuilder::new().install_recorder()?;

    let client = Client::from_env()?;
    for channel in ["sms", "call"] {
        client.attempts().summary().channel(channel).await?;
    }
    let missing = client.attempts().fetch("VLffffffffffffffffffffffffffffffff").await;
    if let Err(error) = missing {
        tracing::info!(%error, "as expected");
    }

    print!("{}", prometheus.render());
    Ok(())
}
