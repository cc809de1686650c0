//! The conventions of command-line programs, which every chapter keeps.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use subprocess::Finished;

use crate::report::Report;
use crate::transcript::normalize_env;
use crate::workspace::{Chapter, Section, Workspace};

/// A whole tour takes at most a minute; a busy machine gets four.
const TOUR_LIMIT: Duration = Duration::from_secs(240);
const SHORT_LIMIT: Duration = Duration::from_secs(60);

/// Checks the chapters' programs, all at once: tours wait more than they work.
pub fn check(workspace: &Workspace, report: &Report, chapters: &[&Chapter]) {
    std::thread::scope(|scope| {
        for chapter in chapters {
            let program = workspace.program(&chapter.name);
            let listed =
                program.and_then(|p| Ok((p, workspace.sections(chapter)?)));
            let (program, sections) = match listed {
                Ok(listed) => listed,
                Err(why) => {
                    report.fail(&chapter.name, why, "");
                    continue;
                }
            };
            let listed = Arc::new((program, sections));
            for (what, check) in CHECKS {
                let listed = Arc::clone(&listed);
                scope.spawn(move || {
                    report.check(
                        &format!("{}: {what}", chapter.name),
                        "",
                        || check(&listed.0, &listed.1),
                    );
                });
            }
        }
    });
}

type Check = fn(&Path, &[Section]) -> Result<()>;

const CHECKS: &[(&str, Check)] = &[
    ("--help answers on stdout", help),
    ("a wrong flag or word is refused with status 2", wrong_words),
    ("off a terminal the tour is plain text", plain_tour),
    ("a reader that has seen enough ends it quietly", closed_pipe),
    #[cfg(unix)]
    (
        "a full disk is one error line and status 1",
        unix::full_disk,
    ),
    #[cfg(unix)]
    ("closed streams do not make it panic", unix::closed_streams),
    #[cfg(unix)]
    ("Ctrl-C leaves the terminal as it was", unix::ctrl_c),
    #[cfg(unix)]
    ("a dumb terminal gets no escapes", unix::dumb_terminal),
    #[cfg(unix)]
    ("NO_COLOR is obeyed", unix::no_colour),
];

