//! Three calls, each needing the one before: nested, chained, awaited.
//!
//! With callbacks, each stage needs its own way out for errors, and gets its
//! context by hand. An `async fn` has local variables and `?`.
//!
//! cargo run -p ch04-async -- callbacks --paused

use std::time::Duration;

use tokio::time::{self, Instant};

mod awaited;
mod by_callbacks;
mod chained;
pub mod dots;
mod event_loop;
mod nested;

pub use awaited::track as track_awaited;
pub use chained::track as track_chained;
pub use event_loop::EventLoop;
pub use nested::track as track_nested;

/// What went wrong.
pub type Error = String;

/// Each call takes this long.
pub const DELAY: Duration = Duration::from_millis(100);

/// Finds a customer's number.
///
/// # Errors
///
/// If there is no such customer.
pub fn customer(name: &str) -> Result<u32, Error> {
    let names = ["ann", "bob", "eve"];
    let known = names.iter().position(|known| *known == name);
    known
        .and_then(|n| u32::try_from(n).ok())
        .ok_or(format!("no customer {name}"))
}

/// Finds the last order of a customer.
///
/// # Errors
///
/// If there is none.
pub fn order(customer: u32) -> Result<u32, Error> {
    match customer {
        0 => Ok(70),
        1 => Ok(71),
        _ => Err(format!("customer {customer} has no order")),
    }
}

/// Finds where an order is.
///
/// # Errors
///
/// If it is nowhere.
pub fn place(order: u32) -> Result<&'static str, Error> {
    match order {
        70 => Ok("Lyon"),
        _ => Err(format!("order {order} is lost")),
    }
}

/// Tracks four customers' orders in three styles: one succeeds, three fail.
///
/// Source: *Fluent Python*, 1st ed., ch. 18, "From Callbacks to Futures and
/// Coroutines", which sketches the three styles.
pub async fn demo() {
    for name in ["ann", "bob", "eve", "joe"] {
        println!("{name}");
        for (style, track) in [
            ("nested", track_nested as fn(&mut EventLoop, _, _)),
            ("chained", track_chained),
        ] {
            let mut event_loop = EventLoop::default();
            track(
                &mut event_loop,
                name.to_string(),
                Box::new(move |event_loop, found| {
                    report(style, &found, event_loop.now());
                }),
            );
            event_loop.run();
        }
        let start = Instant::now();
        let found = track_awaited(name, wait).await;
        report("awaited", &found, start.elapsed());
        let mut event_loop = EventLoop::default();
        let tracked = track_awaited(name, by_callbacks::next_call);
        if let Some(found) = by_callbacks::run(&mut event_loop, tracked) {
            report("awaited, by callbacks", &found, event_loop.now());
        }
    }
    dots::show().await;
}

fn report(style: &str, found: &Result<String, Error>, time: Duration) {
    let calls = time.div_duration_f64(DELAY);
    println!("  {style}: {found:?} after {calls:.0} calls");
}

/// Waits as long as a call takes.
async fn wait() {
    time::sleep(DELAY).await;
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn three_styles_find_and_fail_alike() {
        for name in ["ann", "bob", "eve", "joe"] {
            let (found, all) = mpsc::channel();
            for track in [track_nested, track_chained] {
                let found = found.clone();
                let mut event_loop = EventLoop::default();
                track(
                    &mut event_loop,
                    name.to_string(),
                    Box::new(move |event_loop, result| {
                        found.send((result, event_loop.now())).unwrap();
                    }),
                );
                event_loop.run();
            }
            let start = Instant::now();
            let awaited = track_awaited(name, wait).await;
            let awaited = (awaited, start.elapsed());
            drop(found);
            let others: Vec<_> = all.into_iter().collect();
            assert_eq!(others, [awaited.clone(), awaited]);
        }
    }
}
