//! A server that computes on its event loop answers nobody else.
//!
//! One client asks for something long, ten ask for something short. Whether
//! they wait depends on where the long one is computed.
//!
//! cargo run -p ch05-servers -- fib
//! cargo run -p ch05-servers -- fib --port 8000

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::raw_client::{listen, runtime, send_raw};
use crate::serve::http::{self, Metrics, text};
use crate::serve::{Ended, Limits, serve};

pub mod program;

/// The largest number that is computed: a few seconds.
const LARGEST: u32 = 45;
const QUICK: usize = 10;
/// Long enough for ten short ones, also where the machine is busy.
const LONG: u32 = 36;

/// Computes in the way that takes longest.
///
/// Source: Beazley, *Python Concurrency From the Ground Up* (2015).
pub fn fib(n: u32) -> u64 {
    if n < 2 {
        n.into()
    } else {
        fib(n - 1) + fib(n - 2)
    }
}

/// Where a number is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Place {
    /// In the task, on the thread that all tasks share.
    Inline,
    /// On a thread of the runtime's pool for blocking work.
    Offloaded,
}

/// The service: where it computes, and how much at once.
pub struct Fib {
    place: Place,
    /// As many as there are processors: more would only take turns, and tokio's
    /// pool has 512 threads.
    slots: Arc<Semaphore>,
    /// How many computations have begun, and which have ended, in order.
    begun: AtomicUsize,
    order: Mutex<Vec<u32>>,
}

impl Fib {
    /// Makes a service that computes there.
    pub fn new(place: Place) -> Arc<Fib> {
        let processors = std::thread::available_parallelism();
        let slots = Arc::new(Semaphore::new(processors.map_or(1, Into::into)));
        Arc::new(Fib {
            place,
            slots,
            begun: AtomicUsize::new(0),
            order: Mutex::default(),
        })
    }

    /// Answers `/fib/30`.
    pub async fn answer(&self, path: &str) -> Response<Full<Bytes>> {
        let n = path.strip_prefix("/fib/").and_then(|n| n.parse().ok());
        let Some(n) = n.filter(|n| *n <= LARGEST) else {
            let words = format!("try /fib/30; at most {LARGEST}\n");
            return text(StatusCode::NOT_FOUND, words);
        };
        self.begun.fetch_add(1, SeqCst);
        let result = match self.place {
            Place::Inline => fib(n),
            Place::Offloaded => {
                let slots = Arc::clone(&self.slots);
                let slot = slots.acquire_owned().await;
                let slot = slot.expect("nobody closes the semaphore");
                let work = spawn_blocking(move || {
                    // Held until it is computed, even if nobody waits for it
                    // any more: it cannot be stopped once it has begun.
                    let _slot = slot;
                    fib(n)
                });
                work.await.expect("fib does not panic")
            }
        };
        self.order
            .lock()
            .expect("nobody panics with the lock")
            .push(n);
        text(StatusCode::OK, format!("{result}\n"))
    }
}

/// Serves until the token is cancelled.
pub async fn run(
    fib: Arc<Fib>,
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> Ended {
    let metrics = Arc::new(Metrics::default());
    serve(listener, &limits, stop, |stream, session| {
        let (fib, metrics) = (Arc::clone(&fib), Arc::clone(&metrics));
        let answer = move |request: Request<Incoming>| {
            let fib = Arc::clone(&fib);
            async move { fib.answer(request.uri().path()).await }
        };
        http::connection(stream, session, limits, metrics, answer)
    })
    .await
}

/// Asks both for one long and ten short answers.
///
/// # Errors
///
/// The server cannot be started, or does not answer.
pub fn demo() -> io::Result<()> {
    for place in [Place::Inline, Place::Offloaded] {
        let before = runtime()?.block_on(quick_before_long(place))?;
        println!("{place:?}: {before} of {QUICK} short answers came first");
    }
    Ok(())
}

/// Returns how many short answers were ready before the long one.
async fn quick_before_long(place: Place) -> io::Result<usize> {
    let fib = Fib::new(place);
    let (listener, address) = listen().await?;
    let stop = CancellationToken::new();
    let _ends_with_us = stop.clone().drop_guard();
    // A thread with a loop of its own, as a server has.
    let (service, listener) = (Arc::clone(&fib), listener.into_std()?);
    thread::Builder::new().spawn(move || {
        runtime()?.block_on(async {
            let listener = TcpListener::from_std(listener)?;
            run(service, listener, Limits::default(), stop).await;
            io::Result::Ok(())
        })
    })?;

    let get = |n: u32| {
        let request = format!(
            "GET /fib/{n} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        );
        async move {
            send_raw(address, request.as_bytes(), Duration::from_secs(60)).await
        }
    };
    let long = tokio::spawn(get(LONG));
    while fib.begun.load(SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let quick: Vec<_> = (0..QUICK).map(|_| tokio::spawn(get(1))).collect();
    for asked in quick.into_iter().chain([long]) {
        asked.await.expect("a client does not panic")?;
    }
    let order = fib.order.lock().expect("nobody panics with the lock");
    let long = order.iter().position(|n| *n == LONG);
    Ok(long.expect("it was answered"))
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use super::*;

    #[tokio::test]
    async fn number_that_is_too_large_is_refused_and_not_computed() {
        let fib = Fib::new(Place::Inline);
        for path in ["/fib/46", "/fib/-1", "/fib/x", "/fib/", "/"] {
            assert_eq!(fib.answer(path).await.status(), 404, "{path}");
        }
        assert_eq!(fib.answer("/fib/10").await.status(), 200);
    }

    #[test]
    fn the_loop_is_free_while_another_thread_computes() {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.max_blocking_threads(1).build().unwrap();
        let once = |place| {
            runtime.block_on(async {
                // The one thread for such work is taken until the end of this.
                let (gate, closed) = std::sync::mpsc::channel::<()>();
                let taken = spawn_blocking(move || closed.recv().is_err());
                let fib = Fib::new(place);
                let mut answer = pin!(fib.answer("/fib/10"));
                let first = poll_fn(|cx| {
                    Poll::Ready(answer.as_mut().poll(cx).is_ready())
                })
                .await;
                drop(gate);
                assert!(taken.await.unwrap());
                if !first {
                    assert_eq!(answer.await.status(), 200);
                }
                first
            })
        };
        assert!(once(Place::Inline));
        assert!(!once(Place::Offloaded));
    }
}
