//! A `redis-server` of a test's own, on a socket in a temporary folder.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// A server that is killed at the end of its test.
pub(crate) struct RedisServer {
    folder: TempDir,
    child: Child,
}

impl RedisServer {
    /// `None`, with a word about it, if this machine has no `redis-server`.
    pub(crate) async fn start() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        match spawn(folder.path().join("socket")) {
            Ok(child) => {
                let server = Self { folder, child };
                server.is_up().await;
                Some(server)
            }
            Err(error) => {
                let required = std::env::var_os("TWILIO_VERIFY_REQUIRE_REDIS");
                assert!(required.is_none(), "redis-server can't be started: {error}");
                #[expect(clippy::print_stderr, reason = "a test can't be skipped in another way")]
                {
                    eprintln!("not tested: redis-server can't be started: {error}");
                }
                None
            }
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.folder.path().join("socket").display())
    }

    /// Kills the server. What it knew is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) async fn restart(&mut self) {
        self.child = spawn(self.folder.path().join("socket")).unwrap();
        self.is_up().await;
    }

    async fn is_up(&self) {
        let client = redis::Client::open(self.url()).unwrap();
        for _ in 0..1000 {
            if let Ok(mut connection) = client.get_multiplexed_async_connection().await
                && redis::cmd("PING").query_async::<()>(&mut connection).await.is_ok()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("redis-server does not respond");
    }

    /// The names of all keys.
    pub(crate) async fn keys(&self) -> Vec<String> {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(socket: PathBuf) -> std::io::Result<Child> {
    let _ = std::fs::remove_file(&socket);
    Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
        .arg(socket)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}
