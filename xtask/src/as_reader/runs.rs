//! The runs of each section, and what each run owes the reader.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use super::ending::Ending;
use super::panic_reports::{
    check_no_std_report, error_lines, lines, panic_lines,
};
use super::terminal::{Output, Seen, Terminal};
use crate::parallel::for_each;
use crate::report::Report;
use crate::transcript::normalize_env;
use crate::workspace::{Chapter, Workspace};

/// Most programs wait most of the time.
const MAX_THREADS: usize = 24;

/// A section takes some seconds; on a busy machine some more.
const LIMIT: Duration = Duration::from_secs(120);

/// How soon a program has begun to print, or to serve.
const START_LIMIT: Duration = Duration::from_secs(20);

/// How soon a program ends that was asked to; a server drains first.
const EXIT_LIMIT: Duration = Duration::from_secs(10);

/// How soon a program has started, if it prints nothing to show it.
const SETTLE_TIME: Duration = Duration::from_millis(200);

/// A moment in the middle of a section: what it starts is there.
const MIDDLE_DELAY: Duration = Duration::from_millis(300);

/// A section's program, at its defaults; or as a server.
struct Program {
    path: PathBuf,
    chapter: String,
    words: Vec<String>,
    serves: bool,
    /// What it does where there is no terminal, if that was asked.
    plain: OnceLock<Result<Seen, String>>,
}

/// A way to run a program.
#[derive(Clone, Copy, PartialEq)]
enum Run {
    /// With pipes in place of a terminal, to compare with.
    Plain,
    Terminal {
        backtrace: bool,
    },
    Cut(Output),
    Ended(Ending, When),
}

/// When a program is ended: a section has begun, or is in its middle.
#[derive(Clone, Copy, PartialEq)]
enum When {
    Begun,
    Middle,
}

const RUNS: [Run; 8] = [
    Run::Terminal { backtrace: false },
    Run::Cut(Output::OneLine),
    Run::Cut(Output::Unread),
    Run::Cut(Output::Full),
    Run::Ended(Ending::CtrlC, When::Begun),
    Run::Ended(Ending::CtrlC, When::Middle),
    Run::Ended(Ending::Term, When::Middle),
    Run::Ended(Ending::Hup, When::Middle),
];

/// Runs all sections of `chapters`, or the one with the given slug, in all
/// ways.
pub fn check(
    workspace: &Workspace,
    report: &Report,
    chapters: &[&Chapter],
    slug: Option<&str>,
) {
    let mut programs = Vec::new();
    for chapter in chapters {
        match of_chapter(workspace, chapter, slug) {
            Ok(found) => programs.extend(found),
            Err(why) => report.fail(&chapter.name, &why, ""),
        }
    }
    let mut runs = Vec::new();
    for run in RUNS {
        if run == Run::Cut(Output::Full) && !cfg!(target_os = "linux") {
            report.skip("sections into /dev/full", "it is Linux's");
            continue;
        }
        for program in &programs {
            // A server does not end by itself, and has no middle.
            let not_for_servers = matches!(
                run,
                Run::Terminal { .. } | Run::Ended(_, When::Begun)
            );
            if !(program.serves && not_for_servers) {
                runs.push((program, run));
            }
        }
    }
    let passed = Mutex::new(BTreeMap::<String, (usize, Duration)>::new());
    // Says whether the program reported a panic or an error.
    let check = |program: &Program, run: Run| {
        let started = Instant::now();
        let (failed, checked) = program.check(run);
        match checked {
            Ok(()) => {
                let kind = program.kind(run);
                let mut passed =
                    passed.lock().unwrap_or_else(PoisonError::into_inner);
                let (count, took) = passed.entry(kind).or_default();
                *count += 1;
                *took += started.elapsed();
            }
            Err(why) => {
                let words = program.words.join(" ");
                let what =
                    format!("{} {words}, {}", program.chapter, run.name());
                report.fail(&what, &why, &program.command(run));
            }
        }
        failed
    };
    for_each(runs, MAX_THREADS, |(program, run)| {
        let failed = check(program, run);
        // All that the variable changes is how a failure is reported.
        if failed && run == (Run::Terminal { backtrace: false }) {
            check(program, Run::Terminal { backtrace: true });
        }
    });
    let passed = passed.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (kind, (count, took)) in passed {
        report.pass_many(count, &format!("{kind}, {count} runs"), took);
    }
}

