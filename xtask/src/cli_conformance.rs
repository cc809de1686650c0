//! The conventions of command-line programs, which every chapter keeps.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use subprocess::Finished;

use crate::report::{Report, tail};
use crate::transcript::normalize_env;
use crate::workspace::{Chapter, Section, Workspace};

/// A whole tour takes at most a minute; a busy machine gets four.
const TOUR_LIMIT: Duration = Duration::from_secs(240);
/// A tour is read: it fits into a few screens.
const TOUR_LINES: usize = 150;
/// How many sections a tour visits at most, and it visits some.
const TOUR_SECTIONS: usize = 12;
#[cfg(unix)]
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
    let day = run(program, &["--list", "--day"])?.stdout;
    let run = run(program, &[])?;
    ensure(run.status == Some(0), || {
        format!("the tour: {}\n{}", run.ending(), run.stderr)
    })?;
    let lines = run.stdout.lines().count();
    ensure(lines <= TOUR_LINES, || {
        format!("the tour has {lines} lines, of at most {TOUR_LINES}")
    })?;
    for (name, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        ensure(!text.contains('\x1b'), || format!("{name} has an escape"))?;
        let text = text.replace("\r\n", "\n");
        ensure(!text.contains('\r'), || format!("{name} has a lone \\r"))?;
    }
    let on_tour: Vec<&Section> = sections
        .iter()
        .filter(|section| {
            let row = format!("{}\t", section.slug);
            day.lines().any(|line| line.starts_with(&row))
        })
        .collect();
    ensure((1..=TOUR_SECTIONS).contains(&on_tour.len()), || {
        format!("the tour visits {} sections", on_tour.len())
    })?;
    for section in on_tour {
        let heading = format!("  {}\n", section.title);
        let (_, after) = run
            .stdout
            .split_once(&heading)
            .ok_or_else(|| anyhow!("the tour leaves out {}", section.slug))?;
        ensure(!after.starts_with('\n'), || {
            let slug = &section.slug;
            format!("{slug}: its page does not announce its first output")
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
    use super::*;
    use crate::as_reader::ending::Ending;
    use crate::as_reader::runs::{
        check_cursor_column, check_terminal_restored,
    };
    use crate::as_reader::terminal::{Output, Terminal};

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

    /// Types Ctrl-C at three moments of the tour.
    pub fn ctrl_c(program: &Path, _: &[Section]) -> Result<()> {
        for delay in [100, 500, 1500].map(Duration::from_millis) {
            let terminal =
                Terminal::start(program, &[], Output::Terminal, &[])?;
            // Before it prints, the tour may not have begun.
            terminal.wait_for(TOUR_LIMIT, |text| !text.is_empty());
            terminal.wait_for_end(delay);
            terminal.end(Ending::CtrlC);
            let seen = terminal.finish(EXIT_LIMIT)?;
            ensure(matches!(seen.status, Some(0 | 130)), || {
                format!("after {delay:?}: {:?}", seen.status)
            })?;
            check_terminal_restored(&seen).and(check_cursor_column(&seen))?;
        }
        Ok(())
    }

    pub fn dumb_terminal(program: &Path, _: &[Section]) -> Result<()> {
        let screen = tour_on_terminal(program, ("TERM", "dumb"))?;
        ensure(!screen.contains('\x1b'), || {
            "TERM=dumb gets an escape".to_string()
        })
    }

    pub fn no_colour(program: &Path, _: &[Section]) -> Result<()> {
        let screen = tour_on_terminal(program, ("NO_COLOR", "1"))?;
        let mut codes = screen.split("\x1b[").skip(1);
        let coloured = codes.any(|code| {
            let end = code.find(|c: char| c.is_ascii_alphabetic());
            end.is_some_and(|end| code[end..].starts_with('m'))
        });
        ensure(!coloured, || "NO_COLOR=1 gets colour".to_string())
    }

    /// Returns what the terminal shows of a tour that went through all
    /// sections.
    fn tour_on_terminal(
        program: &Path,
        variable: (&str, &str),
    ) -> Result<String> {
        let output = Output::Terminal;
        let terminal = Terminal::start(program, &[], output, &[variable])?;
        let seen = terminal.finish(TOUR_LIMIT)?;
        ensure(seen.status == Some(0), || {
            let tail = tail(&seen.screen, 10).join("\n");
            format!("the tour on a terminal: {:?}\n{tail}", seen.status)
        })?;
        Ok(seen.screen)
    }
}
