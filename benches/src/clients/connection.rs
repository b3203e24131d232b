//! A connection that stays open. It uses hyper directly, which costs almost nothing.

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::http::request::Builder;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::error::Error;

/// The `Authorization` header for an emulator with its default credentials.
const AUTHORIZATION: &str = "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDoxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMQ==";

/// A connection to a server on loopback.
pub struct Connection {
    host: String,
    send: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects to the server of a URL: `http://`, a host and a port.
    ///
    /// # Errors
    ///
    /// Returns an error if nothing listens there.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let host = url.strip_prefix("http://").ok_or("no http URL")?;
        let stream = TcpStream::connect(host).await?;
        stream.set_nodelay(true)?;
        let (send, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { host: host.to_owned(), send })
    }

    /// GETs a path, and reads the whole response.
    ///
    /// # Errors
    ///
    /// Returns an error if the status is not 200.
    pub async fn get(&mut self, path: &str) -> Result<Bytes, Error> {
        self.send(Request::get(path), Bytes::new(), 200).await
    }

    /// POSTs a form to a path, and reads the whole response.
    ///
    /// # Errors
    ///
    /// Returns an error if the status is not 201.
    pub async fn post(&mut self, path: &str, form: String) -> Result<Bytes, Error> {
        let request =
            Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, form.into(), 201).await
    }

    async fn send(&mut self, request: Builder, body: Bytes, expected: u16) -> Result<Bytes, Error> {
        self.send.ready().await?;
        let request = request
            .header("host", &self.host)
            .header("authorization", AUTHORIZATION)
            .header("accept", "application/json")
            .body(Full::new(body))?;
        let response = self.send.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status.as_u16() == expected {
            Ok(body)
        } else {
            Err(format!("status {status}: {}", String::from_utf8_lossy(&body)).into())
        }
    }
}
