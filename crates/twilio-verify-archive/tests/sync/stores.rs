//! Several syncs of one archive in an object store whose requests get lost.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use twilio_verify_archive::{Archive, ArchiveError, Numbers, Row};

use crate::world::{World, attempts, now, rows};

/// How many of 100 writes get lost in each of three ways.
const LOST: u64 = 4;

/// A store with a clock of its own, in which writes get lost.
#[derive(Debug)]
struct Shaky {
    objects: InMemory,
    now: Mutex<DateTime<Utc>>,
    /// When objects were written.
    written: Mutex<HashMap<Path, DateTime<Utc>>>,
    /// Decides which writes get lost; `None`: none does.
    random: Option<Mutex<u64>>,
}

impl Shaky {
    fn new(seed: Option<u64>) -> Arc<Self> {
        Arc::new(Self {
            objects: InMemory::new(),
            // No machine's clock is there.
            now: Mutex::new(now() - TimeDelta::days(4_000)),
            written: Mutex::default(),
            random: seed.map(Mutex::new),
        })
    }

    fn advance(&self, time: TimeDelta) {
        *self.now.lock().unwrap() += time;
    }

    fn archive(self: &Arc<Self>) -> Archive {
        let objects: Arc<dyn ObjectStore> = Arc::clone(self) as Arc<dyn ObjectStore>;
        Archive::open_object_store(objects, Path::from("archive"), "memory://x")
    }

    /// Of 100.
    fn draw(&self) -> u64 {
        let Some(random) = &self.random else { return 100 };
        let mut random = random.lock().unwrap();
        // SplitMix64.
        *random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = *random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % 100
    }
}

impl fmt::Display for Shaky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shaky")
    }
}

fn lost() -> Error {
    Error::Generic { store: "shaky", source: "the connection was reset".into() }
}

#[async_trait]
impl ObjectStore for Shaky {
    async fn put_opts(
        &self,
        path: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        let draw = self.draw();
        if draw < LOST {
            return Err(lost());
        }
        let result = self.objects.put_opts(path, payload.clone(), options.clone()).await?;
        self.written.lock().unwrap().insert(path.clone(), *self.now.lock().unwrap());
        match draw {
            // The response gets lost.
            draw if draw < 2 * LOST => Err(lost()),
            // As before, and the request is sent again: its condition is no longer met.
            draw if draw < 3 * LOST => self.objects.put_opts(path, payload, options).await,
            _ => Ok(result),
        }
    }

    async fn put_multipart_opts(
        &self,
        path: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.objects.put_multipart_opts(path, options).await
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        let mut result = self.objects.get_opts(path, options).await?;
        if let Some(written) = self.written.lock().unwrap().get(path) {
            result.meta.last_modified = *written;
        }
        Ok(result)
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.objects.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.objects.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.objects.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.objects.copy_opts(from, to, options).await
    }
}

fn row(number: u128) -> Row {
    let json = serde_json::json!({
        "sid": format!("VL{number:032x}"),
        "date_created": "2026-03-02T21:02:33Z",
    });
    Row::of(&serde_json::from_value(json).unwrap(), &Numbers::None).unwrap()
}

#[tokio::test]
async fn a_lock_ends_by_the_clock_of_the_store() {
    let store = Shaky::new(None);
    let day = row(1).day();
    let mut slow = store.archive().writer().await.unwrap();
    slow.merge(day, vec![row(1)]).await.unwrap();
    let error = store.archive().writer().await.unwrap().lock(day).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Locked { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains(&format!("process {}", std::process::id())), "{text}");
    assert!(text.contains("memory://x/_lock-2026-03-02"), "{text}");
    store.advance(TimeDelta::minutes(4));
    let error = store.archive().writer().await.unwrap().lock(day).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Locked { .. }), "{error}");

    store.advance(TimeDelta::minutes(2));
    let mut other = store.archive().writer().await.unwrap();
    other.lock(day).await.unwrap();
    other.merge(day, vec![row(2)]).await.unwrap();
    // The slow one believes that it has the day. Its write would replace what it has not seen.
    other.release().await.unwrap();
    slow.merge(day, vec![row(3)]).await.unwrap_or_default();
    let rows = store.archive().rows(day).await.unwrap();
    assert!(rows.len() >= 2 && rows.iter().any(|found| found.sid == row(2).sid), "{rows:?}");
    // A day that is given up is free at once.
    let mut third = store.archive().writer().await.unwrap();
    third.lock(day).await.unwrap();
    third.release().await.unwrap();
    store.archive().writer().await.unwrap().lock(day).await.unwrap();
}

#[tokio::test]
async fn several_syncs_share_the_work_while_writes_get_lost() {
    for seed in 1..=3 {
        let all = attempts(1, 3_000, now() - TimeDelta::days(20), TimeDelta::minutes(9));
        let world = World::new(all.clone()).await;
        let store = Shaky::new(Some(seed));
        let tasks = (0..5).map(|_| {
            let (store, attempts) = (Arc::clone(&store), world.attempts.clone());
            tokio::spawn(async move {
                // One that fails is run again, until there is nothing left that it may read.
                for _ in 0..200 {
                    let sync = store.archive().sync(&attempts).numbers(Numbers::None).now(now());
                    match sync.fresh(TimeDelta::minutes(1)).run().await {
                        Ok(synced) if synced.is_complete() => return synced,
                        Ok(_) | Err(ArchiveError::Locked { .. }) => {
                            store.advance(TimeDelta::seconds(30));
                        }
                        Err(ArchiveError::Io { .. } | ArchiveError::LockLost { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                    tokio::task::yield_now().await;
                }
                panic!("no sync is complete")
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let archive = store.archive();
        let found = rows(&archive).await.unwrap();
        assert_eq!(found.len(), all.len(), "seed {seed}");
        assert!(found.values().all(|rows| rows.len() == 1), "seed {seed}");
        let state = archive.state().await.unwrap();
        assert_eq!(state.watermark, Some(now() - TimeDelta::minutes(1)), "seed {seed}");
        assert_eq!(state.days.values().sum::<u64>(), 3_000, "seed {seed}");
        assert!(state.open.is_empty() && state.lost.is_empty(), "seed {seed}: {state:?}");
    }
}
