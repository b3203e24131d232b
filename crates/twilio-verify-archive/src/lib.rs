//! Twilio Verify attempts as Parquet files.
