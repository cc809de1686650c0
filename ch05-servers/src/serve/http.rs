//! What hyper leaves to its user: time limits, panics, health, counters.

use std::convert::Infallible;
use std::error::Error;
use std::fmt::Write;
use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::Poll;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tracing::{error, info};

use super::head_limit::HeadLimit;
use super::protocol::{LINGER, MAX_BODY, MAX_HEAD, Refusal, check, refuse};
use super::write_limit::WriteLimit;
use super::{Limits, Session, panic_message};

/// What `/metrics` says. Relaxed throughout: nothing is ordered by a counter.
#[derive(Default)]
pub struct Metrics {
    connections: AtomicU64,
    open: AtomicU64,
    in_flight: AtomicU64,
    /// By the status's first digit.
    answers: [AtomicU64; 6],
    starting: AtomicBool,
}

/// Speaks HTTP/1.1 on one connection until it ends or the server does.
///
/// `answer` has `limits.request` for each request. It does not see `/health`
/// and `/metrics`, nor a request that [`check`] refuses, and a body has been
/// read before and thrown away: the next request begins behind it. When
/// `answer` panics, the client gets a 500, and the next request is served. A
/// body that is sent in parts may rest for `limits.idle` between two of them.
///
/// # Errors
///
/// The connection's: broken, cut off for being slow, or not HTTP.
pub async fn connection<F, Fut, B>(
    mut stream: TcpStream,
    session: Session,
    limits: Limits,
    metrics: Arc<Metrics>,
    answer: F,
) -> io::Result<()>
where
    F: Fn(Request<Incoming>) -> Fut,
    Fut: Future<Output = Response<B>>,
    B: Body<Data = Bytes> + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    metrics.connections.fetch_add(1, Relaxed);
    let _open = Gauge::rise(&metrics.open);
    let (answer, counted, peer) = (&answer, &*metrics, session.peer);
    let answering = &AtomicU64::new(0);
    let service = service_fn(move |mut request: Request<Incoming>| {
        // From now on, and not from when hyper first polls the answer: between
        // the two it reads once more.
        let rising = (Gauge::rise(&counted.in_flight), Gauge::rise(answering));
        // Boxed, so that a connection has room for a request while it has one.
        Box::pin(async move {
            let _risen = rising;
            let started = Instant::now();
            let method = request.method().clone();
            let version = request.version();
            // Copies nothing, and is read only if the line is logged.
            let uri = request.uri().clone();
            let target = || uri.path_and_query().map_or("", |it| it.as_str());
            let refused = match check(&request) {
                Err(refusal) => Some(refusal),
                Ok(_) if request.body().is_end_stream() => None,
                // Boxed: a request has no room for what hardly any needs.
                Ok(_) => Box::pin(discard(request.body_mut(), &limits)).await,
            };
            let ours = match refused {
                Some(refusal) => {
                    let mut response = refuse(refusal);
                    // Otherwise hyper adds `keep-alive` for a client of
                    // HTTP/1.0 that asked for it, and that is not our `close`.
                    *response.version_mut() = version;
                    Some(response)
                }
                None => own(&request, counted),
            };
            let response = match ours {
                Some(response) => response.map(Either::Left),
                None => {
                    // Pinned here, and so handed on as a pointer.
                    let answer = pin!(answer(request));
                    match in_time(limits.request, caught(answer)).await {
                        Ok(Ok(response)) => response.map(Either::Right),
                        Ok(Err(why)) => {
                            error!(target = ?target(), "panicked: {why}");
                            let status = StatusCode::INTERNAL_SERVER_ERROR;
                            text(status, "internal error\n").map(Either::Left)
                        }
                        Err(_) => {
                            let status = StatusCode::REQUEST_TIMEOUT;
                            text(status, "took too long\n").map(Either::Left)
                        }
                    }
                }
            };
            let status = response.status().as_u16();
            counted.answers[usize::from(status / 100)].fetch_add(1, Relaxed);
            let ms = started.elapsed().as_millis() as u64;
            // Quoted and escaped: a target is what a stranger wrote.
            info!(%peer, %method, target = ?target(), status, ms);
            Ok::<_, Infallible>(response)
        })
    });
    let ended = {
        let limited = WriteLimit::new(&mut stream, limits.write);
        let limited =
            HeadLimit::new(limited, limits.idle, limits.header, answering);
        let connection = http1::Builder::new()
            // Of header lines hyper takes 100; to name another number has it
            // fill two tables for each request.
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(limited), service);
        let mut connection = pin!(connection);
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = session.closing.cancelled() => {
                // Ends after the answer that is under way, or at once.
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    // The last answer may be a refusal, which hyper gives to bytes that are no
    // request, too. A client that was late or lost gets none.
    if ended.as_ref().err().is_none_or(hyper::Error::is_parse) {
        tokio::select! {
            () = Box::pin(linger(&mut stream)) => {}
            () = session.closing.cancelled() => {}
        }
    }
    // Hyper says which part of its work failed, and its source why.
    ended.map_err(|err| match err.source() {
        Some(why) => io::Error::other(format!("{err}: {why}")),
        None => io::Error::other(err),
    })
}

/// Returns a short answer in plain text.
pub fn text(
    status: StatusCode,
    words: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(words.into()));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}

