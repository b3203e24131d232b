//! Credentials: fixed, from a provider that changes them, and OAuth's tokens.

use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use tests::client::{ACCOUNT, builder};
use tests::scripted::{Received, Reply, Scripted};
use tests::tls::authority;
use tokio::task::JoinSet;
use twilio_verify::{
    Channel, Client, ClientBuilder, Credentials, CredentialsError, CredentialsFuture,
    CredentialsProvider, Error, ErrorKind, OAuth, OAuthBuilder, RetryPolicy,
};

const CLIENT_SECRET: &str = "the+client secret&";
const HOUR: Duration = Duration::from_secs(3600);

fn quick() -> RetryPolicy {
    let short = Duration::from_millis(1);
    RetryPolicy::default().min_delay(short).max_delay(short).seed(1)
}

fn basic(token: &str) -> Credentials {
    Credentials::auth_token(ACCOUNT, token)
}

fn basic_header(token: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{token}")))
}

/// Runs this test in a process of its own, which has these variables of Twilio's alone. Returns
/// whether this is that process.
fn with_environment(test: &str, variables: &[(&str, &str)]) -> bool {
    const OWN: &str = "TWILIO_VERIFY_TEST_PROCESS";
    if std::env::var_os(OWN).is_some() {
        return true;
    }
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TWILIO_")) {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).env(OWN, "1");
    let output = command.args(["--exact", test]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    false
}

#[tokio::test]
async fn credentials_and_base_url_of_the_environment() {
    let test = "credentials::credentials_and_base_url_of_the_environment";
    let set = [
        ("TWILIO_ACCOUNT_SID", ACCOUNT),
        ("TWILIO_AUTH_TOKEN", "token"),
        ("TWILIO_BASE_URL", "http://127.0.0.1:1/proxy"),
    ];
    if !with_environment(test, &set) {
        return;
    }
    let server = Scripted::start([Reply::json(200, "{}")]).await.unwrap();
    let credentials = Credentials::from_env().unwrap();
    let client = Client::builder().credentials(credentials).base_url(server.url());
    get(&client.build().unwrap()).await.unwrap();
    let expected = basic_header("token");
    assert_eq!(server.received()[0].header("authorization"), Some(&*expected));
    let client = Client::from_env().unwrap();
    assert_eq!(client.base_url().as_str(), "http://127.0.0.1:1/proxy");
}

#[test]
fn without_an_environment_the_variable_is_named() {
    if with_environment("credentials::without_an_environment_the_variable_is_named", &[]) {
        let error = Credentials::from_env().unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("TWILIO_ACCOUNT_SID")));
    }
    let lookup = |name: &str| match name {
        "TWILIO_ACCOUNT_SID" => Some(ACCOUNT.to_owned()),
        "TWILIO_AUTH_TOKEN" => Some("token".to_owned()),
        "TWILIO_BASE_URL" => Some("http://example.com".to_owned()),
        _ => None,
    };
    let error = ClientBuilder::from_lookup(lookup).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("TWILIO_BASE_URL")));
}

/// The response to a good request.
fn good(request: &Received) -> Reply {
    let status = if request.head.starts_with("POST") { 201 } else { 200 };
    Reply::json(status, "{}")
}

async fn ok() -> Scripted {
    Scripted::deciding(good).await.unwrap()
}

async fn get(client: &Client) -> Result<(), Error> {
    client.attempts().summary().send().await.map(drop)
}

async fn post(client: &Client) -> Result<(), Error> {
    let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    let start = service.verifications().start("+573003003030", Channel::Sms);
    start.send().await.map(drop)
}

/// Posts many times at once.
async fn posts(count: usize, client: &Client) -> Vec<Result<(), Error>> {
    let calls = (0..count).map(|_| {
        let client = client.clone();
        async move { post(&client).await }
    });
    calls.collect::<JoinSet<_>>().join_all().await
}

