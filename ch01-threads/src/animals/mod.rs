//! Sequential requests: three slow answers take three times as long.
//!
//! The API is the chapter's own, on a free port of this machine (`api.rs`);
//! the client is ureq, which blocks its thread until the answer is there.
//!
//! cargo run -p ch01-threads -- animals

pub mod api;
pub mod cli;

use std::error::Error;
use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

use tracing::trace_span;

use self::api::Api;

/// In the order in which they are asked.
pub const ANIMALS: [&str; 3] = ["cow", "pig", "chicken"];

/// How slow the API is, and the typing.
#[derive(Clone, Copy)]
pub struct Pace {
    /// Before each answer.
    pub delay: Duration,
    /// After each character.
    pub typing: Duration,
}

impl Default for Pace {
    /// The sources' 5 s and 0.05 s, shortened for the tour.
    fn default() -> Pace {
        Pace {
            delay: Duration::from_millis(200),
            typing: Duration::from_millis(4),
        }
    }
}

/// Asks the API what an animal says; returns a sentence.
///
/// # Errors
///
/// The server has ended, does not answer within a minute, or does not know
/// the animal.
pub fn ask(url: &str, animal: &str) -> Result<String, ureq::Error> {
    let _waits = trace_span!("waits", lane = animal, "asks").entered();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        // The environment's would look for our server on its own machine.
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into();
    let mut answer = agent.get(format!("{url}/{animal}")).call()?;
    let sound = answer
        .body_mut()
        .with_config()
        .limit(100)
        .read_to_string()?;
    Ok(format!("The {animal} says \"{sound}\"."))
}

/// Asks the API, and turns an error into a sentence, too.
pub fn ask_or_excuse(url: &str, animal: &str) -> String {
    ask(url, animal)
        .unwrap_or_else(|err| format!("The {animal} is silent: {err}."))
}

/// Where the sentences are typed.
///
/// That typing takes `&mut self` is for the sections with threads: one thread
/// types at a time, or the program does not compile.
#[derive(Default)]
pub struct Screen;

impl Screen {
    /// Prints character by character, then a newline.
    pub fn type_out(&mut self, text: &str, pause: Duration) {
        for letter in text.chars() {
            self.type_letter(letter);
            thread::sleep(pause);
        }
        println!();
    }

    /// Prints one character, at once.
    pub fn type_letter(&mut self, letter: char) {
        print!("{letter}");
        // An error here occurs again at the end of the line, which reports it.
        io::stdout().flush().ok();
    }
}

/// Asks all animals, one after the other.
///
/// # Errors
///
/// The server cannot be started, or an animal not be asked.
pub fn demo(pace: Pace) -> Result<(), Box<dyn Error>> {
    let api = Api::start(pace.delay, 16)?;
    let start = Instant::now();
    for animal in ANIMALS {
        let sentence = ask(&api.url(), animal)?;
        let _runs = trace_span!("runs", lane = animal, "types").entered();
        Screen.type_out(&sentence, pace.typing);
    }
    eprintln!("{:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}
