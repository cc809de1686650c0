//! One program: what it prints as it comes, and the limits that end it.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use subprocess::Finished;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::sync::Notify;

use crate::event::{Event, Events};
use crate::reaper::Reaper;

/// The most bytes that one run may print.
pub const OUTPUT: usize = 1024 * 1024;

/// The most threads that one run may have, over all of its processes.
pub const THREADS: usize = 4096;

/// How often the threads are counted.
const COUNTED: Duration = Duration::from_millis(50);

/// What comes within this time is told at once: a program that prints its lines
/// one by one could print more events than a page can show.
const TOLD: Duration = Duration::from_millis(15);

/// What may end a program before it ends by itself.
pub struct Limits {
    /// From its start to its end.
    pub time: Duration,
    /// Asked to stop by the reader.
    pub stop: Arc<Notify>,
}

/// Why a program is no longer running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It has ended.
    Ended,
    /// It took too long.
    TooLong,
    /// It printed too much.
    TooMuch,
    /// It had too many threads or processes.
    TooMany,
    /// The reader has stopped it.
    Stopped,
    /// The page is closed.
    Gone,
}

impl Ending {
    /// Says why a program was ended, if it was.
    pub fn words(self, limits: &Limits) -> Option<String> {
        Some(match self {
            Ending::Ended => return None,
            Ending::TooLong => format!(
                "ended: it ran for {:.0} s, the limit",
                limits.time.as_secs_f64()
            ),
            Ending::TooMuch => {
                "ended: it printed more than 1 MiB, the limit".to_string()
            }
            Ending::TooMany => {
                format!("ended: it had more than {THREADS} threads, the limit")
            }
            Ending::Stopped => "stopped, with all that it started".to_string(),
            Ending::Gone => "the page was closed".to_string(),
        })
    }
}

/// Runs a program and tells `events` what it prints.
///
/// The program leads a process group of its own; whatever is left of the group
/// when it has ended is ended, too.
///
/// # Errors
///
/// It cannot be started.
pub async fn follow(
    mut command: Command,
    limits: &Limits,
    reaper: &Reaper,
    events: &Events,
) -> Result<(Finished, Ending)> {
    let name = program(&command);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mark = reaper.mark(&mut command);
    #[cfg(unix)]
    command.process_group(0);
    let started = Instant::now();
    let mut child = command.spawn().with_context(|| name.clone())?;
    let group = reaper.watch(&child, mark);
    let mut stdout = child.stdout.take().context("no stdout")?;
    let mut stderr = child.stderr.take().context("no stderr")?;
    let (mut out, mut err) = (Text::default(), Text::default());
    let deadline = tokio::time::sleep(limits.time);
    tokio::pin!(deadline);
    let mut count = tokio::time::interval(COUNTED);
    let mut tick = tokio::time::interval(TOLD);
    let out_event: fn(String) -> Event = |text| Event::Out { text };
    let err_event: fn(String) -> Event = |text| Event::Err { text };
    let (mut out_open, mut err_open) = (true, true);
    let mut ending = Ending::Ended;
    let mut status = None;
    while out_open || err_open || status.is_none() {
        tokio::select! {
            read = out.read(&mut stdout), if out_open => match read {
                true => out.tell_if_due(events, out_event).await,
                false => out_open = false,
            },
            read = err.read(&mut stderr), if err_open => match read {
                true => err.tell_if_due(events, err_event).await,
                false => err_open = false,
            },
            ended = child.wait(), if status.is_none() => {
                status = Some(ended.with_context(|| name.clone())?);
            }
            () = &mut deadline => ending = Ending::TooLong,
            () = limits.stop.notified() => ending = Ending::Stopped,
            () = events.closed() => ending = Ending::Gone,
            _ = tick.tick() => {
                out.tell_if_due(events, out_event).await;
                err.tell_if_due(events, err_event).await;
            }
            _ = count.tick() => {
                if group.threads() > THREADS {
                    ending = Ending::TooMany;
                }
            }
        }
        if out.all.len() + err.all.len() > OUTPUT {
            ending = Ending::TooMuch;
        }
        if ending != Ending::Ended {
            break;
        }
    }
    let took = started.elapsed();
    group.end();
    out.tell(events, out_event).await;
    err.tell(events, err_event).await;
    let code = match status {
        Some(status) => status.code(),
        None => child.wait().await.ok().and_then(|status| status.code()),
    };
    let cut_off = ending != Ending::Ended;
    let finished = Finished {
        status: code.filter(|_| !cut_off),
        cut_off,
        stdout: out.all,
        stderr: err.all,
        took,
    };
    Ok((finished, ending))
}

/// A page that is closed needs no events: `follow` sees that it is.
async fn tell(events: &Events, event: Event) {
    events.send(event).await.ok();
}