/// Lists the programs of a chapter: a section that has an option `--port` is
/// a second one, which serves.
fn of_chapter(
    workspace: &Workspace,
    chapter: &Chapter,
    slug: Option<&str>,
) -> Result<Vec<Program>> {
    let path = workspace.program(&chapter.name)?;
    let sections = workspace.sections(chapter)?;
    let wanted = sections
        .into_iter()
        .filter(|section| slug.is_none_or(|slug| slug == section.slug));
    let programs = Mutex::new(Vec::new());
    for_each(wanted.collect(), MAX_THREADS, |section| {
        let mut help = Command::new(&path);
        help.args([&section.slug, "--help"]);
        normalize_env(&mut help);
        let help = subprocess::run(help, START_LIMIT);
        let serves = help.is_ok_and(|help| help.stdout.contains("--port "));
        let program = |words: &[&str], serves| Program {
            path: path.clone(),
            chapter: chapter.name.clone(),
            words: words.iter().map(|word| word.to_string()).collect(),
            serves,
            plain: OnceLock::new(),
        };
        let mut found = programs.lock().unwrap_or_else(PoisonError::into_inner);
        found.push(program(&[&section.slug], false));
        if serves {
            found.push(program(&[&section.slug, "--port", "0"], true));
        }
    });
    let found = programs
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    if found.is_empty() {
        bail!("no section `{}`", slug.unwrap_or_default());
    }
    Ok(found)
}

impl Run {
    fn name(self) -> &'static str {
        match self {
            Run::Plain => "off a terminal",
            Run::Terminal { backtrace: false } => "on a terminal",
            Run::Terminal { backtrace: true } => {
                "on a terminal with RUST_BACKTRACE=1"
            }
            Run::Cut(Output::OneLine) => "| head -1",
            Run::Cut(Output::Unread) => "| true",
            Run::Cut(_) => "> /dev/full",
            Run::Ended(Ending::CtrlC, When::Begun) => "Ctrl-C at once",
            Run::Ended(ending, _) => ending.name(),
        }
    }
}

impl Program {
    /// Returns what a reader types to see the same.
    fn command(&self, run: Run) -> String {
        let words = self.words.join(" ");
        let command = format!("cargo run -p {} -- {words}", self.chapter);
        match run {
            Run::Plain => format!("{command} < /dev/null | cat"),
            Run::Terminal { backtrace: false } => command,
            Run::Terminal { backtrace: true } => {
                format!("RUST_BACKTRACE=1 {command}")
            }
            Run::Cut(_) => format!("{command} {}", run.name()),
            Run::Ended(..) => format!("{command} # then {}", run.name()),
        }
    }

    /// Says what a run is counted as.
    fn kind(&self, run: Run) -> String {
        let what = match run {
            _ if self.serves => "servers asked and ended",
            Run::Plain | Run::Terminal { .. } => "sections on a terminal",
            Run::Cut(_) => "sections into head, true and /dev/full",
            Run::Ended(..) => "sections ended by Ctrl-C, SIGTERM and SIGHUP",
        };
        format!("{}: {what}", self.chapter)
    }

