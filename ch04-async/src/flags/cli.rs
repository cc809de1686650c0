//! The command line, which refuses what makes no sense before anything begins.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use reqwest::Url;

use super::codes::{self, Code, Wanted};
use super::server::Manners;

/// No more downloads than this at a time, even if more are asked for.
const MOST_CONNECTIONS: usize = 1_000;

/// Download flags: sequentially, with threads or with tasks.
///
/// Without --base-url, from a server that this program starts, and makes as
/// slow and faulty as you like.
#[derive(Debug, Parser)]
pub struct Options {
    /// Country codes, such as BR, or first letters; without any, 20 populous
    /// countries
    #[arg(value_name = "CODE")]
    wanted: Vec<Wanted>,
    /// All 194 countries
    #[arg(short, long, conflicts_with_all = ["wanted", "every"])]
    all: bool,
    /// Every code from AA to ZZ, 676 of them
    #[arg(short, long, conflicts_with = "wanted")]
    every: bool,
    /// Only the first N of these
    #[arg(short, long, value_name = "N")]
    #[arg(allow_negative_numbers = true)]
    limit: Option<NonZeroUsize>,
    /// How to wait for many things
    #[arg(long, value_enum, default_value_t = Mode::Async)]
    pub mode: Mode,
    /// Downloads at a time, at most 1000 [default: threads 30,
    /// async 5; sequential has 1]
    #[arg(short, long, value_name = "N")]
    #[arg(allow_negative_numbers = true)]
    max_req: Option<NonZeroUsize>,
    /// A line for each thing that happens, instead of a progress bar
    #[arg(short, long)]
    pub verbose: bool,
    /// Where to save them
    #[arg(long, value_name = "DIR", default_value = "target/flags")]
    pub dest: PathBuf,
    /// Ask for the countries' names too: Brazil-BR.gif instead of BR.gif
    #[arg(long)]
    pub country_names: bool,
    /// Seconds for an answer, to its last byte
    #[arg(long, value_name = "S", default_value = "30")]
    #[arg(value_parser = some_seconds, allow_negative_numbers = true)]
    pub timeout: Duration,
    /// Seconds for a connection
    #[arg(long, value_name = "S", default_value = "10")]
    #[arg(value_parser = some_seconds, allow_negative_numbers = true)]
    pub connect_timeout: Duration,
    /// How often to try again what may pass.
    ///
    /// No connection, no answer in time, 408, 429, 500, 502, 503 and 504; after
    /// 0.1 s, 0.2 s, 0.4 s … or what the server asks for, 10 s at most
    #[arg(long, value_name = "N", default_value = "0")]
    #[arg(value_parser = clap::value_parser!(u32).range(..=20))]
    #[arg(allow_negative_numbers = true)]
    pub retries: u32,
    /// Give up what is larger than this
    #[arg(long, value_name = "N", default_value = "10485760")]
    #[arg(allow_negative_numbers = true)]
    pub max_bytes: NonZeroU64,
    /// Download from this server instead of ours.
    ///
    /// It has the flag of Brazil under URL/br/br.gif. The proxies of the
    /// environment (HTTP_PROXY …) are used, unless it is on this machine
    #[arg(long, value_name = "URL", value_parser = server_url)]
    #[arg(conflicts_with_all = OUR_SERVER)]
    pub base_url: Option<String>,
    /// How our server behaves
    #[arg(short, long, value_name = "LABEL", value_enum, ignore_case = true)]
    #[arg(default_value_t = Label::Remote)]
    server: Label,
    /// Seconds that each of its answers takes, instead of the label's
    #[arg(long, value_name = "S", value_parser = seconds)]
    #[arg(allow_negative_numbers = true)]
    delay: Option<Duration>,
    /// Share of its answers that are errors, from 0 to 1
    #[arg(long, value_name = "P", value_parser = share)]
    #[arg(allow_negative_numbers = true)]
    error_rate: Option<f64>,
    /// What decides which ones
    #[arg(long, value_name = "N", default_value = "0")]
    #[arg(allow_negative_numbers = true)]
    seed: u64,
    /// How many requests it can take at a time: 503 to the others
    #[arg(long, value_name = "N")]
    #[arg(allow_negative_numbers = true)]
    capacity: Option<NonZeroUsize>,
    /// List the files at the end, and compare the time with one answer's
    #[arg(long)]
    pub listing: bool,
    /// Print the classes of errors and stop
    #[arg(long)]
    pub error_tree: bool,
}

/// The options that make no sense with a server that is not ours.
const OUR_SERVER: [&str; 5] =
    ["server", "delay", "error_rate", "seed", "capacity"];

/// Which engine does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// One after the other
    Sequential,
    /// A pool of threads
    Threads,
    /// An event loop
    Async,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Label {
    /// Answers at once
    #[value(name = "LOCAL")]
    Local,
    /// Takes 0.2 s
    #[value(name = "REMOTE")]
    Remote,
    /// Takes 0.5 s
    #[value(name = "DELAY")]
    Delay,
    /// Takes 0.5 s, and a quarter of its answers are errors
    #[value(name = "ERROR")]
    Error,
}

impl Options {
    /// Returns the codes that are wanted, in order, each as often as named.
    pub fn codes(&self) -> Vec<Code> {
        let mut codes: Vec<Code> = if self.every {
            codes::every().collect()
        } else if self.all {
            codes::countries().map(|(code, _)| code).collect()
        } else if self.wanted.is_empty() {
            codes::populous().collect()
        } else {
            self.wanted
                .iter()
                .flat_map(|wanted| wanted.0.clone())
                .collect()
        };
        codes.sort();
        codes.truncate(self.limit.map_or(usize::MAX, NonZeroUsize::get));
        codes
    }

    /// Returns how many of `wanted` downloads may be under way at a time.
    pub fn connections(&self, wanted: usize) -> usize {
        let most = match self.mode {
            Mode::Sequential => return 1,
            Mode::Threads => self.max_req.map_or(30, NonZeroUsize::get),
            Mode::Async => self.max_req.map_or(5, NonZeroUsize::get),
        };
        most.min(MOST_CONNECTIONS).min(wanted)
    }

    /// Returns how our own server shall behave.
    pub fn manners(&self) -> Manners {
        let (delay, error_rate) = match self.server {
            Label::Local => (0, 0.0),
            Label::Remote => (200, 0.0),
            Label::Delay => (500, 0.0),
            Label::Error => (500, 0.25),
        };
        Manners {
            delay: self.delay.unwrap_or(Duration::from_millis(delay)),
            error_rate: self.error_rate.unwrap_or(error_rate),
            capacity: self.capacity.map_or(usize::MAX, NonZeroUsize::get),
            seed: self.seed,
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number")?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if duration <= Duration::from_secs(3600) => Ok(duration),
        _ => Err("must be from 0 to 3600 seconds".to_string()),
    }
}

fn some_seconds(text: &str) -> Result<Duration, String> {
    match seconds(text)? {
        Duration::ZERO => Err("must be more than 0 seconds".to_string()),
        duration => Ok(duration),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("must be a number from 0 to 1".to_string()),
    }
}

fn server_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|err| err.to_string())?;
    match url.scheme() {
        "http" => {}
        "https" if cfg!(feature = "tls") => {}
        "https" => {
            return Err("for https run it with --features tls: cargo run \
                        -p ch04-async --features tls -- flags …"
                .to_string());
        }
        _ => return Err("must start with http://".to_string()),
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must end with a path".to_string());
    }
    Ok(url.as_str().trim_end_matches('/').to_string())
}
