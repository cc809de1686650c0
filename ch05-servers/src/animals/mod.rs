//! Twelve slow answers: in a row, on twelve threads, on one thread at once.
//!
//! The same API three times. Two of the servers differ in one line: how they
//! wait.
//!
//! cargo run -p ch05-servers -- animals
//! cargo run -p ch05-servers -- animals --port 8000 --how blocking

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};

use crate::serve::http::text;

pub mod demo;
pub mod program;
pub mod threads;

/// Who can be asked, and what they say.
pub const ANIMALS: [(&str, &str); 12] = [
    ("cow", "moo"),
    ("pig", "oink"),
    ("chicken", "cluck"),
    ("sheep", "baa"),
    ("horse", "neigh"),
    ("duck", "quack"),
    ("goat", "meh"),
    ("dog", "woof"),
    ("cat", "meow"),
    ("turkey", "gobble"),
    ("donkey", "hee-haw"),
    ("rooster", "cock-a-doodle-doo"),
];

/// The longest delay that a client may ask for.
const LONGEST: f64 = 60.0;

/// How a server waits for its animal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum How {
    /// A task awaits a timer; one thread for all.
    Async,
    /// A task puts its thread to sleep; one thread for all.
    Blocking,
    /// A thread for each connection is put to sleep.
    Threads,
}

/// The API: animals, their delay, and how many may be asked at once.
pub struct Api {
    delays: RangeInclusive<Duration>,
    /// Says who is any animal, and how long each thinks.
    chance: Mutex<Rng>,
    capacity: usize,
    in_flight: AtomicUsize,
    /// How many were asked at once, at most.
    pub peak: AtomicUsize,
}

/// What to answer, and how long to think about it.
pub struct Answer {
    /// Before it is sent.
    pub delay: Duration,
    /// The line after `HTTP/1.1`.
    pub status: StatusCode,
    /// JSON.
    pub body: String,
    /// Counts the request as in flight.
    ticket: Option<Ticket>,
}

impl Api {
    /// Makes an API whose animals think for `delay`, unless asked otherwise.
    pub fn new(delay: Duration, capacity: usize) -> Arc<Api> {
        Api::seeded(delay..=delay, capacity, 0)
    }

    /// Makes an API that draws, for the same seed the same in the same order.
    pub fn seeded(
        delays: RangeInclusive<Duration>,
        capacity: usize,
        seed: u64,
    ) -> Arc<Api> {
        Arc::new(Api {
            delays,
            chance: Mutex::new(Rng::with_seed(seed)),
            capacity,
            in_flight: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
        })
    }

