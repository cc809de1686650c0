//! The queue's command line.

use std::path::PathBuf;

use clap::Parser;

/// Puts lines into a queue and prints the workers' answers
#[derive(Parser, Debug, Default, PartialEq)]
#[command(bin_name = Cli::NAME, after_help = "\
Without a broker the queue is in this process, and so are its workers' ends.
With one, submitters and workers are started apart, on any machine that reaches
it; how many there are, and when they come and go, is up to you:
    nats-server -js -sd /tmp/queue
    … queue --broker nats://127.0.0.1:4222 --worker
    seq 1 10000 | … queue --broker nats://127.0.0.1:4222
Ctrl-C and SIGTERM drain: a worker ends after the job in hand, a submitter reads no more
lines and waits for the answers that are due. The second one ends at once.

Exit status: 0 all jobs done, 1 some failed, 2 usage, 130 interrupted; a worker
that was told to end has done what it should: 0.")]
pub struct Cli {
    /// Read jobs from this file, or from stdin (-) [default: -]
    #[arg(conflicts_with = "worker")]
    pub file: Option<PathBuf>,
    /// The broker's address, nats://HOST:PORT [default: none]
    #[arg(long, value_name = "URL", value_parser = address)]
    pub broker: Option<String>,
    /// Be a worker: do the broker's jobs until Ctrl-C
    #[arg(long, requires = "broker")]
    pub worker: bool,
    /// Print answers as they come, not in the order of the lines
    #[arg(long, conflicts_with = "worker")]
    pub unordered: bool,
}

impl Cli {
    /// What a reader types before the options.
    pub const NAME: &str =
        "cargo run -p ch02-processes --features nats -- queue";

    /// Says whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        *self == Cli::default()
    }
}

/// Accepts what the client would take for an address, and no other scheme:
/// it was built without TLS.
fn address(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("nats://").unwrap_or_default();
    if rest.is_empty() {
        return Err("not nats://HOST:PORT");
    }
    Ok(text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worker_without_a_broker_ends_with_an_error() {
        let err = Cli::try_parse_from(["queue", "--worker"]).unwrap_err();
        assert!(err.to_string().contains("--broker"), "{err}");
    }

    #[test]
    fn an_address_of_another_kind_is_refused() {
        for wrong in ["localhost", "http://localhost", "nats://", ""] {
            let words = ["queue", "--broker", wrong];
            assert!(Cli::try_parse_from(words).is_err(), "{wrong}");
        }
    }
}
