//! The slow animals without a lock: typing blocks, and that is the feature.
//!
//! Three futures on one thread ask at the same time. A future gives way only at
//! an `.await`; a line that is typed without one stays whole.
//!
//! cargo run -p ch04-async -- animals

use std::cell::Cell;
use std::error::Error;
use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use reqwest::Client;
use tokio::sync::Barrier;
use tokio::time;
use tracing::{Instrument, trace, trace_span};

pub mod api;
pub mod cli;

use api::Api;

/// In the order in which they are asked.
pub const ANIMALS: [&str; 3] = ["cow", "pig", "chicken"];

/// How slow the API is, and the typing.
#[derive(Clone, Copy)]
pub struct Pace {
    /// Before each answer.
    pub delay: Duration,
    /// After each letter.
    pub typing: Duration,
}

/// Asks the API what an animal says; returns a sentence.
///
/// # Errors
///
/// The server is gone, does not answer in time, or knows no such animal.
pub async fn ask(
    client: &Client,
    url: &str,
    animal: &str,
) -> reqwest::Result<String> {
    trace!(state = "waits", "asks");
    let answer = client.get(format!("{url}/{animal}")).send().await?;
    let sound = answer.error_for_status()?.text().await?;
    Ok(format!("The {animal} says \"{sound}\"."))
}

/// Where the sentences are typed, and how often one began amid another.
///
/// Shared by all three with `&`. A `Cell` is no lock: it can be shared because
/// the three are on one thread, and the compiler sees that they are.
#[derive(Default)]
pub struct Screen {
    column: Cell<usize>,
    torn: Cell<usize>,
}

impl Screen {
    /// Returns how many lines began where another had not ended.
    pub fn torn(&self) -> usize {
        self.torn.get()
    }

    fn begin(&self) {
        let in_a_line = self.column.get() > 0;
        self.torn.update(|torn| torn + usize::from(in_a_line));
    }

    fn type_letter(&self, letter: char) {
        self.column.update(|column| column + 1);
        print!("{letter}");
        // An error here comes again at the end of the line, which reports it.
        io::stdout().flush().ok();
    }

    fn end(&self) {
        self.column.set(0);
        println!();
    }
}

/// Types letter by letter, and awaits after each.
///
/// The barrier makes certain what is likely anyway: all three have typed one
/// letter before any of them types a second.
pub async fn type_broken(
    screen: &Screen,
    text: &str,
    pause: Duration,
    others: &Barrier,
) {
    trace!(state = "runs", "types");
    screen.begin();
    for (i, letter) in text.chars().enumerate() {
        screen.type_letter(letter);
        if i == 0 {
            others.wait().await;
        }
        time::sleep(pause).await;
    }
    screen.end();
}

/// Types letter by letter, and keeps the thread while it does.
pub fn type_out(screen: &Screen, text: &str, pause: Duration) {
    let _blocks = trace_span!("blocks", "types").entered();
    screen.begin();
    for letter in text.chars() {
        screen.type_letter(letter);
        thread::sleep(pause);
    }
    screen.end();
}

/// Asks all animals at once, and has each answer typed by `type_line`.
///
/// # Errors
///
/// The first request that fails; the others are dropped.
pub async fn ask_all(
    url: &str,
    type_line: impl AsyncFn(String),
) -> reqwest::Result<()> {
    let client = Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(60))
        .build()?;
    let (client, type_line) = (&client, &type_line);
    let each = async |animal| {
        let sentence = ask(client, url, animal).await?;
        type_line(sentence).await;
        Ok(())
    };
    let each = ANIMALS.map(|animal| {
        each(animal).instrument(trace_span!("animal", lane = animal))
    });
    try_join_all(each).await.map(drop)
}

/// Asks all animals twice: with typing that gives way, and typing that blocks.
///
/// Source: *A brief introduction to concurrency and coroutines in Python 3.5*
/// (2016).
///
/// # Errors
///
/// The server cannot be started, or an animal not be asked.
#[tokio::main(flavor = "current_thread")]
pub async fn demo(pace: Pace) -> Result<(), Box<dyn Error>> {
    // The server is a task of this thread, too.
    let api = Api::start(pace.delay).await?;
    let url = api.url();

    println!("typing gives way");
    let (screen, others) = (Screen::default(), Barrier::new(ANIMALS.len()));
    let start = Instant::now();
    ask_all(&url, async |sentence| {
        type_broken(&screen, &sentence, pace.typing, &others).await;
    })
    .await?;
    report(&screen, start);

    println!("typing blocks");
    let (screen, start) = (Screen::default(), Instant::now());
    ask_all(&url, async |sentence| {
        type_out(&screen, &sentence, pace.typing);
    })
    .await?;
    report(&screen, start);
    Ok(())
}

fn report(screen: &Screen, start: Instant) {
    println!("  lines begun amid another: {}", screen.torn());
    eprintln!("  {:.1} s", start.elapsed().as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::within_limit;

    fn torn(blocks: bool) -> usize {
        within_limit(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let api = Api::start(Duration::ZERO).await.unwrap();
                let screen = Screen::default();
                let others = Barrier::new(ANIMALS.len());
                let pause = Duration::ZERO;
                ask_all(&api.url(), async |sentence| match blocks {
                    true => type_out(&screen, &sentence, pause),
                    false => {
                        type_broken(&screen, &sentence, pause, &others).await;
                    }
                })
                .await
                .unwrap();
                screen.torn()
            })
        })
    }

    #[test]
    fn a_line_without_an_await_is_whole() {
        assert_eq!(torn(true), 0);
    }

    #[test]
    fn with_an_await_after_each_letter_two_of_three_begin_amid_another() {
        assert_eq!(torn(false), 2);
    }
}
