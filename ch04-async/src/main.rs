//! The tour of chapter 4.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::{self, ExitCode};

use ch04_async::*;
use tokio::runtime;

const TITLE: &str = "Async: many waits, few threads";
const NEXT: &str = "cargo run -p ch05-servers";

#[rustfmt::skip]
const SECTIONS: &[Section] = &[
    Section { slug: "spinner", title: "A task is stopped by dropping it", run: |args| on_clock(args, spinner::demo()) },
    Section { slug: "poll", title: "A future does nothing until it is polled", run: |args| plain(args, poll::demo) },
    Section { slug: "block-on", title: "Waiting is: poll, sleep until woken, poll", run: |args| option(args, "--forgetful", "end with a future that is never woken", |given| { block_on::demo(given); Ok(()) }) },
    Section { slug: "timer", title: "A timer is a sorted list of wakers", run: |args| plain(args, timer::demo) },
    Section { slug: "executor", title: "An executor is a loop", run: |args| plain(args, executor::demo) },
    Section { slug: "join", title: "Joining is polling both, selecting drops one", run: |args| plain(args, join::demo) },
    Section { slug: "state-machine", title: "An async fn is an enum", run: |args| plain(args, state_machine::demo) },
    Section { slug: "runtimes", title: "A future does not know who polls it", run: |args| plain(args, runtimes::demo) },
    Section { slug: "frozen", title: "A blocking call freezes every task", run: |args| plain(args, frozen::demo) },
    Section { slug: "nap", title: "Giving way by hand, and what it costs", run: |args| plain(args, nap::demo) },
    Section { slug: "watchdog", title: "A watchdog times each poll", run: |args| plain(args, watchdog::demo) },
    Section { slug: "inert", title: "Calling an async fn runs nothing", run: |args| on_clock(args, inert::demo()) },
    Section { slug: "eight-points", title: "A task and a thread, in eight points", run: |args| on_clock(args, eight_points::demo()) },
    Section { slug: "unfinished", title: "A result that is not there is a value", run: |args| on_clock(args, unfinished::demo()) },
    Section { slug: "cancel", title: "An aborted task is not asked", run: |args| on_clock(args, cancel::demo()) },
    Section { slug: "half-read", title: "A read dropped half-way loses a half line", run: |args| on_clock(args, half_read::demo()) },
    Section { slug: "cleanup", title: "Drop cannot await", run: |args| on_clock(args, cleanup::demo()) },
    Section { slug: "no-lock", title: "No lock between two awaits, on one thread", run: |args| plain(args, no_lock::demo) },
    Section { slug: "callbacks", title: "Nested, chained, awaited", run: |args| on_clock(args, callbacks::demo()) },
    Section { slug: "countdowns", title: "Four waits, one thread, one order", run: |args| on_clock(args, countdowns::demo()) },
    Section { slug: "streams", title: "A stream may have to wait for its next item", run: |args| on_clock(args, streams::demo()) },
    Section { slug: "waiting", title: "Waiting for many, and what of the others", run: |args| on_clock(args, waiting::demo()) },
    Section { slug: "nursery", title: "No child outlives the block", run: |args| on_clock(args, nursery::demo()) },
    Section { slug: "flags", title: "The downloader: three ways to wait", run: flags::program },
    Section { slug: "throttle", title: "A semaphore lets so many in", run: |args| on_clock(args, throttle::demo()) },
    Section { slug: "futurelock", title: "A future not polled holds what you wait for", run: |args| on_clock(args, futurelock::demo()) },
    Section { slug: "sticky", title: "An error that outlives its turn", run: |args| plain(args, sticky::demo) },
    Section { slug: "animals", title: "Typing blocks, so lines stay whole", run: animals::cli::program },
    Section { slug: "shell", title: "A shell that awaits each line", run: shell::cli::program },
    Section { slug: "latency", title: "From a call to a process, a ladder", run: |args| fallible(args, latency::demo) },
    Section { slug: "memory", title: "What one more of each weighs", run: memory::program },
    Section { slug: "crowd", title: "A hundred thousand tasks on one thread", run: |args| on_clock(args, crowd::demo()) },
    Section { slug: "panic", title: "A panic ends one task", run: |args| option(args, "--strict", "end with exit status 1", panic::demo) },
    Section { slug: "colour", title: "What async costs: what waits is there twice", run: |args| plain(args, colour::demo) },
];

fn main() -> ExitCode {
    interrupt::install();
    interrupt::end(tour())
}

/// Runs a section on a current-thread runtime; with `--paused` on tokio's paused
/// clock, which jumps from one timer to the next: no waiting, exact times.
fn on_clock(args: &[String], demo: impl Future<Output = ()>) -> Outcome {
    let run = |paused| {
        runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(paused)
            .build()
            .map(|runtime| runtime.block_on(demo))
    };
    option(
        args,
        "--paused",
        "run on a clock that jumps over every wait",
        run,
    )
}

/// Runs a section without options that may fail.
fn fallible(
    args: &[String],
    demo: fn() -> Result<(), Box<dyn Error>>,
) -> Outcome {
    if args.is_empty() {
        demo()?;
        return Ok(ExitCode::SUCCESS);
    }
    plain(args, || {})
}

