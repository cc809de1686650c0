//! The chapter's own flag server: slow, faulty and small on demand.
//!
//! It runs in the same process, on one thread of its own, so that the chapter
//! needs no network. What goes wrong depends on the seed and the path, never on
//! the order of the requests: each client gets the same answer for a path.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime;

use super::codes::{Code, countries};
use super::pictures;

/// How a server treats its clients.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// How long every answer takes.
    pub delay: Duration,
    /// Which share of the paths, from 0 to 1, is answered with "418 I'm a
    /// teapot".
    pub error_rate: f64,
    /// How many requests may be in flight; to those beyond it says "503
    /// Service Unavailable".
    pub capacity: usize,
    /// What decides which codes are errors, and what the flags look like.
    pub seed: u64,
}

/// A running server; it stops when the process does.
pub struct Server {
    address: SocketAddr,
    site: Arc<Site>,
}

struct Site {
    manners: Manners,
    /// Every path there is. What is not in this map is not found, however it
    /// is spelt.
    paths: HashMap<String, Content>,
    in_flight: AtomicUsize,
    peak: AtomicUsize,
}

enum Content {
    /// Drawn at the first request for it.
    Picture(Code, OnceLock<Bytes>),
    Metadata(Code, &'static str),
}

impl Server {
    /// Starts a server on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// When there is no port, thread or event queue to be had.
    pub fn start(manners: Manners) -> io::Result<Server> {
        let site = Arc::new(Site::new(manners));
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let shared = Arc::clone(&site);
        thread::Builder::new()
            .name("flag server".to_string())
            .spawn(move || runtime.block_on(accept(listener, shared)))?;
        Ok(Server { address, site })
    }

    /// Returns where the flags are: the flag of Brazil is at `/br/br.gif`
    /// below.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns how many requests were in flight at most.
    pub fn peak(&self) -> usize {
        self.site.peak.load(SeqCst)
    }
}

async fn accept(listener: TcpListener, site: Arc<Site>) -> Infallible {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Out of file descriptors, say. That client stays in the queue,
            // and asking again at once would burn a core until there are some.
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let site = Arc::clone(&site);
        let service = service_fn(move |request| {
            let site = Arc::clone(&site);
            async move { site.answer(request).await }
        });
        let connection = http1::Builder::new()
            // Without a timer this limit does nothing at all.
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(30))
            .serve_connection(TokioIo::new(stream), service);
        // A connection that breaks is its own client's loss only.
        tokio::spawn(async { connection.await.ok() });
    }
}

impl Site {
    fn new(manners: Manners) -> Site {
        let mut paths = HashMap::new();
        for (code, country) in countries() {
            let cc = code.lower();
            let metadata = Content::Metadata(code, country);
            paths.insert(
                format!("/{cc}/{cc}.gif"),
                Content::Picture(code, OnceLock::new()),
            );
            paths.insert(format!("/{cc}/metadata.json"), metadata);
        }
        Site {
            manners,
            paths,
            in_flight: 0.into(),
            peak: 0.into(),
        }
    }

    async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let ticket = Ticket::new(Arc::clone(&self));
        let answer = if ticket.place > self.manners.capacity {
            Err(StatusCode::SERVICE_UNAVAILABLE)
        } else {
            tokio::time::sleep(self.manners.delay).await;
            self.look_up(&request)
        };
        let mut response = Response::new(Full::default());
        match answer {
            Ok(bytes) => {
                let body = Carried {
                    bytes,
                    _ticket: ticket,
                };
                *response.body_mut() = Full::new(Bytes::from_owner(body));
            }
            Err(status) => *response.status_mut() = status,
        }
        Ok(response)
    }

    fn look_up(
        &self,
        request: &Request<Incoming>,
    ) -> Result<Bytes, StatusCode> {
        let path = request.uri().path();
        if request.method() != Method::GET {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        if self.is_unlucky(path) {
            return Err(StatusCode::IM_A_TEAPOT);
        }
        match self.paths.get(path).ok_or(StatusCode::NOT_FOUND)? {
            Content::Picture(code, picture) => {
                let draw = || pictures::flag(*code, self.manners.seed).into();
                Ok(picture.get_or_init(draw).clone())
            }
            Content::Metadata(code, country) => {
                let metadata = json!({
                    "iso_cc": code.to_string(),
                    "country": country,
                });
                Ok(metadata.to_string().into())
            }
        }
    }

    /// Tells by seed and path, so that three engines meet the same errors.
    fn is_unlucky(&self, path: &str) -> bool {
        let hash = path.bytes().fold(self.manners.seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Rng::with_seed(hash).f64() < self.manners.error_rate
    }
}

/// Counts its request as one in flight for as long as it lives.
struct Ticket {
    site: Arc<Site>,
    place: usize,
}

impl Ticket {
    fn new(site: Arc<Site>) -> Ticket {
        let place = site.in_flight.fetch_add(1, SeqCst) + 1;
        site.peak.fetch_max(place, SeqCst);
        Ticket { site, place }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.site.in_flight.fetch_sub(1, SeqCst);
    }
}

/// A body with its ticket: the request is in flight until its last byte has
/// been handed over, not only until the answer is known.
struct Carried {
    bytes: Bytes,
    _ticket: Ticket,
}

impl AsRef<[u8]> for Carried {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_outside_this_machine_can_reach_it() {
        let server = Server::start(Manners {
            delay: Duration::ZERO,
            error_rate: 0.0,
            capacity: 1,
            seed: 0,
        });
        assert!(server.unwrap().address.ip().is_loopback());
    }
}
