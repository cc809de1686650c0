//! Heads of requests that go wrong: every HTTP server of the chapter reads them
//! alike, and as hyper alone does, or [`DEVIATIONS`] has the reason.
//!
//! The test sends up to 10,000 mutations of 20 seeds to each server, for 20 s.
//! For a long run:
//!
//! FUZZ_HEADS=100000 cargo test --release -p ch05-servers --test http_heads
//!
//! Behind each head comes a second request. Where the first is refused there is
//! one answer; where its connection stays open there are two; a third would be
//! an answer to what was no request.

mod server;

use std::collections::BTreeMap;
use std::net::{Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ch05_servers::animals::{self, Api, How};
use ch05_servers::fib::{self, Fib, Place};
use ch05_servers::finder::Index;
use ch05_servers::flags::{self, Flags, Manners};
use ch05_servers::serve::http::{not_allowed, text};
use ch05_servers::serve::protocol::refuse;
use ch05_servers::serve::{Ended, Limits, serve};
use ch05_servers::signs::{self, Delay, Signs};
use ch05_servers::sync;
use ch05_servers::web::program::finder;
use fastrand::Rng;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use server::At;
use server::inside::{Inside, patient};

/// How long a server waits for the rest of a head or body. All bytes are sent
/// at once, so only a head that has no end waits.
const REST: Duration = Duration::from_millis(100);
/// How long the test goes on, unless the number of heads is set.
const BOUND: Duration = Duration::from_secs(20);
/// How many heads are under way at once.
const AT_ONCE: usize = 32;
/// What comes behind each head.
const PROBE: &[u8] =
    b"GET /health HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n";
/// What some seeds have as their body. It is no request.
const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

/// The servers of the chapter, by name.
fn servers(limits: Limits) -> Vec<(&'static str, Inside)> {
    let flags = Arc::new(Flags::new(Manners {
        delay: Duration::ZERO..=Duration::ZERO,
        error_rate: 0.0,
        seed: 7,
    }));
    let signs = Index::of('a'..='z');
    let signs = Signs::new(signs, Delay::Waiting(Duration::ZERO), 64);
    let animals = |how| {
        Inside::start(move |listener, _, stop| {
            blocking(listener, move |listener| {
                let api = Api::new(Duration::ZERO, 1000);
                animals::program::run(how, api, listener, limits, stop)
            })
        })
    };
    vec![
        ("animals --how async", animals(How::Async)),
        ("animals --how threads", animals(How::Threads)),
        (
            "fib",
            Inside::start(|listener, _, stop| {
                fib::run(Fib::new(Place::Inline), listener, limits, stop)
            }),
        ),
        (
            "flags",
            Inside::start(|listener, _, stop| {
                flags::program::run(flags, listener, limits, stop)
            }),
        ),
        (
            "signs",
            Inside::start(|listener, _, stop| {
                signs::run(signs, listener, limits, stop)
            }),
        ),
        (
            "web",
            Inside::start(|listener, index, stop| {
                finder(listener, limits, index, stop)
            }),
        ),
        (
            "sync",
            Inside::start(|listener, _, stop| {
                blocking(listener, move |listener| {
                    let index = Index::of('a'..='z');
                    sync::serve(index, listener, limits, stop)
                })
            }),
        ),
    ]
}

/// Runs a server that blocks, on a thread of its own.
async fn blocking<F>(listener: TcpListener, server: F) -> Ended
where
    F: FnOnce(std::net::TcpListener) -> std::io::Result<Ended> + Send + 'static,
{
    let listener = listener.into_std().expect("a listener");
    listener.set_nonblocking(false).expect("a listener");
    let ended = spawn_blocking(move || server(listener)).await;
    ended.expect("does not panic").expect("serves")
}

/// Hyper, and nothing around it but a limit of time.
fn hyper_alone() -> Inside {
    async fn answer(
        request: Request<Incoming>,
    ) -> Result<
        hyper::Response<http_body_util::Full<hyper::body::Bytes>>,
        hyper::Error,
    > {
        let (head, body) = request.into_parts();
        let body = body.collect().await;
        Ok(match (&head.method, head.uri.path()) {
            _ if body.is_err() => refuse((StatusCode::BAD_REQUEST, "broken")),
            (&Method::GET | &Method::HEAD, "/health") => {
                text(StatusCode::OK, "ok\n")
            }
            (&Method::GET | &Method::HEAD, _) => {
                text(StatusCode::NOT_FOUND, "not found\n")
            }
            _ => not_allowed("GET, HEAD"),
        })
    }
    Inside::start(|listener, _, stop: CancellationToken| async move {
        serve(listener, &patient(), stop, |mut stream, _| async move {
            let connection = http1::Builder::new()
                .max_buf_size(16 * 1024)
                .serve_connection(
                    TokioIo::new(&mut stream),
                    service_fn(answer),
                );
            // The errors are the subject.
            timeout(REST, connection).await.ok();
            stream.shutdown().await.ok();
            let mut rest = [0; 4096];
            let linger = async {
                while stream.read(&mut rest).await.is_ok_and(|n| n > 0) {}
            };
            timeout(Duration::from_secs(1), linger).await.ok();
            Ok(())
        })
        .await
    })
}

/// What a server says to a head and what comes behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Outcome {
    /// The first digits of the statuses.
    classes: Vec<u16>,
    /// The last answer says that the connection ends.
    says_end: bool,
    /// What breaks the rules: an answer after the last one, or after a reset.
    fault: Option<String>,
}