/// The credentials of the requests.
fn authorizations(server: &Scripted) -> Vec<String> {
    let received = server.received();
    let header = |request: &Received| request.header("authorization").unwrap().to_owned();
    received.iter().map(header).collect()
}

/// Advances time.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Returns what a function returns, and counts the calls.
struct Provider<F> {
    next: F,
    asked: AtomicUsize,
}

impl<F> Provider<F>
where
    F: Fn(usize) -> Result<Credentials, CredentialsError> + Send + Sync + 'static,
{
    fn new(next: F) -> Arc<Self> {
        let asked = AtomicUsize::new(0);
        Arc::new(Self { next, asked })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl<F> CredentialsProvider for Provider<F>
where
    F: Fn(usize) -> Result<Credentials, CredentialsError> + Send + Sync + 'static,
{
    fn credentials(&self) -> CredentialsFuture<'_> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            tokio::task::yield_now().await;
            (self.next)(asked)
        })
    }
}

#[test]
fn what_users_need_is_send_and_sync() {
    fn check<T: Send + Sync + 'static>() {}
    fn check_future<T: Send>(_: &T) {}
    check::<Credentials>();
    check::<CredentialsError>();
    check::<OAuth>();
    check::<OAuthBuilder>();
    check::<Arc<dyn CredentialsProvider>>();
    let oauth = oauth("http://127.0.0.1:1");
    check_future(&oauth.credentials());
    let client = client("http://127.0.0.1:1", oauth.clone());
    check_future(&client.attempts().summary().send());
}

#[tokio::test]
async fn provided_credentials_make_the_same_requests_as_fixed_ones() {
    let server = ok().await;
    post(&builder(server.url(), "secret").build().unwrap()).await.unwrap();
    let provider = Provider::new(|_| Ok(basic("secret")));
    let client =
        builder(server.url(), "other").credentials_provider(Arc::clone(&provider)).build().unwrap();
    post(&client).await.unwrap();
    let received = server.received();
    assert_eq!(received[0].head, received[1].head);
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(authorizations(&server)[0], basic_header("secret"));
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn a_provider_is_asked_before_each_attempt() {
    let server = Scripted::start([
        Reply::with(503, &[], ""),
        Reply::json(200, "{}"),
        Reply::json(200, "{}"),
    ])
    .await
    .unwrap();
    let provider = Provider::new(|asked| Ok(basic(&format!("secret {asked}"))));
    let client = Client::builder()
        .credentials_provider(provider)
        .base_url(server.url())
        .retry(quick())
        .build()
        .unwrap();
    get(&client).await.unwrap();
    get(&client.clone()).await.unwrap();
    let expected = ["secret 0", "secret 1", "secret 2"].map(basic_header);
    assert_eq!(authorizations(&server), expected);
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let server = ok().await;
    let provider = Provider::new(|asked| match asked {
        0..5 => Err(CredentialsError::new("the-secret is sealed")),
        _ => Ok(basic("secret")),
    });
    let client = Client::builder()
        .credentials_provider(Arc::clone(&provider))
        .base_url(server.url())
        .retry(quick())
        .build()
        .unwrap();
    let error = post(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 4));
    assert!(error.is_retryable() && !error.is_auth());
    assert!(error.to_string().contains("credentials provider failed"), "{error}");
    let text = format!("{error} {error:?} {error:#?}");
    assert!(!text.contains("the-secret"), "{text}");
    let source = error.source().unwrap();
    assert!(source.is::<CredentialsError>());
    let cause = source.source().unwrap().to_string();
    assert_eq!(cause, "the-secret is sealed");
    assert!(server.received().is_empty());

    post(&client).await.unwrap();
    assert_eq!((provider.asked(), server.received().len()), (6, 1));
}