fn program(command: &Command) -> String {
    let program = command.as_std().get_program();
    program.to_string_lossy().into_owned()
}

/// What has come out of a pipe, cut where letters end.
#[derive(Default)]
struct Text {
    all: String,
    rest: Vec<u8>,
    /// How much of it was told.
    told: usize,
    last: Option<Instant>,
}

impl Text {
    /// Reads on; says whether there is more to come.
    async fn read(&mut self, pipe: &mut (impl AsyncRead + Unpin)) -> bool {
        let mut bytes = [0; 8192];
        let n = pipe.read(&mut bytes).await.unwrap_or_default();
        self.rest.extend(&bytes[..n]);
        let whole = match std::str::from_utf8(&self.rest) {
            Err(err) if err.error_len().is_none() && n > 0 => err.valid_up_to(),
            // What is no text at all is replaced.
            _ => self.rest.len(),
        };
        let text: Vec<u8> = self.rest.drain(..whole).collect();
        self.all += &String::from_utf8_lossy(&text);
        n > 0
    }

    /// Tells what is new, unless something was told a moment ago.
    async fn tell_if_due(
        &mut self,
        events: &Events,
        event: fn(String) -> Event,
    ) {
        if self.last.is_none_or(|last| last.elapsed() >= TOLD) {
            self.tell(events, event).await;
        }
    }

    async fn tell(&mut self, events: &Events, event: fn(String) -> Event) {
        let new = self.all[self.told..].to_string();
        if !new.is_empty() {
            self.told = self.all.len();
            self.last = Some(Instant::now());
            tell(events, event(new)).await;
        }
    }
}

/// Runs a program on a terminal and tells `events` what the terminal shows.
///
/// # Errors
///
/// There is no terminal, or the program cannot be started.
#[cfg(unix)]
pub async fn on_a_terminal(
    program: &Path,
    args: &[String],
    folder: &Path,
    limits: &Limits,
    reaper: &Reaper,
    events: &Events,
) -> Result<(Option<i32>, Ending, Duration)> {
    use artifacts::cast::{HEIGHT, WIDTH};

    let (mut pty, pts) = pty_process::open()?;
    pty.resize(pty_process::Size::new(HEIGHT, WIDTH))?;
    let mark = reaper.new_mark();
    let mut command = pty_process::Command::new(program)
        .args(args)
        .current_dir(folder)
        .env("TERM", "xterm-256color")
        .env("NO_COLOR", "1")
        .kill_on_drop(true);
    for (name, value) in subprocess::environment::SET {
        command = command.env(name, value);
    }
    command = command.env(crate::reaper::MARK, &mark);
    let started = Instant::now();
    let mut child: Child = command.spawn(pts)?;
    let group = reaper.watch(&child, mark);
    let mut screen = vt100::Parser::new(HEIGHT, WIDTH, 0);
    let deadline = tokio::time::sleep(limits.time);
    tokio::pin!(deadline);
    let mut count = tokio::time::interval(COUNTED);
    let (mut bytes, mut total) = ([0; 8192], 0);
    let (mut shown, mut new) = (String::new(), false);
    let mut ending = Ending::Ended;
    loop {
        tokio::select! {
            // The kernel says EIO when the last program has let go.
            read = pty.read(&mut bytes) => match read {
                Ok(n @ 1..) => {
                    total += n;
                    screen.process(&bytes[..n]);
                    new = true;
                }
                _ => break,
            },
            () = &mut deadline => ending = Ending::TooLong,
            () = limits.stop.notified() => ending = Ending::Stopped,
            () = events.closed() => ending = Ending::Gone,
            // Twenty frames in a second are enough for an eye.
            _ = count.tick() => {
                if std::mem::take(&mut new) {
                    show(&screen, &mut shown, events).await;
                }
                if group.threads() > THREADS {
                    ending = Ending::TooMany;
                }
            }
        }
        if total > OUTPUT {
            ending = Ending::TooMuch;
        }
        if ending != Ending::Ended {
            break;
        }
    }
    show(&screen, &mut shown, events).await;
    let took = started.elapsed();
    if ending == Ending::Ended {
        // It may let go of the terminal and go on.
        let left = limits.time.saturating_sub(took);
        if tokio::time::timeout(left, child.wait()).await.is_err() {
            ending = Ending::TooLong;
        }
    }
    group.end();
    let status = child.wait().await?;
    Ok((status.code(), ending, took))
}

#[cfg(unix)]
async fn show(screen: &vt100::Parser, shown: &mut String, events: &Events) {
    let text = screen.screen().contents();
    if text != *shown {
        shown.clone_from(&text);
        tell(events, Event::Screen { text }).await;
    }
}
