//! Eight processes with one limit.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tests::client::builder;
use tests::scripted::{Reply, Scripted};
use twilio_verify::{Client, RequestLimit};
use twilio_verify_redis::RedisGate;

use super::alone::SUMMARY;
use super::server::RedisServer;

const PROCESSES: usize = 8;
const PERIOD: Duration = Duration::from_secs(5);
const REQUESTS: u32 = 60;
/// How long they send.
const TIME: Duration = Duration::from_secs(14);

/// A server that keeps when requests arrive.
struct Twilio {
    server: Scripted,
    arrivals: Arc<Mutex<Vec<Instant>>>,
}

impl Twilio {
    async fn start() -> Self {
        let arrivals = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&arrivals);
        let json = [("Content-Type", "application/json")];
        let reply = Reply::keep_open(200, &json, SUMMARY);
        let server = Scripted::deciding(move |request| {
            if request.target().starts_with("/v2/Attempts/Summary") {
                log.lock().unwrap().push(Instant::now());
            }
            reply.clone()
        });
        Self { server: server.await.unwrap(), arrivals }
    }

    /// The most requests that arrived in any period.
    fn most(&self) -> usize {
        let arrivals = self.arrivals.lock().unwrap();
        let within = |first: usize| {
            arrivals[first..].iter().take_while(|at| **at - arrivals[first] < PERIOD).count()
        };
        (0..arrivals.len()).map(within).max().unwrap_or_default()
    }

    fn total(&self) -> usize {
        self.arrivals.lock().unwrap().len()
    }
}

/// A process that connects and says so, sends from the first line of its standard input until its end,
/// and then prints how many responses it got.
struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(redis: &str, twilio: &str) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "processes::a_process_that_sends", "--nocapture"])
            .env("REDIS_URL", redis)
            .env("TWILIO_URL", twilio)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = child.unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// What it prints after that word.
    fn says(&mut self, word: &str) -> String {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some(rest) = line.strip_prefix(word) {
                return rest.trim().to_owned();
            }
            line.clear();
        }
        panic!("the process ended before it said {word:?}");
    }

    fn stop(mut self) -> usize {
        drop(self.child.stdin.take());
        let responses = self.says("responses:").parse().unwrap();
        assert!(self.child.wait().unwrap().success(), "a request failed");
        responses
    }
}

#[test]
#[ignore = "a process of the tests below"]
fn a_process_that_sends() {
    let (redis, twilio) = (std::env::var("REDIS_URL"), std::env::var("TWILIO_URL"));
    let (Ok(redis), Ok(twilio)) = (redis, twilio) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let responses = runtime.block_on(async {
        let gate = RedisGate::connect(redis).await.unwrap();
        let client = limited(builder(&twilio, "token").request_gate(gate));
        // It has no limit, and connects.
        let _ = client.services().list().page_size(1).pages().try_next().await;
        say("ready");
        std::io::stdin().read_line(&mut String::new()).unwrap();
        let stopped = std::thread::spawn(|| std::io::stdin().read_to_end(&mut Vec::new()));
        send_while(&client, || !stopped.is_finished()).await
    });
    say(&format!("responses: {responses}"));
}

/// On a line of its own: the test's own output may be before it.
#[expect(clippy::print_stdout, reason = "the test that started this process reads it")]
fn say(text: &str) {
    println!("\n{text}");
}

/// Eight processes that have begun to send, all at once.
fn processes(redis: &RedisServer, twilio: &Twilio) -> Vec<Process> {
    let start = |_| Process::start(&redis.url(), twilio.server.url());
    let mut processes: Vec<Process> = (0..PROCESSES).map(start).collect();
    for process in &mut processes {
        process.says("ready");
    }
    for process in &mut processes {
        writeln!(process.child.stdin.as_mut().unwrap(), "go").unwrap();
    }
    processes
}

/// One test after the other: the processes of two would wait for processors, and not for the gate.
static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn limited(builder: twilio_verify::ClientBuilder) -> Client {
    let limit = RequestLimit::per(REQUESTS, PERIOD);
    builder.request_limit("FetchVerificationAttemptsSummary", limit).build().unwrap()
}

/// Sends one request after the other. Each must succeed.
async fn send_while(client: &Client, go_on: impl Fn() -> bool) -> usize {
    let mut responses = 0;
    while go_on() {
        client.attempts().summary().send().await.unwrap();
        responses += 1;
    }
    responses
}

async fn run(processes: Vec<Process>) -> usize {
    tokio::task::spawn_blocking(|| processes.into_iter().map(Process::stop).sum()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_processes_send_what_one_may_send() {
    let Some(redis) = RedisServer::start().await else { return };
    let _one = ONE.lock().await;
    let (twilio, other) = (Twilio::start().await, Twilio::start().await);
    let processes = tokio::task::block_in_place(|| processes(&redis, &twilio));
    // One process beside them, on a server of its own.
    let began = Instant::now();
    let one = limited(builder(other.server.url(), "token"));
    let alone = send_while(&one, || began.elapsed() < TIME).await;
    let responses = run(processes).await;
    assert!(twilio.most() <= REQUESTS as usize, "{} in a period", twilio.most());
    assert_eq!(twilio.total(), responses, "a request is lost");
    assert!(responses * 100 >= alone * 95, "{responses} by eight, {alone} by one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_is_too_much_when_redis_is_killed() {
    let Some(mut redis) = RedisServer::start().await else { return };
    let _one = ONE.lock().await;
    let twilio = Twilio::start().await;
    let processes = tokio::task::block_in_place(|| processes(&redis, &twilio));
    tokio::time::sleep(TIME / 3).await;
    redis.kill();
    let before = twilio.total();
    tokio::time::sleep(TIME / 3).await;
    let meanwhile = twilio.total() - before;
    redis.restart().await;
    let restarted = twilio.total();
    tokio::time::sleep(TIME / 3).await;
    let responses = run(processes).await;
    assert!(twilio.most() <= REQUESTS as usize, "{} in a period", twilio.most());
    assert_eq!(twilio.total(), responses, "a request is lost");
    assert!(meanwhile > 0, "each process goes on with its share");
    assert!(twilio.total() > restarted, "they share again");
}