/// Sends bytes, and reads answers until the server closes.
async fn ask(address: SocketAddr, bytes: &[u8]) -> Outcome {
    let mut client = TcpStream::connect(address).await.expect("connects");
    // The server may refuse before it has read all.
    client.write_all(bytes).await.ok();
    let mut answer = Vec::new();
    let read = client.read_to_end(&mut answer);
    let read = timeout(server::LIMIT, read).await.expect("closes in time");
    let mut outcome = outcome(&answer);
    if let Err(err) = read {
        outcome.fault = Some(format!("{err}"));
    }
    outcome
}

fn outcome(mut bytes: &[u8]) -> Outcome {
    let mut outcome = Outcome::default();
    while !bytes.is_empty() {
        let mut lines = [httparse::EMPTY_HEADER; 32];
        let mut head = httparse::Response::new(&mut lines);
        let parsed = head.parse(bytes);
        let Ok(httparse::Status::Complete(length)) = parsed else {
            let what = bytes.escape_ascii().to_string();
            outcome.fault = Some(format!("no answer: {what}"));
            return outcome;
        };
        let value = |name: &str| {
            let mut lines = head.headers.iter();
            let line = lines.find(|it| it.name.eq_ignore_ascii_case(name));
            line.map_or(String::new(), |it| {
                String::from_utf8_lossy(it.value).to_ascii_lowercase()
            })
        };
        let (body, end) = (value("content-length"), value("connection"));
        let (status, old) = (head.code.unwrap_or(0), head.version == Some(0));
        bytes = &bytes[length..];
        if status == 100 {
            continue;
        }
        if outcome.says_end {
            outcome.fault = Some("an answer after the last one".to_string());
        }
        outcome.classes.push(status / 100);
        outcome.says_end =
            end == "close" || (old && !end.contains("keep-alive"));
        // After a HEAD there is no body, whatever its length.
        if !bytes.starts_with(b"HTTP/1.") {
            let body = body.parse().unwrap_or(0).min(bytes.len());
            bytes = &bytes[body..];
        }
    }
    outcome
}