    fn start(&self, run: Run) -> Result<Terminal> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let (output, env): (_, &[(&str, &str)]) = match run {
            Run::Plain => (Output::Pipes, &[]),
            Run::Terminal { backtrace: true } => {
                (Output::Terminal, &[("RUST_BACKTRACE", "1")])
            }
            Run::Terminal { .. } | Run::Ended(..) => (Output::Terminal, &[]),
            Run::Cut(output) => (output, &[]),
        };
        Terminal::start(&self.path, &words, output, env)
    }

    /// Returns how the program runs off a terminal: once for all checks.
    fn plain(&self) -> Result<&Seen> {
        let run = || self.start(Run::Plain)?.finish(LIMIT);
        let run = || run().map_err(|why| format!("{why:#}"));
        let seen = self.plain.get_or_init(run).as_ref();
        seen.map_err(|why| anyhow!("{why}"))
    }

    /// Says whether a panic or an error was reported, and what is wrong.
    fn check(&self, run: Run) -> (bool, Result<()>) {
        if self.serves {
            return (false, self.check_server(run));
        }
        match self.run(run) {
            Ok(seen) => {
                let failed = !error_lines(&seen.all()).is_empty();
                (failed, self.check_seen(run, &seen))
            }
            Err(why) => (false, Err(why)),
        }
    }

    /// Runs the program to its end, which may be the reader's doing.
    fn run(&self, run: Run) -> Result<Seen> {
        let program = self.start(run)?;
        let mut limit = LIMIT;
        if let Run::Ended(ending, when) = run {
            // Some print nothing before they end.
            program.wait_for(SETTLE_TIME, |text| !text.is_empty());
            if when == When::Middle {
                program.wait_for_end(MIDDLE_DELAY);
            }
            program.end(ending);
            limit = EXIT_LIMIT;
        }
        program.finish(limit)
    }

    fn check_seen(&self, run: Run, seen: &Seen) -> Result<()> {
        join_faults([
            check_exit(seen),
            match run {
                Run::Cut(Output::Full) => self.check_write_error(seen),
                Run::Cut(_) => {
                    self.check_errors(seen).and(self.check_status(seen, &[0]))
                }
                Run::Ended(ending, _) => {
                    // 0, if it has ended before.
                    self.check_status(seen, &[0, 130, ending.status()])
                }
                _ => self.check_status(seen, &[0]),
            },
            self.check_panics(seen),
            match run {
                Run::Terminal { .. } => check_no_std_report(&seen.screen)
                    .and(check_cursor_column(seen)),
                _ => Ok(()),
            },
            check_terminal_restored(seen),
        ])
    }

    /// The status is one of those `expected`, or the same as off a terminal.
    fn check_status(&self, seen: &Seen, expected: &[i32]) -> Result<()> {
        // A run that was cut off is reported by `check_exit`.
        if seen.status.is_none_or(|status| expected.contains(&status)) {
            return Ok(());
        }
        let plain = self.plain()?;
        if seen.status == plain.status && !ends_by_panic(plain) {
            return Ok(());
        }
        let output = lines(&seen.screen).join("\n");
        let (here, there) = (status(seen), status(plain));
        Err(anyhow!("{here}; off a terminal {there}\n{output}"))
    }

    /// Every panic that is reported on a terminal is reported off it, too.
    fn check_panics(&self, seen: &Seen) -> Result<()> {
        let panics = panic_lines(&seen.all());
        if panics.is_empty() {
            return Ok(());
        }
        let designed = panic_lines(&self.plain()?.all());
        match panics.difference(&designed).next() {
            Some(panic) => Err(anyhow!("not reported off a terminal: {panic}")),
            None => Ok(()),
        }
    }

    /// A program whose reader is gone has nothing more to complain about than
    /// one that is read.
    fn check_errors(&self, seen: &Seen) -> Result<()> {
        let output = error_lines(&seen.screen);
        if output.is_empty() {
            return Ok(());
        }
        match output
            .difference(&error_lines(&self.plain()?.stderr))
            .next()
        {
            Some(line) => Err(anyhow!("{}; says {line}", status(seen))),
            None => Ok(()),
        }
    }

    /// A program that cannot print says so, once; unless it prints nothing.
    fn check_write_error(&self, seen: &Seen) -> Result<()> {
        match check_one_error_line(seen) {
            Err(_) if self.plain()?.stdout.is_empty() => {
                self.check_status(seen, &[0])
            }
            checked => checked,
        }
    }

    /// Asks a server as a client does and ends it.
    fn check_server(&self, run: Run) -> Result<()> {
        let server = self.start(run)?;
        let (asked, ending) = match run {
            // It cannot say where it listens.
            Run::Cut(Output::Unread | Output::Full) => {
                server.wait_for_end(START_LIMIT);
                (Ok(()), Ending::Term)
            }
            Run::Ended(ending, _) => (address(&server).and_then(ask), ending),
            _ => (address(&server).and_then(ask), Ending::Term),
        };
        server.end(ending);
        let seen = server.finish(EXIT_LIMIT)?;
        // A server that has answered its last client has done its work.
        let accepted = [0, 130, ending.status()];
        join_faults([
            asked,
            check_exit(&seen),
            match run {
                Run::Cut(Output::Full) => check_one_error_line(&seen),
                _ => check_server_exit(&seen, &accepted),
            },
            match panic_lines(&seen.screen).first() {
                Some(panic) => Err(anyhow!("{panic}")),
                None => Ok(()),
            },
            check_terminal_restored(&seen),
        ])
    }
}

/// Joins what is wrong.
fn join_faults<const N: usize>(checks: [Result<()>; N]) -> Result<()> {
    let faults = checks.into_iter().filter_map(Result::err);
    let mut faults: Vec<String> =
        faults.map(|fault| format!("{fault:#}")).collect();
    faults.dedup();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(anyhow!(faults.join("\n")))
    }
}

