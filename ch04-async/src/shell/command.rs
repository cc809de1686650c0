//! What can be typed.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

use tokio::time;

/// What the shell says about itself.
pub const HELP: &str = "\
sleep SECONDS [TEXT]        wait, then print the text
count NAME TIMES SECONDS    print the name so often, with a wait before each
… &                         do it beside the shell, as a task
jobs, cancel N, wait        list the tasks, abort one, wait for all
help, quit";

/// What is awaited.
#[derive(Debug, PartialEq)]
pub enum Job {
    /// Waits, then prints a text.
    Sleep(Duration, String),
    /// Waits and prints a name, a number of times.
    Count(String, u32, Duration),
}

/// A line that makes sense.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// An empty line.
    Nothing,
    /// To be awaited before the next line.
    Run(Job),
    /// To be awaited by a task.
    Spawn(Job),
    /// List the tasks.
    Jobs,
    /// Abort the task of this number.
    Cancel(usize),
    /// Await all tasks.
    Wait,
    /// Say what can be typed.
    Help,
    /// End.
    Quit,
}

impl Job {
    /// Does it.
    pub async fn run(self) {
        match self {
            Job::Sleep(how_long, text) => {
                time::sleep(how_long).await;
                println!("{text}");
            }
            Job::Count(name, times, pause) => {
                for n in 1..=times {
                    time::sleep(pause).await;
                    println!("{name} {n}");
                }
            }
        }
    }
}

impl Display for Job {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Job::Sleep(time, text) => {
                write!(f, "sleep {} {text}", time.as_secs_f64())
            }
            Job::Count(name, times, pause) => {
                write!(f, "count {name} {times} {}", pause.as_secs_f64())
            }
        }
    }
}

impl FromStr for Command {
    type Err = String;

    /// Understands a line, without its newline.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in one sentence.
    fn from_str(line: &str) -> Result<Command, String> {
        let line = line.trim();
        if let Some(job) = line.strip_suffix('&') {
            return match job.parse()? {
                Command::Run(job) => Ok(Command::Spawn(job)),
                _ => Err("only sleep and count can be tasks".to_string()),
            };
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [] => Ok(Command::Nothing),
            ["sleep", time, ref text @ ..] => {
                let text = text.join(" ");
                Ok(Command::Run(Job::Sleep(seconds(time)?, text)))
            }
            ["count", name, times, pause] => {
                let n = times
                    .parse()
                    .map_err(|_| format!("`{times}` is no number of times"))?;
                let job = Job::Count(name.to_string(), n, seconds(pause)?);
                Ok(Command::Run(job))
            }
            ["cancel", id] => {
                let id = id.parse().map_err(|_| format!("no job `{id}`"))?;
                Ok(Command::Cancel(id))
            }
            ["jobs"] => Ok(Command::Jobs),
            ["wait"] => Ok(Command::Wait),
            ["help"] => Ok(Command::Help),
            ["quit"] => Ok(Command::Quit),
            // `{:?}`: what was typed may hold anything, a terminal obeys.
            _ => Err(format!("{line:?} is no command; try help")),
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| format!("{text:?} is no number of seconds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_in_front_and_beside_differ_by_one_letter() {
        let tea = || Job::Count("tea".into(), 3, Duration::from_millis(400));
        assert_eq!("count tea 3 0.4".parse(), Ok(Command::Run(tea())));
        assert_eq!(" count tea 3 .4 & ".parse(), Ok(Command::Spawn(tea())));
        assert_eq!(tea().to_string(), "count tea 3 0.4");
    }

    #[test]
    fn what_is_no_command_is_an_error_that_quotes_it() {
        for line in [
            "slep 1",
            "sleep",
            "sleep -1",
            "sleep nan",
            "sleep 1e99",
            "count tea 3",
            "count tea -3 1",
            "cancel x",
            "jobs &",
            "&",
            "sleep 1 & &",
            "\x1b[2J",
        ] {
            let err = line.parse::<Command>().unwrap_err();
            assert!(!err.contains('\x1b'), "{err:?}");
        }
    }
}