/// Twenty requests: fine ones, old ones, and some that ask for trouble.
fn seeds() -> Vec<Vec<u8>> {
    let get = "GET /health HTTP/1.1\r\nHost: a\r\n";
    let post = "POST /health HTTP/1.1\r\nHost: a\r\n";
    let length = HIDDEN.len();
    let chunks = format!("{length:x}\r\n{HIDDEN}\r\n0\r\n\r\n");
    let seeds = [
        format!("{get}\r\n"),
        format!("{get}Connection: close\r\n\r\n"),
        format!("{get}Connection: TE, close\r\nTE: trailers\r\n\r\n"),
        format!("{get}Connection: keep-alive\r\nUser-Agent: x/1 (y)\r\n\r\n"),
        "HEAD /health HTTP/1.1\r\nHost: a.example:80\r\n\r\n".to_string(),
        "GET /nowhere?q=a+b&c=%20 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"
            .to_string(),
        "GET http://a/health HTTP/1.1\r\nHost: a\r\n\r\n".to_string(),
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n".to_string(),
        "GET /health HTTP/1.0\r\n\r\n".to_string(),
        "GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".to_string(),
        format!("\r\n{get}Accept: */*\r\nX: \"a, b\", c\r\n\r\n"),
        format!("{get}Content-Length: {length}\r\n\r\n{HIDDEN}"),
        format!("{post}Content-Length: {length}\r\n\r\n{HIDDEN}"),
        format!("{post}Content-Length : {length}\r\n\r\n{HIDDEN}"),
        format!(
            "{post}Content-Length: {length}\r\nContent-Length: {length}\r\n\r\n{HIDDEN}"
        ),
        format!("{post}Transfer-Encoding: chunked\r\n\r\n{chunks}"),
        format!(
            "{post}Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n"
        ),
        format!(
            "{post}Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"
        ),
        format!("{post}Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"),
        format!(
            "{get}Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n"
        ),
    ];
    seeds.map(String::into_bytes).to_vec()
}

/// Heads that were read in two ways, when this test or a long run found them.
const FOUND: [&str; 6] = [
    "GET /health HTTP/1.0\r\nConnection: keep-alive\r\nHost:\r\n\r\n",
    "POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
     \r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n",
    "POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
     3;a=b\r\nabc\r\n0\r\nX: y\n\r\n",
    "POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
     3;\na=b\r\nabc\r\n0\r\nX: y\r\n\r\n",
    "POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n\
     0\r\n\r\n",
    "POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\n\
     GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n\r\n\
     GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n",
];

/// Bytes that mean something in a head, and some that may not stand there.
const BYTES: &[u8] = b"\0\t\n\r \"#%+,-./0159:;=?@ACHX[]_ace\x7f\x80\xff";

/// Lines and parts that change what a head means.
const PARTS: [&str; 25] = [
    "\r\n",
    "\n",
    " ",
    "\t",
    ",",
    "\r\n\r\n",
    "\r\n ",
    "Host: b\r\n",
    "Host: a b\r\n",
    "Host:\r\n",
    "Connection: close\r\n",
    "Connection:close,\r\n",
    "Connection: keep-alive\r\n",
    "Content-Length: 38\r\n",
    "Content-Length: 0\r\n",
    "Content-Length: +3\r\n",
    "Content-Length: 3, 3\r\n",
    "Content-Length: 99999999999999999999\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: identity\r\n",
    "Transfer-Encoding\t: chunked\r\n",
    "HTTP/1.0",
    "HTTP/1.1",
    "http://b/",
    "0\r\n\r\n",
];

/// Changes a seed in one to three places.
fn mutate(rng: &mut Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut head = seeds[rng.usize(..seeds.len())].clone();
    for _ in 0..rng.usize(1..=3) {
        let at = rng.usize(..=head.len());
        let end = head.len().min(at + rng.usize(1..=8));
        match rng.u8(..10) {
            0 | 1 if at < head.len() => {
                head[at] = BYTES[rng.usize(..BYTES.len())];
            }
            2 => head.insert(at, BYTES[rng.usize(..BYTES.len())]),
            3 => drop(head.drain(at..end)),
            4 => {
                let part = PARTS[rng.usize(..PARTS.len())].bytes();
                head.splice(at..at, part).for_each(drop);
            }
            // At the start of a line, where a header may stand.
            5 | 6 => {
                let part = PARTS[rng.usize(..PARTS.len())].bytes();
                let lines = line_starts(&head);
                let at = lines[rng.usize(..lines.len())];
                head.splice(at..at, part).for_each(drop);
            }
            7 => {
                let lines = line_starts(&head);
                let from = rng.usize(..lines.len());
                let end = lines.get(from + 1).copied().unwrap_or(head.len());
                let line = head[lines[from]..end].to_vec();
                match rng.bool() {
                    true => head.splice(end..end, line).for_each(drop),
                    false => drop(head.drain(lines[from]..end)),
                }
            }
            8 => head[at..end].iter_mut().for_each(|byte| {
                // Letters change their case, and a colon becomes a `Z`.
                *byte ^= 0x20;
            }),
            9 if rng.u8(..8) == 0 => {
                let byte = BYTES[rng.usize(..BYTES.len())];
                let times = 1 << rng.u32(4..=15);
                head.splice(at..at, std::iter::repeat_n(byte, times))
                    .for_each(drop);
            }
            _ => {
                let other = &seeds[rng.usize(..seeds.len())];
                let from = rng.usize(..other.len());
                head.truncate(at);
                head.extend(&other[from..]);
            }
        }
    }
    head
}