#[tokio::test]
async fn a_provider_that_is_slow_is_not_waited_for() {
    struct Never;
    impl CredentialsProvider for Never {
        fn credentials(&self) -> CredentialsFuture<'_> {
            Box::pin(std::future::pending())
        }
    }
    let server = ok().await;
    let client = Client::builder()
        .credentials_provider(Never)
        .base_url(server.url())
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let began = Instant::now();
    let error = post(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent);
    assert!(error.is_timeout());
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn credentials_that_can_not_be_sent_are_refused() {
    let bad = || Credentials::bearer("two\nlines");
    let error = Client::builder().credentials(bad()).build().unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("credentials")));
    let server = ok().await;
    let client = Client::builder()
        .credentials_provider(Provider::new(move |_| Ok(bad())))
        .base_url(server.url())
        .build()
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(!format!("{error:?}").contains("lines"));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_refusal_of_fixed_credentials_is_final() {
    let server = Scripted::start([Reply::with(401, &[], "")]).await.unwrap();
    for credentials in [basic("secret"), Credentials::bearer("token")] {
        let client =
            Client::builder().credentials(credentials).base_url(server.url()).build().unwrap();
        let error = get(&client).await.unwrap_err();
        assert!(error.is_auth() && !error.is_retryable());
    }
    let sent = authorizations(&server);
    assert_eq!(sent, [&basic_header("secret"), "Bearer token"]);
}

// OAuth

/// A token endpoint's response.
fn token(token: &str, expires_in: Duration) -> Reply {
    let seconds = expires_in.as_secs();
    let body = format!(
        r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":{seconds},"more":1}}"#
    );
    Reply::json(200, &body)
}

fn oauth_builder(token_server: &str) -> OAuthBuilder {
    OAuth::builder("OQ1", CLIENT_SECRET).token_url(format!("{token_server}/v2/token"))
}

fn oauth(token_server: &str) -> OAuth {
    oauth_builder(token_server).build().unwrap()
}

fn client_builder(server: &str, oauth: OAuth) -> ClientBuilder {
    Client::builder()
        .credentials_provider(oauth)
        .base_url(server)
        .request_limit("FetchVerificationAttemptsSummary", None)
        .retry(quick())
}

fn client(server: &str, oauth: OAuth) -> Client {
    client_builder(server, oauth).build().unwrap()
}

/// Both servers, and a client of them.
async fn servers(tokens: impl IntoIterator<Item = Reply>) -> (Scripted, Scripted, Client) {
    let tokens = Scripted::start(tokens).await.unwrap();
    let server = ok().await;
    let client = client(server.url(), oauth(tokens.url()));
    (tokens, server, client)
}

/// Nothing that is printed contains a secret.
fn assert_private(text: &str) {
    for private in [CLIENT_SECRET, "client secret", "token-", "client%20secret"] {
        assert!(!text.contains(private), "{text}");
    }
}

fn assert_error_private(error: &Error) {
    assert_private(&format!("{error} {error:?} {error:#?}"));
    let mut cause = error.source();
    while let Some(error) = cause {
        assert_private(&format!("{error} {error:?}"));
        cause = error.source();
    }
}

#[tokio::test]
async fn a_token_is_got_once_and_borne() {
    let tokens = Scripted::start([token("token-1", HOUR)]).await.unwrap();
    let server = ok().await;
    let oauth = oauth_builder(tokens.url()).application("shop/1.2");
    let client = client_builder(server.url(), oauth.build().unwrap())
        .application("shop/1.2")
        .build()
        .unwrap();
    assert!(tokens.received().is_empty());
    post(&client).await.unwrap();
    get(&client.clone()).await.unwrap();
    assert_eq!(authorizations(&server), ["Bearer token-1"; 2]);

    let asked = tokens.received();
    assert_eq!(asked.len(), 1);
    let host = tokens.url().strip_prefix("http://").unwrap();
    let length = asked[0].body.len();
    let client = server.received()[0].header("user-agent").unwrap().to_owned();
    assert!(client.starts_with("twilio-verify/") && client.ends_with(" shop/1.2"));
    // `Accept-Encoding` depends on features.
    let head = asked[0].head.lines();
    let head: Vec<_> = head.filter(|line| !line.starts_with("accept-encoding")).collect();
    assert_eq!(
        head,
        [
            "POST /v2/token HTTP/1.1",
            "content-type: application/x-www-form-urlencoded",
            "accept: application/json",
            &format!("user-agent: {client}"),
            &format!("host: {host}"),
            &format!("content-length: {length}"),
        ]
    );
    assert_eq!(
        asked[0].body,
        "grant_type=client_credentials&client_id=OQ1&client_secret=the%2Bclient+secret%26"
    );
}