    /// Decides about a path and its query; does not wait.
    ///
    /// `/animals/` lists all, `/animals/cow?delay=0.5` asks one, `/animals/any`
    /// one that is drawn. An unknown one is not found at once, and its name is
    /// not repeated: it is a stranger's.
    pub fn decide(self: &Arc<Api>, path: &str, query: Option<&str>) -> Answer {
        let at_once = |status, body: &str| Answer {
            delay: Duration::ZERO,
            status,
            body: body.to_string(),
            ticket: None,
        };
        let Some(name) = path.strip_prefix("/animals/") else {
            let body = r#"{"error":"see /animals/"}"#;
            return at_once(StatusCode::NOT_FOUND, body);
        };
        let known: HashMap<_, _> = ANIMALS.into_iter().collect();
        if name.is_empty() {
            let names = ANIMALS.map(|(name, _)| format!("\"{name}\""));
            let body = format!(r#"{{"animals":[{}]}}"#, names.join(","));
            return at_once(StatusCode::OK, &body);
        }
        let (any, delay) = self.draw();
        let name = if name == "any" { any } else { name };
        let Some(says) = known.get(name) else {
            let body = r#"{"error":"no such animal"}"#;
            return at_once(StatusCode::NOT_FOUND, body);
        };
        let Some(delay) = delay_of(query, delay) else {
            let body = r#"{"error":"delay must be from 0 to 60 seconds"}"#;
            return at_once(StatusCode::BAD_REQUEST, body);
        };
        let ticket = Ticket::new(self);
        if ticket.place > self.capacity {
            let body = r#"{"error":"too many at once"}"#;
            return at_once(StatusCode::SERVICE_UNAVAILABLE, body);
        }
        Answer {
            delay,
            status: StatusCode::OK,
            body: format!(r#"{{"animal":"{name}","says":"{says}"}}"#),
            ticket: Some(ticket),
        }
    }

    fn draw(&self) -> (&'static str, Duration) {
        let mut chance = self.chance.lock().expect("drawing does not panic");
        let (any, _) = ANIMALS[chance.usize(..ANIMALS.len())];
        let (least, most) = self.delays.clone().into_inner();
        (any, least + (most - least).mul_f64(chance.f64()))
    }
}

/// Waits without a thread, and answers.
pub async fn respond(answer: Answer) -> Response<Full<Bytes>> {
    tokio::time::sleep(answer.delay).await;
    response(answer)
}

/// Waits with the thread, and answers: one line, and everybody waits along.
pub async fn respond_blocking(answer: Answer) -> Response<Full<Bytes>> {
    thread::sleep(answer.delay);
    response(answer)
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = text(answer.status, answer.body);
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json");
    headers.insert(CONTENT_TYPE, json);
    if answer.status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    // Answered: it is no longer in flight.
    drop(answer.ticket);
    response
}

/// Reads `delay=0.5`; other parameters are not ours. `None`: out of range.
fn delay_of(query: Option<&str>, default: Duration) -> Option<Duration> {
    let parameters = query.unwrap_or_default().split('&');
    let mut delays = parameters.filter_map(|p| p.strip_prefix("delay="));
    let Some(text) = delays.next() else {
        return Some(default);
    };
    let seconds: f64 = text.parse().ok()?;
    let in_range = (0.0..=LONGEST).contains(&seconds);
    in_range.then(|| Duration::from_secs_f64(seconds))
}

/// Counts its request as in flight for as long as it lives: until it is
/// answered, or its client has gone.
struct Ticket {
    api: Arc<Api>,
    place: usize,
}

impl Ticket {
    fn new(api: &Arc<Api>) -> Ticket {
        let place = api.in_flight.fetch_add(1, Relaxed) + 1;
        let counted = place.min(api.capacity);
        api.peak.fetch_max(counted, Relaxed);
        let api = Arc::clone(api);
        Ticket { api, place }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.api.in_flight.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(path: &str, query: Option<&str>) -> u16 {
        Api::new(Duration::ZERO, 1)
            .decide(path, query)
            .status
            .as_u16()
    }

    #[test]
    fn a_delay_is_a_number_of_seconds_up_to_a_minute() {
        for query in ["delay=0", "delay=0.5", "delay=60", "x=1&delay=2", ""] {
            assert_eq!(status("/animals/cow", Some(query)), 200, "{query}");
        }
        for query in
            ["delay=-1", "delay=1e9", "delay=abc", "delay=", "delay=nan"]
        {
            assert_eq!(status("/animals/cow", Some(query)), 400, "{query}");
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_animals_and_delays() {
        let drawn = |seed| {
            let second = Duration::from_secs(1);
            let api = Api::seeded(Duration::ZERO..=second, 100, seed);
            let any = || api.decide("/animals/any", None);
            let twenty = (0..20).map(|_| any());
            twenty.map(|it| (it.body, it.delay)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }

    #[test]
    fn an_unknown_animal_is_not_found_and_not_repeated() {
        for name in ["unicorn", "\"", "%0a", "cow/", "COW", "😀"] {
            let path = format!("/animals/{name}");
            let answer = Api::new(Duration::ZERO, 1).decide(&path, None);
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            assert_eq!(answer.body, r#"{"error":"no such animal"}"#);
        }
    }

    #[test]
    fn busy_server_rejects_without_taking_slot() {
        let api = Api::new(Duration::ZERO, 2);
        let cow = || api.decide("/animals/cow", None);
        let (first, _second) = (cow(), cow());
        assert_eq!(cow().status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(cow().status, StatusCode::SERVICE_UNAVAILABLE);
        drop(first);
        assert_eq!(cow().status, StatusCode::OK);
    }
}
