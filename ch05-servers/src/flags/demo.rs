//! Asks for all flags, twice, of a server with a temper.

use std::time::Duration;

use hyper::header::{HeaderMap, HeaderValue, RANGE};
use hyper::{Method, StatusCode};

use super::{Flags, Manners};

/// Counts the answers to all 676 flags, and tries a few paths that are none.
pub fn demo() {
    let manners = Manners {
        delay: Duration::from_millis(500)..=Duration::from_secs(5),
        error_rate: 0.25,
        seed: 7,
    };
    let flags = Flags::new(manners.clone());
    let again = Flags::new(manners);
    let get = |flags: &Flags, path: &str| {
        flags.answer(&Method::GET, path, &HeaderMap::new()).status()
    };

    let codes = ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| (a, b)));
    let paths: Vec<_> =
        codes.map(|(a, b)| format!("/{a}{b}/{a}{b}.gif")).collect();
    let first: Vec<_> = paths.iter().map(|path| get(&flags, path)).collect();
    let second: Vec<_> = paths.iter().map(|path| get(&again, path)).collect();
    let teapots = first.iter().filter(|s| **s == StatusCode::IM_A_TEAPOT);
    println!("{} flags, {} of them teapots", first.len(), teapots.count());
    println!("the same ones the second time: {}", first == second);
    let slowest = paths.iter().max_by_key(|path| flags.delay(path));
    if let Some(path) = slowest {
        let seconds = flags.delay(path).as_secs_f64();
        println!("the slowest is {path}, {seconds:.2} s");
    }

    let polite = Flags::new(Manners {
        delay: Duration::ZERO..=Duration::ZERO,
        error_rate: 0.0,
        seed: 7,
    });
    for path in [
        "/br/br.gif",
        "/BR/BR.GIF",
        "/br/../br/br.gif",
        "/br/",
        "/con",
    ] {
        println!("{path}: {}", get(&polite, path));
    }
    for range in ["bytes=0-5", "bytes=-1", "bytes=5-2", "bytes=99999999-"] {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static(range));
        let answer = polite.answer(&Method::GET, "/br/br.gif", &headers);
        println!("{range}: {}", answer.status());
    }
}
