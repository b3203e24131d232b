//! A limit that processes share, kept by a real Redis.

use crate::program::{command, emulator, output};
use crate::redis_server::RedisServer;

#[tokio::test]
async fn processes_at_once_count_each_day_and_share_the_limit_in_redis() {
    let Some(redis) = RedisServer::start().await else { return };
    let emulator = emulator().sample(7, chrono::Utc::now(), 3_000).start().await.unwrap();
    let run = async || {
        let mut run = command(env!("CARGO_BIN_EXE_shared_limit"), &emulator);
        output(run.env("REDIS_URL", redis.url()).arg("3")).await.0
    };
    let (one, two, three) = tokio::join!(run(), run(), run());
    assert_eq!(one.lines().count(), 3, "{one}");
    assert!(one.lines().all(|line| !line.contains(": 0 attempts")), "{one}");
    assert_eq!((&one, &one), (&two, &three));
    // The limit stands in Redis, by the account and without its token.
    let keys = redis.keys().await;
    assert!(keys.iter().any(|key| key.contains("attempts-summary")), "{keys:?}");
    assert!(!keys.iter().any(|key| key.contains(emulator.auth_token())), "{keys:?}");
}

#[tokio::test]
async fn without_redis_it_says_what_to_set() {
    let emulator = emulator().start().await.unwrap();
    let mut run = command(env!("CARGO_BIN_EXE_shared_limit"), &emulator);
    let failed = run.env_remove("REDIS_URL").output().await.unwrap();
    assert!(!failed.status.success());
    assert!(String::from_utf8_lossy(&failed.stderr).contains("set REDIS_URL"));
}