#[tokio::test]
async fn many_first_calls_wait_for_one_token() {
    let (tokens, server, client) = servers([token("token-1", HOUR)]).await;
    for result in posts(64, &client).await {
        result.unwrap();
    }
    assert_eq!((tokens.received().len(), server.received().len()), (1, 64));

    // And once for one rejection.
    let (tokens, server, client) = servers([Reply::with(401, &[], "")]).await;
    for result in posts(64, &client).await {
        assert!(result.unwrap_err().is_auth());
    }
    assert_eq!((tokens.received().len(), server.received().len()), (1, 0));
}

#[tokio::test]
async fn a_token_is_renewed_early_and_nobody_waits() {
    let (tokens, server, client) = servers([token("token-1", HOUR), token("token-2", HOUR)]).await;
    get(&client).await.unwrap();
    pass(HOUR - Duration::from_secs(61)).await;
    get(&client).await.unwrap();
    assert_eq!(tokens.received().len(), 1, "it is too early");
    pass(Duration::from_secs(2)).await;
    for result in posts(8, &client).await {
        result.unwrap();
    }
    tokens.until_received(2).await;
    // The new one is used as soon as it exists.
    while !authorizations(&server).contains(&"Bearer token-2".to_owned()) {
        get(&client).await.unwrap();
    }
    assert_eq!(tokens.received().len(), 2);
    assert_eq!(authorizations(&server)[..10], ["Bearer token-1"; 10]);
}

#[tokio::test]
async fn a_short_life_is_renewed_in_its_last_tenth() {
    let (tokens, _server, client) = servers([token("token-1", Duration::from_secs(100))]).await;
    get(&client).await.unwrap();
    pass(Duration::from_secs(88)).await;
    get(&client).await.unwrap();
    assert_eq!(tokens.received().len(), 1);
    pass(Duration::from_secs(3)).await;
    get(&client).await.unwrap();
    tokens.until_received(2).await;
}

#[tokio::test]
async fn a_renewal_that_fails_hurts_nobody_while_the_token_is_good() {
    for failure in [
        Reply::Stall(Vec::new()),
        Reply::Close,
        Reply::with(503, &[], ""),
        Reply::with(401, &[], ""),
    ] {
        let (tokens, server, client) =
            servers([token("token-1", HOUR), failure.clone(), token("token-2", HOUR)]).await;
        get(&client).await.unwrap();
        pass(HOUR - Duration::from_secs(59)).await;
        let began = Instant::now();
        for _ in 0..5 {
            get(&client).await.unwrap();
            tokio::task::yield_now().await;
        }
        tokens.until_received(2).await;
        get(&client).await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(5), "{failure:?}");
        assert_eq!(tokens.received().len(), 2, "{failure:?}");
        assert_eq!(authorizations(&server), ["Bearer token-1"; 7]);
        // Beyond the time that a request for a token may take, and the pause.
        pass(Duration::from_secs(25)).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        pass(Duration::from_secs(6)).await;
        get(&client).await.unwrap();
        tokens.until_received(3).await;
        // The old one ends.
        pass(Duration::from_secs(30)).await;
        get(&client).await.unwrap();
        let last = authorizations(&server).pop().unwrap();
        assert_eq!(last, "Bearer token-2", "{failure:?}");
        assert_eq!(tokens.received().len(), 3, "{failure:?}");
    }
}