fn line_starts(head: &[u8]) -> Vec<usize> {
    let ends = head.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    [0].into_iter().chain(ends.map(|(at, _)| at + 1)).collect()
}

/// A head, and what hyper alone and one of our servers said to it.
struct Case<'a> {
    sent: &'a [u8],
    server: &'static str,
    hyper: &'a Outcome,
    ours: &'a Outcome,
}

/// A difference from hyper alone that is meant.
struct Deviation {
    reason: &'static str,
    explains: fn(&Case) -> bool,
}

/// Each difference from hyper alone, with its reason; there are no others.
const DEVIATIONS: &[Deviation] = &[
    Deviation {
        reason: "hyper leaves the Host header to its user; RFC 9112 §3.2 has \
                 a request refused that names no host, two, or what is none",
        explains: |case| {
            case.refuses(|request| {
                let hosts = request.values("host");
                let old = request.is_old && hosts.is_empty();
                !old && !matches!(&hosts[..], [host] if is_plain_host(host))
            })
        },
    },
    Deviation {
        reason: "hyper takes any URI for a target; RFC 9112 §3.2 has a form \
                 for each method",
        explains: |case| {
            case.refuses(|request| {
                let target = &request.target;
                let absolute = target.contains("://");
                request.method == "CONNECT"
                    || !(target.starts_with('/') || absolute)
            })
        },
    },
    Deviation {
        reason: "hyper asks whether the last transfer coding is chunked; of \
                 RFC 9112 §6.1 these servers decode `chunked` alone, on one \
                 line, and refuse other lists",
        explains: |case| {
            case.refuses(|request| {
                match &request.values("transfer-encoding")[..] {
                    [] => false,
                    [one] => !one.eq_ignore_ascii_case("chunked"),
                    _ => true,
                }
            })
        },
    },
    Deviation {
        reason: "hyper drops a Content-Length beside a Transfer-Encoding \
                 before its user sees it, and closes after the answer; the \
                 servers without hyper refuse. RFC 9112 §6.3 allows both",
        explains: |case| {
            case.is_without_hyper()
                && case.refuses(|request| {
                    !request.values("content-length").is_empty()
                        && !request.values("transfer-encoding").is_empty()
                })
        },
    },
    Deviation {
        reason: "hyper has a bare LF within a trailer, where the next reader \
                 may see the body's end; the servers without hyper refuse",
        explains: |case| {
            let mut lines = case.sent.split_inclusive(|byte| *byte == b'\n');
            case.is_without_hyper()
                && lines.any(|line| !line.ends_with(b"\r\n"))
                && case.refuses(|request| {
                    !request.values("transfer-encoding").is_empty()
                })
        },
    },
    Deviation {
        reason: "hyper reads the size of a chunk with any number of leading \
                 zeros; httparse, and so the servers without hyper, with at \
                 most 16 digits",
        explains: |case| {
            let mut lines = case.sent.split(|byte| *byte == b'\n');
            case.is_without_hyper()
                && lines.any(|line| {
                    let digits = line.iter();
                    digits.take_while(|it| it.is_ascii_hexdigit()).count() > 15
                })
                && case.refuses(|request| {
                    !request.values("transfer-encoding").is_empty()
                })
        },
    },
    Deviation {
        reason: "a body that is too long, or does not arrive, is refused; \
                 hyper alone has no limits and waits",
        explains: |case| {
            let waits = &case.hyper.classes;
            case.refuses(Parsed::has_body)
                && case.ours.classes.len() == waits.len() + 1
        },
    },
    Deviation {
        reason: "the web finder has a page at /",
        explains: |case| {
            let finder = ["sync", "web"].contains(&case.server);
            let alike = |(ours, hyper): (&u16, &u16)| ours == hyper;
            let (ours, hyper) = (&case.ours.classes, &case.hyper.classes);
            let differ = ours.iter().zip(hyper).position(|it| !alike(it));
            finder
                && case.ours.says_end == case.hyper.says_end
                && ours.len() == hyper.len()
                && differ
                    .and_then(|at| nth(case.sent, at))
                    .is_some_and(|it| it.is_for_root())
        },
    },
];