/// Waits for the line `listening on ADDRESS`.
fn address(terminal: &Terminal) -> Result<SocketAddr> {
    let find = |text: &str| {
        let (_, rest) = text.split_once("listening on ")?;
        let (address, _) = rest.split_once(['\r', '\n'])?;
        address.parse().ok()
    };
    terminal.wait_for(START_LIMIT, |text| find(text).is_some());
    find(&terminal.printed()).context("no line `listening on ADDRESS`")
}

/// Asks a server once, as a client. The request is HTTP's, and its first line
/// is a question for the servers that answer lines.
fn ask(address: SocketAddr) -> Result<()> {
    let asked = || {
        let mut stream = TcpStream::connect_timeout(&address, START_LIMIT)?;
        stream.set_read_timeout(Some(START_LIMIT))?;
        stream.set_write_timeout(Some(START_LIMIT))?;
        stream.write_all(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        stream.read(&mut [0; 1024])
    };
    match asked() {
        Ok(0) => Err(anyhow!("the server closes without an answer")),
        Ok(_) => Ok(()),
        Err(err) => Err(anyhow!("the server does not answer: {err}")),
    }
}

fn status(seen: &Seen) -> String {
    match seen.status {
        Some(status) => format!("exit status {status}"),
        None => format!("cut off after {:.0?}", seen.took),
    }
}

/// The program ends by itself, and takes along what it has started.
fn check_exit(seen: &Seen) -> Result<()> {
    if seen.status.is_none() {
        bail!("{}\n{}", status(seen), lines(&seen.screen).join("\n"));
    }
    if !seen.leftovers.is_empty() {
        bail!("left behind: {}", seen.leftovers.join(", "));
    }
    Ok(())
}

/// A panic of the main thread, an abort and a signal are no lessons.
fn ends_by_panic(seen: &Seen) -> bool {
    seen.status.is_none_or(|code| code == 101 || code > 127)
}

/// A server neither panics nor complains, and ends with a status that is `accepted`.
fn check_server_exit(seen: &Seen, accepted: &[i32]) -> Result<()> {
    if let Some(line) = error_lines(&seen.screen).first() {
        bail!("{}; says {line}", status(seen));
    }
    if seen.status.is_none_or(|status| accepted.contains(&status)) {
        return Ok(());
    }
    Err(anyhow!(status(seen)))
}

/// The terminal shows a cursor and new text is plain.
pub fn check_terminal_restored(seen: &Seen) -> Result<()> {
    if !seen.modes_kept {
        bail!("the terminal's modes differ: echo, lines");
    }
    let mut parser = vt100::Parser::new(24, 80, 0);
    parser.process(seen.screen.as_bytes());
    let screen = parser.screen();
    let plain = vt100::Color::Default;
    let faults = [
        (screen.hide_cursor(), "the cursor stays hidden"),
        (screen.alternate_screen(), "the alternate screen stays"),
        (screen.fgcolor() != plain, "the text's colour stays"),
        (screen.bgcolor() != plain, "the background's colour stays"),
        (screen.bold() || screen.dim(), "bold or dim text stays"),
        (
            screen.italic() || screen.underline(),
            "italics or lines stay",
        ),
        (screen.inverse(), "inverse text stays"),
        (screen.bracketed_paste(), "bracketed paste stays"),
    ];
    match faults.iter().find(|(fault, _)| *fault) {
        Some((_, what)) => Err(anyhow!("{what} on the terminal")),
        None => Ok(()),
    }
}

/// The shell's prompt begins a line.
pub fn check_cursor_column(seen: &Seen) -> Result<()> {
    let mut parser = vt100::Parser::new(24, 80, 0);
    parser.process(seen.screen.as_bytes());
    let (row, column) = parser.screen().cursor_position();
    if column == 0 {
        return Ok(());
    }
    let line = parser.screen().rows(0, 80).nth(row.into());
    Err(anyhow!(
        "the prompt would follow {:?}",
        line.unwrap_or_default()
    ))
}

/// A program that cannot print says so in one line, with status 1.
fn check_one_error_line(seen: &Seen) -> Result<()> {
    let output = lines(&seen.screen);
    let errors = output
        .iter()
        .filter(|line| line.contains("error: "))
        .count();
    let expected = seen.status == Some(1) && errors == 1;
    if expected || seen.status.is_none() {
        return Ok(());
    }
    let output = output.join("\n");
    let status = status(seen);
    Err(anyhow!("{status}, `error:` lines: {errors}\n{output}"))
}