#[tokio::test]
async fn a_token_without_expires_in_ends_as_it_says_itself() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let claims = format!(r#"{{"exp":{}}}"#, (now + HOUR).as_secs());
    let jwt = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
    let answer = Reply::json(200, &format!(r#"{{"access_token":"{jwt}"}}"#));
    let (tokens, server, client) = servers([answer]).await;
    get(&client).await.unwrap();
    pass(HOUR - Duration::from_secs(90)).await;
    get(&client).await.unwrap();
    assert_eq!(tokens.received().len(), 1);
    pass(Duration::from_secs(91)).await;
    get(&client).await.unwrap();
    assert_eq!(tokens.received().len(), 2);
    assert_eq!(authorizations(&server)[0], format!("Bearer {jwt}"));
}

/// The lifetime is `expires_in`, else that of the token itself, else five minutes; at most a day.
#[tokio::test]
async fn a_lifetime_is_stated_or_that_of_the_token_or_the_default() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let jwt = |claims: &str| format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
    let in_an_hour = jwt(&format!(r#"{{"exp":{}}}"#, (now + HOUR).as_secs()));
    let (day, minutes) = (24 * HOUR, Duration::from_secs(5 * 60));
    let mut cases: Vec<(String, &str, Duration)> = [
        (r#","expires_in":1800"#, HOUR / 2),
        (r#","expires_in":"1800""#, HOUR / 2),
        (r#","expires_in":0"#, Duration::ZERO),
        (r#","expires_in":-7"#, Duration::ZERO),
        (r#","expires_in":1e300"#, day),
        (r#","expires_in":null"#, HOUR),
        (r#","expires_in":"soon""#, HOUR),
        (r#","expires_in":"NaN""#, HOUR),
        ("", HOUR),
    ]
    .map(|(rest, lifetime)| (in_an_hour.clone(), rest, lifetime))
    .into();
    cases.extend(
        [
            (jwt(r#"{"exp":999999}"#), Duration::ZERO),
            (jwt(r#"{"exp":1e300}"#), day),
            (jwt(r#"{"exp":true}"#), minutes),
            (jwt("{}"), minutes),
            (jwt("no JSON"), minutes),
            ("e30.!.c2ln".to_owned(), minutes),
            ("opaque".to_owned(), minutes),
        ]
        .map(|(token, lifetime)| (token, "", lifetime)),
    );
    for (token, rest, lifetime) in cases {
        let body = format!(r#"{{"access_token":"{token}"{rest}}}"#);
        let tokens = Scripted::start([Reply::json(200, &body)]).await.unwrap();
        let oauth = oauth(tokens.url());
        let asked = async || {
            oauth.credentials().await.unwrap();
            tokens.received().len()
        };
        assert_eq!(asked().await, 1, "{body}");
        // The clock of the test runs too, and a token counts whole seconds.
        let slack = Duration::from_secs(30);
        let margin = Duration::from_secs(60).min(lifetime / 10);
        if let Some(time) = lifetime.checked_sub(margin + slack) {
            pass(time).await;
            assert_eq!(asked().await, 1, "{body}");
            pass(margin + 2 * slack).await;
        }
        assert_eq!(asked().await, 2, "{body}");
    }
}

#[tokio::test]
async fn a_token_without_any_life_is_used_by_those_who_waited() {
    let (tokens, server, client) = servers([token("token-1", Duration::ZERO)]).await;
    for result in posts(8, &client).await {
        result.unwrap();
    }
    get(&client).await.unwrap();
    assert_eq!((tokens.received().len(), server.received().len()), (2, 9));
}

/// A server that accepts only one token.
async fn knowing(token: &'static str) -> Scripted {
    let rule = move |request: &Received| {
        if request.header("authorization") == Some(&format!("Bearer {token}")) {
            good(request)
        } else {
            Reply::json(401, r#"{"code":20003}"#)
        }
    };
    Scripted::deciding(rule).await.unwrap()
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_whatever_the_method() {
    let tokens = Scripted::start([token("token-1", HOUR), token("token-2", HOUR)]).await.unwrap();
    let server = knowing("token-2").await;
    let client = client(server.url(), oauth(tokens.url()));
    post(&client).await.unwrap();
    get(&client).await.unwrap();
    let sent = authorizations(&server);
    assert_eq!(sent, ["Bearer token-1", "Bearer token-2", "Bearer token-2"]);
    assert_eq!(tokens.received().len(), 2);
}

#[tokio::test]
async fn many_refusals_of_one_token_make_one_new_one() {
    let tokens = Scripted::start([token("token-1", HOUR), token("token-2", HOUR)]).await.unwrap();
    let server = knowing("token-2").await;
    let client = client(server.url(), oauth(tokens.url()));
    for result in posts(64, &client).await {
        result.unwrap();
    }
    assert_eq!((tokens.received().len(), server.received().len()), (2, 128));
}

#[tokio::test]
async fn a_refusal_is_tried_once_more_and_within_the_attempts() {
    let server = Scripted::start([Reply::with(401, &[], "")]).await.unwrap();
    for (policy, requests, retryable) in [(quick(), 2, false), (RetryPolicy::never(), 1, true)] {
        let before = server.received().len();
        let tokens = Scripted::start([token("token-1", HOUR)]).await.unwrap();
        let client =
            client_builder(server.url(), oauth(tokens.url())).retry(policy).build().unwrap();
        let error = post(&client).await.unwrap_err();
        assert!(error.is_auth());
        assert_eq!(error.is_retryable(), retryable);
        assert_eq!(error.attempts(), requests);
        assert_eq!(server.received().len() - before, requests as usize);
        assert_error_private(&error);
    }
}

#[tokio::test]
async fn a_token_that_expires_between_pages_is_replaced() {
    let page = |next: &str| {
        let body = format!(r#"{{"attempts":[{{}}],"meta":{{"next_page_url":{next}}}}}"#);
        Reply::json(200, &body)
    };
    let tokens = Scripted::start([token("token-1", HOUR), token("token-2", HOUR)]).await.unwrap();
    let server = Scripted::start([
        page(r#""/v2/Attempts?Page=1""#),
        Reply::json(401, r#"{"code":20003}"#),
        page(r#""/v2/Attempts?Page=2""#),
        page("null"),
    ])
    .await
    .unwrap();
    let client = client(server.url(), oauth(tokens.url()));
    let mut items = client.attempts().list().items();
    let mut count = 0;
    while items.try_next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 3);
    let sent = authorizations(&server);
    assert_eq!(sent[..2], ["Bearer token-1"; 2]);
    assert_eq!(sent[2..], ["Bearer token-2"; 2]);
    let targets: Vec<_> = server.received().iter().map(|r| r.target().to_owned()).collect();
    assert_eq!(targets[1], targets[2]);
}

/// The error of a POST for which no token can be obtained, and how often a token was requested.
async fn failure(reply: Reply) -> (Error, usize) {
    let tokens = Scripted::start([reply]).await.unwrap();
    let server = ok().await;
    let client = client_builder(server.url(), oauth(tokens.url()))
        .attempt_timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let began = Instant::now();
    let error = post(&client).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(server.received().is_empty());
    assert!(error.source().is_some());
    assert!(!error.is_not_found() && !error.is_rate_limited());
    assert_error_private(&error);
    tokens.settled().await;
    (error, tokens.received().len())
}

#[tokio::test]
async fn a_client_that_is_not_known_is_an_error_of_authentication() {
    let invalid = r#"{"error":"invalid_client","error_description":"the+client secret& token-"}"#;
    // Text that is not one of OAuth's codes is not repeated.
    let unknown = r#"{"error":"token-1"}"#;
    for status in [400, 401, 403] {
        for (body, code) in [
            (invalid, "invalid_client"),
            (r#"{"error":"unauthorized_client"}"#, "unauthorized_client"),
            (unknown, ""),
            ("<html>", ""),
        ] {
            let (error, asked) = failure(Reply::json(status, body)).await;
            assert_eq!((error.kind(), error.status()), (ErrorKind::Refused, Some(status)));
            assert!(error.is_auth() && !error.is_retryable());
            assert_eq!((error.attempts(), asked), (1, 1));
            let text = error.to_string();
            let start = format!(
                "CreateVerification: status {status}: the token endpoint rejected the client: "
            );
            assert!(text.starts_with(&start) && text.contains(code), "{text}");
            let cause = error.source().unwrap().to_string();
            let start = format!("status {status}: {code}");
            assert!(cause.starts_with(&start), "{cause}");
        }
    }
}

#[tokio::test]
async fn a_token_endpoint_that_fails_means_not_sent() {
    let huge = format!(r#"{{"access_token":"token-{}"}}"#, "x".repeat(70_000));
    for (reply, timeout) in [
        (Reply::Close, false),
        (Reply::Stall(Vec::new()), true),
        (Reply::Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()), true),
        (Reply::with(503, &[], "<html>"), false),
        (Reply::with(429, &[], ""), false),
        (Reply::with(200, &[], "<html>token-1</html>"), false),
        (Reply::json(200, ""), false),
        (Reply::json(200, "{}"), false),
        (Reply::json(200, r#"{"access_token":null}"#), false),
        (Reply::json(200, r#"{"access_token":7}"#), false),
        (Reply::json(200, r#"{"access_token":""}"#), false),
        (Reply::json(200, r#"{"access_token":"a b"}"#), false),
        (Reply::json(200, r#"{"access_token":"é"}"#), false),
        (Reply::json(200, r#"{"access_token":"token-1\n"}"#), false),
        (Reply::json(200, &huge), false),
    ] {
        let (error, asked) = failure(reply.clone()).await;
        assert_eq!(error.kind(), ErrorKind::NotSent, "{error:?}");
        assert_eq!(error.status(), None);
        assert!(error.is_retryable() && !error.is_auth());
        assert_eq!(error.is_timeout(), timeout, "{error:?}");
        assert_eq!((error.attempts(), asked), (4, 4), "{error:?}");
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let server = ok().await;
    let error = post(&client(server.url(), oauth(&url))).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 4));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_token_endpoint_that_recovers_is_asked_again() {
    let (tokens, server, client) =
        servers([Reply::with(503, &[("Retry-After", "0")], ""), token("token-1", HOUR)]).await;
    post(&client).await.unwrap();
    assert_eq!((tokens.received().len(), server.received().len()), (2, 1));
}

#[tokio::test]
async fn what_is_no_token_endpoint_is_an_error_of_settings() {
    for status in [404, 405, 410] {
        let (error, asked) = failure(Reply::with(status, &[], "<html>")).await;
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("token_url")));
        assert!(error.to_string().contains(&status.to_string()), "{error}");
        assert_eq!((error.is_retryable(), asked), (false, 1));
    }
}

#[tokio::test]
async fn the_client_secret_follows_no_redirect() {
    for status in [301, 302, 303, 307, 308] {
        let other = Scripted::start([token("token-1", HOUR)]).await.unwrap();
        let location = format!("{}/v2/token", other.url());
        let (error, asked) = failure(Reply::with(status, &[("Location", &location)], "")).await;
        assert_eq!(error.field(), Some("token_url"));
        assert_eq!(asked, 1);
        other.settled().await;
        assert!(other.received().is_empty(), "{status}");
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_leaves_the_others_their_token() {
    let tokens = Scripted::start([Reply::Stall(Vec::new()), token("token-2", HOUR)]).await.unwrap();
    let server = ok().await;
    let client = client(server.url(), oauth(tokens.url()));
    let short = Duration::from_millis(100);
    // One caller gives up, while another waits for the same request.
    let first = tokio::time::timeout(short, get(&client));
    let second = tokio::time::timeout(3 * short, get(&client));
    let (first, second) = tokio::join!(first, second);
    assert!(first.is_err() && second.is_err());
    assert_eq!(tokens.received().len(), 1);
    // When no caller waits any more, the request is abandoned.
    tokens.until_closed().await;
    get(&client).await.unwrap();
    assert_eq!(tokens.received().len(), 2);
}

#[tokio::test]
async fn a_provider_can_be_made_of_others() {
    struct Logged(OAuth, Mutex<usize>);
    impl CredentialsProvider for Logged {
        fn credentials(&self) -> CredentialsFuture<'_> {
            self.0.credentials()
        }
        fn refused(&self, credentials: &Credentials) -> bool {
            *self.1.lock().unwrap() += 1;
            self.0.refused(credentials)
        }
    }
    let tokens =
        Scripted::start([token("token-1", HOUR), Reply::with(401, &[], "")]).await.unwrap();
    let server = knowing("token-2").await;
    let logged = Arc::new(Logged(oauth(tokens.url()), Mutex::default()));
    let client = Client::builder()
        .credentials_provider(Arc::clone(&logged))
        .base_url(server.url())
        .retry(quick())
        .build()
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("token endpoint"), "{error}");
    assert_eq!(*logged.1.lock().unwrap(), 1);
    let error = logged.0.credentials().await.unwrap_err();
    assert!(error.to_string().contains("token endpoint"), "{error}");
    assert_private(&format!("{error:?}"));
}

#[tokio::test]
async fn what_is_printed_is_private() {
    let (_tokens, _server, client) = servers([token("token-1", HOUR)]).await;
    get(&client).await.unwrap();
    let oauth = oauth("http://127.0.0.1:1");
    let builder = oauth_builder("http://127.0.0.1:1");
    let builders = Client::builder().credentials_provider(oauth.clone());
    assert!(format!("{oauth:?} {builder:?}").contains("OQ1"));
    assert_private(&format!("{client:?} {oauth:?} {builder:?} {builders:?}"));

    let credentials = basic("token-1");
    assert!(format!("{credentials:?}").contains(ACCOUNT));
    let bearer = Credentials::bearer("token-2");
    assert_private(&format!("{credentials:?} {bearer:?} {bearer:#?}"));
}

#[test]
fn settings_of_oauth_are_checked() {
    for (builder, field) in [
        (OAuth::builder("", "x"), "client_id"),
        (OAuth::builder("x", ""), "client_secret"),
        (oauth_builder("http://oauth.example"), "token_url"),
        (oauth_builder("https://u:p@oauth.example"), "token_url"),
        (oauth_builder("oauth.example"), "token_url"),
        (oauth_builder("https://a.example/token?x"), "token_url"),
        (OAuth::builder("x", "y").application("two\nlines"), "application"),
    ] {
        let error = builder.root_certificate(authority()).build().unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some(field)));
        assert_error_private(&error);
    }
    OAuth::builder("x", "y").root_certificate(authority()).build().unwrap();
}

#[test]
fn a_secret_that_was_copied_with_white_space_is_named() {
    let account = tests::client::ACCOUNT;
    for secret in ["secret\n", "secret ", " secret", "\tsecret\r\n"] {
        for (names, field) in [
            (["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"], "TWILIO_AUTH_TOKEN"),
            (["TWILIO_API_KEY", "TWILIO_API_SECRET"], "TWILIO_API_SECRET"),
        ] {
            let sid = match names[0] {
                "TWILIO_API_KEY" => account.replace("AC", "SK"),
                _ => account.to_owned(),
            };
            let lookup = |name: &str| match name {
                name if name == names[0] => Some(sid.clone()),
                name if name == names[1] => Some(secret.to_owned()),
                _ => None,
            };
            let error = twilio_verify::ClientBuilder::from_lookup(lookup).unwrap_err();
            assert_eq!(error.field(), Some(field), "{secret:?}");
            assert!(error.to_string().contains("white space"), "{error}");
        }
        let error = tests::client::builder("http://localhost", secret).build().unwrap_err();
        assert_eq!(error.field(), Some("credentials"), "{secret:?}");
        let error = twilio_verify::OAuth::builder("id", secret).build().unwrap_err();
        assert_eq!(error.field(), Some("client_secret"), "{secret:?}");
    }
}