/// Runs a section that has one option, and tells it whether it was given.
fn option(
    args: &[String],
    name: &str,
    what: &str,
    run: impl FnOnce(bool) -> io::Result<()>,
) -> Outcome {
    let unexpected =
        |other| Ok(usage_error(&format!("unexpected argument `{other}`")));
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => run(false)?,
        [given] if given == name => run(true)?,
        ["--help" | "-h"] => println!("{name}   {what}"),
        [given, other, ..] if given == name => return unexpected(other),
        [other, ..] => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

// ---- The tour. From here on the five chapters are alike to the letter. ----

struct Section {
    slug: &'static str,
    title: &'static str,
    run: fn(&[String]) -> Outcome,
}

/// How a section ended. An error is printed and means exit status 1.
type Outcome = Result<ExitCode, Box<dyn Error>>;

const USAGE: u8 = 2;
const INTERRUPTED: u8 = 130;

fn tour() -> ExitCode {
    set_panic_hook();
    let args = std::env::args_os().skip(1).map(|arg| arg.into_string());
    let args: Vec<String> = match args.collect() {
        Ok(args) => args,
        Err(arg) => {
            return usage_error(&format!("an argument is not UTF-8: {arg:?}"));
        }
    };
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        [] => every_section(),
        ["--list"] => {
            for section in SECTIONS {
                println!("{}\t{}", section.slug, section.title);
            }
            ExitCode::SUCCESS
        }
        ["--help" | "-h"] => {
            println!("{TITLE}\n\n{}", help());
            ExitCode::SUCCESS
        }
        ["--list" | "--help" | "-h", extra, ..] => {
            usage_error(&format!("unexpected argument `{extra}`"))
        }
        [slug, ..] => match SECTIONS.iter().find(|s| s.slug == slug) {
            Some(section) => report((section.run)(&args[1..])),
            None => usage_error(&format!("no section or option `{slug}`")),
        },
    }
}

fn every_section() -> ExitCode {
    println!("{}", bold(TITLE));
    let mut failed = false;
    for section in SECTIONS {
        let module = section.slug.replace('-', "_");
        println!(
            "\n{}",
            bold(&format!("{}: {}", section.slug, section.title))
        );
        println!("{}/src/{module}\n", env!("CARGO_PKG_NAME"));
        match report((section.run)(&[])) {
            ExitCode::SUCCESS => {}
            code if code == ExitCode::from(INTERRUPTED) => return code,
            _ => failed = true,
        }
    }
    println!("\nNext: {NEXT}");
    ExitCode::from(u8::from(failed))
}

/// Runs a section that takes no options.
#[allow(dead_code, reason = "a chapter may have only sections with options")]
fn plain(args: &[String], demo: fn()) -> Outcome {
    match args.first().map(String::as_str) {
        None => demo(),
        Some("--help" | "-h") => println!("This section takes no options."),
        Some(other) => {
            return Ok(usage_error(&format!("unexpected argument `{other}`")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn report(outcome: Outcome) -> ExitCode {
    outcome.unwrap_or_else(|err| {
        eprintln!("error: {err}");
        ExitCode::FAILURE
    })
}

fn usage_error(what: &str) -> ExitCode {
    eprintln!("error: {what}\n\n{}", help());
    ExitCode::from(USAGE)
}

fn help() -> String {
    let run = concat!("cargo run -p ", env!("CARGO_PKG_NAME"));
    let mut help = format!(
        "Usage:\n  {run}                     tour the chapter\n  \
         {run} -- SECTION          run one section\n  \
         {run} -- SECTION --help   show its options\n  \
         {run} -- --list           list the sections\n\nSections:"
    );
    for section in SECTIONS {
        help += &format!("\n  {:<14}{}", section.slug, section.title);
    }
    help
}

fn bold(text: &str) -> String {
    let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if io::stdout().is_terminal() && !set("NO_COLOR") && !dumb {
        format!("\x1b[1m{text}\x1b[0m")
    } else {
        text.to_string()
    }
}

/// Reports a panic in one line, and makes a failed `println!` end the program.
///
/// Some sections panic on purpose and explain that one line. With
/// `RUST_BACKTRACE=1` the standard report would bury it under a backtrace of
/// forty; `RUST_BACKTRACE=full` asks for it here.
///
/// Rust ignores SIGPIPE, so that printing to a closed pipe is an error, and
/// `println!` panics on errors. `| head` closes the pipe because it has seen
/// enough: that is no failure. A full disk is.
fn set_panic_hook() {
    let standard = std::panic::take_hook();
    let in_full =
        std::env::var_os("RUST_BACKTRACE").is_some_and(|v| v == "full");
    std::panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or("no message");
        if !message.starts_with("failed printing to std") {
            if in_full {
                return standard(info);
            }
            let thread = std::thread::current();
            let name = thread.name().unwrap_or("<unnamed>");
            let place = info.location().map(|place| format!(" at {place}"));
            let place = place.unwrap_or_default();
            let lines: Vec<&str> = message.lines().map(str::trim).collect();
            let message = lines.join("; ");
            // In one write, so that two panics do not share a line.
            let report =
                format!("thread '{name}' panicked{place}: {message}\n");
            // If stderr is gone, there is nobody to tell.
            io::stderr().write_all(report.as_bytes()).ok();
            return;
        }
        let closed = ["Broken pipe", "pipe is being closed", "pipe has been"];
        if closed.iter().any(|text| message.contains(text)) {
            process::exit(0);
        }
        // The last word: if stderr is gone too, there is nobody to tell.
        writeln!(io::stderr(), "error: {message}").ok();
        process::exit(1);
    }));
}