impl Case<'_> {
    fn is_without_hyper(&self) -> bool {
        ["sync", "animals --how threads"].contains(&self.server)
    }

    /// Says whether this server refused a request that is so, and agreed with
    /// hyper on those before it.
    fn refuses(&self, is_so: impl Fn(&Parsed) -> bool) -> bool {
        let Some((last, before)) = self.ours.classes.split_last() else {
            return false;
        };
        *last == 4
            && self.ours.says_end
            && self.hyper.classes.starts_with(before)
            && nth(self.sent, before.len()).is_some_and(|it| is_so(&it))
    }
}

/// A request, as hyper's parser sees it.
struct Parsed {
    method: String,
    target: String,
    is_old: bool,
    lines: Vec<(String, String)>,
}

impl Parsed {
    fn read(bytes: &[u8]) -> Option<(Parsed, &[u8])> {
        let mut lines = [httparse::EMPTY_HEADER; 100];
        let mut head = httparse::Request::new(&mut lines);
        let parsed = head.parse(bytes).ok()?;
        let httparse::Status::Complete(length) = parsed else {
            return None;
        };
        let text = |value| String::from_utf8_lossy(value).into_owned();
        let lines = head.headers.iter();
        let parsed = Parsed {
            method: head.method?.to_string(),
            target: head.path?.to_string(),
            is_old: head.version == Some(0),
            lines: lines
                .map(|it| (it.name.to_ascii_lowercase(), text(it.value)))
                .collect(),
        };
        Some((parsed, &bytes[length..]))
    }

    fn values(&self, name: &str) -> Vec<&str> {
        let lines = self.lines.iter().filter(|(it, _)| it == name);
        lines.map(|(_, value)| value.as_str()).collect()
    }

    /// Says whether the path is `/`, which an absolute target may leave out.
    fn is_for_root(&self) -> bool {
        let target = self.target.parse::<hyper::Uri>();
        target.is_ok_and(|it| it.path() == "/")
    }

    fn has_body(&self) -> bool {
        self.lines.iter().any(|(name, _)| {
            ["content-length", "transfer-encoding"].contains(&name.as_str())
        })
    }

    /// Returns what follows its body.
    fn skip_body<'a>(&self, mut bytes: &'a [u8]) -> Option<&'a [u8]> {
        if self.values("transfer-encoding").is_empty() {
            let length = self.values("content-length");
            let length = length.first().map_or(Ok(0), |it| it.parse());
            return bytes.get(length.ok()?..);
        }
        loop {
            let parsed = httparse::parse_chunk_size(bytes).ok()?;
            let httparse::Status::Complete((line, size)) = parsed else {
                return None;
            };
            bytes = bytes.get(line + size as usize..)?;
            if size > 0 {
                bytes = bytes.strip_prefix(b"\r\n")?;
                continue;
            }
            let end = bytes.windows(4).position(|it| it == b"\r\n\r\n");
            return match bytes.strip_prefix(b"\r\n") {
                Some(rest) => Some(rest),
                None => bytes.get(end? + 4..),
            };
        }
    }
}

/// Returns the request that a server answers after `n` others.
fn nth(sent: &[u8], n: usize) -> Option<Parsed> {
    let all = [sent, PROBE].concat();
    let mut rest = &all[..];
    for _ in 0..n {
        let (request, behind) = Parsed::read(rest)?;
        rest = request.skip_body(behind)?;
    }
    Parsed::read(rest).map(|(request, _)| request)
}