fn run(program: &Path, args: &[&str]) -> Result<Finished> {
    let mut command = Command::new(program);
    command.args(args);
    normalize_env(&mut command);
    Ok(subprocess::run(command, TOUR_LIMIT)?)
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<()> {
    if holds { Ok(()) } else { Err(anyhow!(what())) }
}

fn help(program: &Path, sections: &[Section]) -> Result<()> {
    let mut asked = vec![vec!["--help"], vec!["--list"]];
    asked.extend(sections.iter().map(|s| vec![s.slug.as_str(), "--help"]));
    for args in asked {
        let run = run(program, &args)?;
        let expected = run.status == Some(0)
            && !run.stdout.is_empty()
            && run.stderr.is_empty();
        ensure(expected, || {
            format!("{args:?}: {}, {}", run.ending(), run.stderr)
        })?;
    }
    Ok(())
}

fn wrong_words(program: &Path, sections: &[Section]) -> Result<()> {
    let mut wrong = vec![
        vec!["--no-such-flag"],
        vec!["no-such-section"],
        vec!["--list", "no-such-word"],
    ];
    for section in sections {
        wrong.push(vec![&section.slug, "--no-such-flag"]);
    }
    for args in wrong {
        let run = run(program, &args)?;
        let word = args[args.len() - 1];
        let expected = run.status == Some(2)
            && run.stdout.is_empty()
            && run.stderr.contains(word);
        ensure(expected, || {
            format!("{args:?}: {}, {}", run.ending(), run.stderr)
        })?;
    }
    Ok(())
}

fn plain_tour(program: &Path, sections: &[Section]) -> Result<()> {
    let run = run(program, &[])?;
    ensure(run.status == Some(0), || {
        format!("the tour: {}\n{}", run.ending(), run.stderr)
    })?;
    for (name, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        ensure(!text.contains('\x1b'), || format!("{name} has an escape"))?;
        let text = text.replace("\r\n", "\n");
        ensure(!text.contains('\r'), || format!("{name} has a lone \\r"))?;
    }
    for section in sections {
        ensure(run.stdout.contains(&section.title), || {
            format!("the tour leaves out {}", section.slug)
        })?;
    }
    let last = run.stdout.lines().next_back().unwrap_or_default();
    ensure(last.starts_with("Next: "), || {
        format!("the tour ends `{last}`")
    })
}

/// Closes stdout after one line, as `| head -1` does, or before it, as
/// `| true` may.
fn closed_pipe(program: &Path, _: &[Section]) -> Result<()> {
    let quick = std::iter::repeat_n(("--list", true), 20);
    let unread = std::iter::repeat_n(("--help", false), 5);
    for (arg, reads) in quick.chain(unread).chain([("", true)]) {
        let mut command = Command::new(program);
        command.args(Some(arg).filter(|arg| !arg.is_empty()));
        normalize_env(&mut command);
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        // Dropped at the end of this statement, which closes the pipe.
        if let Some(pipe) = child.stdout.take().filter(|_| reads) {
            BufReader::with_capacity(1, pipe).read_line(&mut String::new())?;
        }
        let ended = child.wait_with_output()?;
        let stderr = String::from_utf8_lossy(&ended.stderr);
        let panicked = stderr.contains("panicked") || stderr.contains("error");
        let expected = ended.status.code() == Some(0) && !panicked;
        ensure(expected, || {
            format!("`{arg}` | head: {}, {stderr}", ended.status)
        })?;
    }
    Ok(())
}

#[cfg(unix)]
mod unix {
    use std::io::{Read, Write};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Instant;

    use super::*;
    use subprocess::KillOnInterrupt;

    pub fn full_disk(program: &Path, _: &[Section]) -> Result<()> {
        for arg in ["", "--help", "--list"] {
            let run = shell(program, arg, "> /dev/full")?;
            let expected =
                run.status == Some(1) && run.stderr.lines().count() == 1;
            ensure(expected, || {
                format!("`{arg}`: {}\n{}", run.ending(), run.stderr)
            })?;
        }
        Ok(())
    }

    pub fn closed_streams(program: &Path, _: &[Section]) -> Result<()> {
        for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
            for arg in ["--list", "--no-such-flag"] {
                let run = shell(program, arg, closed)?;
                let expected = matches!(run.status, Some(0..=2));
                ensure(expected, || {
                    format!("`{arg} {closed}`: {}", run.ending())
                })?;
            }
        }
        Ok(())
    }

    fn shell(program: &Path, arg: &str, rest: &str) -> Result<Finished> {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("exec \"$0\" {arg} {rest}"));
        command.arg(program);
        normalize_env(&mut command);
        Ok(subprocess::run(command, SHORT_LIMIT)?)
    }

    /// A busy machine may take seconds; a program that ignores Ctrl-C takes as
    /// long as the tour.
    const EXIT_LIMIT: Duration = Duration::from_secs(10);

    /// Three moments of the tour, on a terminal.
    pub fn ctrl_c(program: &Path, _: &[Section]) -> Result<()> {
        for after in [100, 500, 1500] {
            let seen = on_terminal(program, &[], Some(after))?;
            let expected = matches!(seen.status, Some(130 | 0) | None);
            ensure(expected, || {
                format!("after {after} ms: {:?}", seen.status)
            })?;
            ensure(seen.ended_in < EXIT_LIMIT, || {
                format!("took {:.1?} to end", seen.ended_in)
            })?;
            let hidden = seen.screen.rfind("\x1b[?25l");
            let shown = seen.screen.rfind("\x1b[?25h");
            ensure(hidden <= shown, || "the cursor stays hidden".to_string())?;
            ensure(seen.screen.ends_with('\n'), || {
                let tail = seen.screen.lines().next_back().unwrap_or_default();
                format!("the prompt would follow {tail:?}")
            })?;
            ensure(seen.modes_kept, || "terminal modes differ".to_string())?;
        }
        Ok(())
    }

    pub fn dumb_terminal(program: &Path, _: &[Section]) -> Result<()> {
        let seen = on_terminal(program, &[("TERM", "dumb")], None)?;
        check_tour_completed(&seen)?;
        ensure(!seen.screen.contains('\x1b'), || {
            "TERM=dumb gets an escape".to_string()
        })
    }

    pub fn no_colour(program: &Path, _: &[Section]) -> Result<()> {
        let plain = on_terminal(program, &[("NO_COLOR", "1")], None)?;
        check_tour_completed(&plain)?;
        let coloured = |seen: &Seen| {
            let mut codes = seen.screen.split("\x1b[").skip(1);
            codes.any(|code| {
                let end = code.find(|c: char| c.is_ascii_alphabetic());
                end.is_some_and(|end| code[end..].starts_with('m'))
            })
        };
        ensure(!coloured(&plain), || "NO_COLOR=1 gets colour".to_string())
    }

    /// The tour has gone through all sections.
    fn check_tour_completed(seen: &Seen) -> Result<()> {
        ensure(seen.status == Some(0), || {
            let lines: Vec<&str> = seen.screen.lines().collect();
            let tail = lines[lines.len().saturating_sub(10)..].join("\n");
            format!("the tour on a terminal: {:?}\n{tail}", seen.status)
        })
    }

    /// What a terminal saw.
    struct Seen {
        status: Option<i32>,
        screen: String,
        /// From Ctrl-C, or the start, to the end.
        ended_in: Duration,
        modes_kept: bool,
    }

    /// Runs the tour on a terminal of its own, with Ctrl-C so many milliseconds
    /// after it has printed something: until then it may not have begun.
    fn on_terminal(
        program: &Path,
        vars: &[(&str, &str)],
        ctrl_c: Option<u64>,
    ) -> Result<Seen> {
        let (pty, pts) = pty_process::blocking::open()?;
        pty.resize(pty_process::Size::new(24, 80))?;
        let modes = |pty: &pty_process::blocking::Pty| {
            rustix::termios::tcgetattr(pty).map(|modes| format!("{modes:?}"))
        };
        let before = modes(&pty)?;
        let mut child = pty_process::blocking::Command::new(program)
            .env_remove("NO_COLOR")
            .env("TERM", "xterm-256color")
            .envs(vars.iter().copied())
            .spawn(pts)?;
        let _kill_guard = KillOnInterrupt::new(child.id());

        let started = Instant::now();
        let (tx, rx) = mpsc::channel();
        let mut screen = Vec::new();
        let mut ctrl_c = ctrl_c.map(Duration::from_millis);
        let mut since = started;
        let mut begun = None;
        thread::scope(|scope| {
            let reader = &pty;
            scope.spawn(move || {
                let mut reader = reader;
                let mut bytes = [0; 4096];
                // The kernel says EIO when the last program has let go.
                while let Ok(n @ 1..) = reader.read(&mut bytes) {
                    tx.send(bytes[..n].to_vec()).ok();
                }
            });
            loop {
                let remaining = match (ctrl_c, begun) {
                    (Some(after), Some(begun)) => {
                        after.saturating_sub(Instant::elapsed(&begun))
                    }
                    _ => TOUR_LIMIT.saturating_sub(since.elapsed()),
                };
                match rx.recv_timeout(remaining) {
                    Ok(bytes) => {
                        begun.get_or_insert_with(Instant::now);
                        screen.extend(bytes);
                    }
                    Err(mpsc::RecvTimeoutError::Disconnected) => break,
                    Err(mpsc::RecvTimeoutError::Timeout) => {
                        if begun.is_some() && ctrl_c.take().is_some() {
                            since = Instant::now();
                            // A program that has ended meanwhile does not read it.
                            (&pty).write_all(b"\x03").ok();
                        } else {
                            child.kill().ok();
                        }
                    }
                }
            }
        });
        let ended_in = since.elapsed();
        let status = child.wait()?;
        let after = modes(&pty);
        drop(pty);
        Ok(Seen {
            status: status.code(),
            screen: String::from_utf8_lossy(&screen).into_owned(),
            ended_in,
            // On some systems a terminal without a program has no modes.
            modes_kept: after.is_err() || after == Ok(before),
        })
    }
}