/// Returns a 405 that says what is allowed instead.
pub fn not_allowed(methods: &'static str) -> Response<Full<Bytes>> {
    let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "not allowed\n");
    let methods = HeaderValue::from_static(methods);
    response.headers_mut().insert(ALLOW, methods);
    response
}

/// Answers what every server answers alike: `/health` and `/metrics`.
pub fn own<B>(
    request: &Request<B>,
    metrics: &Metrics,
) -> Option<Response<Full<Bytes>>> {
    let (status, words) = metrics.answer(request.uri().path())?;
    Some(match *request.method() {
        Method::GET | Method::HEAD => text(status, words),
        _ => not_allowed("GET, HEAD"),
    })
}

/// Reads a body to its end and throws it away. Returns what to say if it is
/// too long, too slow, or broken.
async fn discard(body: &mut Incoming, limits: &Limits) -> Option<Refusal> {
    let too_large =
        (StatusCode::PAYLOAD_TOO_LARGE, "this body is not welcome\n");
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Some(too_large);
    }
    let whole = Limited::new(body, MAX_BODY).collect();
    match timeout(limits.header, whole).await {
        Ok(Ok(_)) => None,
        Ok(Err(err)) if err.is::<LengthLimitError>() => Some(too_large),
        Ok(Err(_)) => Some((StatusCode::BAD_REQUEST, "not a chunked body\n")),
        Err(_) => {
            Some((StatusCode::REQUEST_TIMEOUT, "this body does not arrive\n"))
        }
    }
}

/// Says that nothing more will be sent, and reads what the client still sends:
/// see [`LINGER`]. An error ends it, as the client's end does.
async fn linger(stream: &mut TcpStream) {
    let (most, time) = LINGER;
    stream.shutdown().await.ok();
    let mut rest = stream.take(most);
    timeout(time, tokio::io::copy(&mut rest, &mut tokio::io::sink()))
        .await
        .ok();
}

impl Metrics {
    /// Returns those of a server that listens and has no answers yet.
    pub fn starting() -> Metrics {
        Metrics {
            starting: true.into(),
            ..Metrics::default()
        }
    }

    /// Makes `/health` say that the server has its answers.
    pub fn is_ready(&self) {
        self.starting.store(false, Relaxed);
    }

    /// Returns the counters as Prometheus reads them.
    pub fn to_text(&self) -> String {
        let mut page = String::new();
        let mut put = |name: &str, kind: &str, value: &AtomicU64| {
            let value = value.load(Relaxed);
            writeln!(page, "# TYPE {name} {kind}\n{name} {value}")
                .expect("a String takes all");
        };
        put("connections_total", "counter", &self.connections);
        put("connections_open", "gauge", &self.open);
        put("http_requests_in_flight", "gauge", &self.in_flight);
        page += "# TYPE http_requests_total counter\n";
        for (class, count) in self.answers.iter().enumerate().skip(2) {
            let count = count.load(Relaxed);
            writeln!(
                page,
                "http_requests_total{{status=\"{class}xx\"}} {count}"
            )
            .expect("a String takes all");
        }
        page
    }

    /// Answers `/health` and `/metrics`; any other path is not asked here.
    pub fn answer(&self, path: &str) -> Option<(StatusCode, String)> {
        match path {
            "/health" if self.starting.load(Relaxed) => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Some((status, "starting\n".to_string()))
            }
            "/health" => Some((StatusCode::OK, "ok\n".to_string())),
            "/metrics" => Some((StatusCode::OK, self.to_text())),
            _ => None,
        }
    }

    /// Counts a connection, as open for as long as the gauge lives.
    ///
    /// For a server without hyper, as is `count`; [`connection`] counts by
    /// itself.
    pub fn connected(&self) -> Gauge<'_> {
        self.connections.fetch_add(1, Relaxed);
        Gauge::rise(&self.open)
    }

    /// Counts a request, which `answer` answers.
    pub fn count<T>(
        &self,
        answer: impl FnOnce() -> (StatusCode, T),
    ) -> (StatusCode, T) {
        let _in_flight = Gauge::rise(&self.in_flight);
        let (status, body) = answer();
        let class = usize::from(status.as_u16() / 100);
        self.answers[class].fetch_add(1, Relaxed);
        (status, body)
    }

    /// Returns how many requests have an answer under way.
    pub fn in_flight(&self) -> u64 {
        self.in_flight.load(Relaxed)
    }
}

/// Adds one for as long as it lives: until the request is answered or its
/// client has gone, for then hyper drops the future that holds this.
pub struct Gauge<'a>(&'a AtomicU64);

impl Gauge<'_> {
    fn rise(gauge: &AtomicU64) -> Gauge<'_> {
        gauge.fetch_add(1, Relaxed);
        Gauge(gauge)
    }
}

impl Drop for Gauge<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// Gives a future a limit; without a timer, if it is ready at once.
async fn in_time<T>(
    limit: Duration,
    future: impl Future<Output = T>,
) -> Result<T, Elapsed> {
    let mut future = pin!(future);
    match poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => timeout(limit, future).await,
    }
}

/// Turns a panic of the future into an error: the panic's message.
///
/// Unwind safe in fact: after a panic the future is not polled again.
async fn caught<T>(
    mut future: Pin<&mut impl Future<Output = T>>,
) -> Result<T, String> {
    poll_fn(|cx| {
        let poll = || future.as_mut().poll(cx);
        match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic_message(panic))),
        }
    })
    .await
}