/// Says whether a host is beyond doubt: `a.example`, `a:80` or `[::1]:80`.
fn is_plain_host(host: &str) -> bool {
    let (name, port) = match host.rfind(':') {
        Some(at) if !host.ends_with(']') => host.split_at(at),
        _ => (host, ""),
    };
    let name_is_fine = match name.strip_prefix('[') {
        Some(address) => {
            let address = address.strip_suffix(']').unwrap_or_default();
            address.parse::<Ipv6Addr>().is_ok()
        }
        None => name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'),
    };
    let port = port.trim_start_matches(':');
    name_is_fine && !name.is_empty() && port.bytes().all(|b| b.is_ascii_digit())
}

/// Says whether a lenient reader would find that the hidden request is the body
/// of the one before it: then it must not be answered.
fn hides_a_request(sent: &[u8]) -> bool {
    let parts = sent.windows(HIDDEN.len()).enumerate();
    let mut bodies = parts.filter(|(_, part)| *part == HIDDEN.as_bytes());
    // A second one may well be a request.
    let (Some((body, _)), None) = (bodies.next(), bodies.next()) else {
        return false;
    };
    // And so may what stands behind it.
    if body + HIDDEN.len() != sent.len() {
        return false;
    }
    let head = String::from_utf8_lossy(&sent[..body]).to_ascii_lowercase();
    let length = HIDDEN.len().to_string();
    let mut lines = head.split(['\r', '\n']);
    let declares = |line: &str| {
        line.split_once(':').is_some_and(|(name, value)| {
            // What may not stand in a name may be ignored by some reader.
            let name = name.trim_matches(|c: char| {
                !c.is_ascii_alphanumeric() && !"!#$%&'*+-.^_`|~".contains(c)
            });
            name == "content-length" && value.trim() == length
        })
    };
    // The body begins right behind the first empty line; a bare LF may end a
    // line, too.
    let lenient = head.trim_start().replace("\r\n", "\n");
    let ends_there = lenient.find("\n\n") == lenient.len().checked_sub(2);
    ends_there && head.ends_with("\r\n\r\n") && lines.any(declares)
}

/// Returns the number in an environment variable, or another one.
fn number(variable: &str, otherwise: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().expect(variable),
        Err(_) => otherwise,
    }
}

/// Why an outcome is as it should be: it is hyper's, or there is a reason.
type Verdict = Result<Option<&'static str>, &'static str>;

/// A head, what hyper alone said, and what each server did.
type Judged = (Vec<u8>, Outcome, Vec<(&'static str, Outcome, Verdict)>);

fn judged(
    sent: &[u8],
    server: &'static str,
    hyper: &Outcome,
    ours: &Outcome,
) -> Verdict {
    if ours.fault.is_some() {
        return Err("not HTTP");
    }
    if hides_a_request(sent) && ours.classes.len() > 2 {
        return Err("two answers to one request");
    }
    if ours == hyper {
        return Ok(None);
    }
    let case = Case {
        sent,
        server,
        hyper,
        ours,
    };
    let mut known = DEVIATIONS.iter().filter(|it| (it.explains)(&case));
    match known.next() {
        Some(known) => Ok(Some(known.reason)),
        None => Err("another answer"),
    }
}

/// Row by row what RFC 9112 has a server refuse, to whatever path it goes.
#[test]
fn doubtful_request_gets_400_and_the_end_from_every_server_and_route() {
    // None of these heads may wait for anything.
    let servers = servers(patient());
    let client = Runtime::new().expect("threads");
    let paths = ["/health", "/metrics", "/", "/nowhere", "/search?q=a"];
    let two = "Transfer-Encoding: chunked\r\n".repeat(2);
    let chunks = format!("{two}\r\n0\r\n\r\n");
    for rest in [
        "HTTP/1.1\r\nHost: a b\r\n\r\n",
        "HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "HTTP/1.1\r\nHost: user@a\r\n\r\n",
        "HTTP/1.1\r\nHost: a:b\r\n\r\n",
        "HTTP/1.1\r\nHost:\r\n\r\n",
        "HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.0\r\nConnection: keep-alive\r\nHost: a b\r\n\r\n",
        &format!("HTTP/1.1\r\nHost: a\r\n{chunks}"),
        "HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc",
        "HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
        "HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n",
    ] {
        for (server, at) in &servers {
            for path in paths {
                for method in ["GET", "HEAD", "POST"] {
                    let head = format!("{method} {path} {rest}");
                    let sent = [head.as_bytes(), PROBE].concat();
                    let outcome = client.block_on(ask(at.address(), &sent));
                    let refused = Outcome {
                        classes: vec![4],
                        says_end: true,
                        fault: None,
                    };
                    assert_eq!(outcome, refused, "{server}: {head:?}");
                }
            }
        }
    }
}

#[test]
fn random_heads_are_read_alike_and_as_hyper_reads_them() {
    let count = number("FUZZ_HEADS", 10_000);
    // On a machine with much else to do the first few thousand have to do.
    let is_long = std::env::var_os("FUZZ_HEADS").is_some();
    let is_enough = |done: u64, start: Instant| {
        !is_long && done >= 1_000 && start.elapsed() > BOUND
    };
    let mut rng = Rng::with_seed(number("FUZZ_SEED", 7));
    let limits = Limits {
        idle: REST,
        header: REST,
        ..patient()
    };
    let (servers, seeds) = (servers(limits), seeds());
    let addresses: Vec<_> = servers
        .iter()
        .map(|(name, at)| (*name, at.address()))
        .collect();
    let hyper = hyper_alone();
    let start = Instant::now();
    let mut done = 0;
    let mut found = FOUND.iter();
    let mut reasons = BTreeMap::<&str, u64>::new();
    let mut differences = Vec::new();
    let mut judge = |(sent, hyper, all): Judged| {
        // Servers that say the same are one difference.
        let mut unknown = BTreeMap::<String, Vec<&str>>::new();
        for (server, ours, verdict) in all {
            match verdict {
                Ok(None) => {}
                Ok(Some(reason)) => *reasons.entry(reason).or_default() += 1,
                Err(why) => {
                    let what = format!("{why}: {ours:?}");
                    unknown.entry(what).or_default().push(server);
                }
            }
        }
        if !unknown.is_empty() {
            let text = format!(
                "{}\n  hyper alone: {hyper:?}\n  {unknown:#?}",
                sent.escape_ascii(),
            );
            differences.push((sent.len(), text));
        }
    };
    Runtime::new().expect("threads").block_on(async {
        let (hyper, addresses) = (hyper.address(), Arc::new(addresses));
        let ask_all = move |sent: Vec<u8>| {
            let addresses = Arc::clone(&addresses);
            async move {
                let bytes = [&sent[..], PROBE].concat();
                let mut alone = ask(hyper, &bytes).await;
                let mut all = Vec::new();
                for (server, address) in addresses.iter() {
                    let mut ours = ask(*address, &bytes).await;
                    let mut verdict = judged(&sent, server, &alone, &ours);
                    // On a machine that has much else to do, a head may have
                    // come too late. It will not be late again and again.
                    for _ in 0..3 {
                        if verdict.is_ok() {
                            break;
                        }
                        alone = ask(hyper, &bytes).await;
                        ours = ask(*address, &bytes).await;
                        verdict = judged(&sent, server, &alone, &ours);
                    }
                    all.push((*server, ours, verdict));
                }
                (sent, alone, all)
            }
        };
        let mut asked = JoinSet::new();
        for _ in 0..count {
            if is_enough(done, start) {
                break;
            }
            done += 1;
            if asked.len() >= AT_ONCE {
                let ended = asked.join_next().await.expect("some");
                judge(ended.expect("no panic"));
            }
            let found = found.next().map(|head| head.as_bytes().to_vec());
            let head = found.unwrap_or_else(|| mutate(&mut rng, &seeds));
            asked.spawn(ask_all(head));
        }
        while let Some(ended) = asked.join_next().await {
            judge(ended.expect("no panic"));
        }
    });
    println!("{done} heads in {:.1?}: {reasons:#?}", start.elapsed());
    // The shortest head says most.
    differences.sort();
    let shown: Vec<_> =
        differences.iter().take(30).map(|(_, it)| &**it).collect();
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        shown.join("\n")
    );
}
