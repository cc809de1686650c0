//! The tour of chapter 1.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::{self, ExitCode};
use std::time::Duration;

use ch01_threads::animals::Pace;
use ch01_threads::*;

const TITLE: &str = "Threads: many hands, one memory";
const NEXT: &str = "cargo run -p ch02-processes";

#[rustfmt::skip]
const SECTIONS: &[Section] = &[
    Section { slug: "spinner", title: "A thread stops when it is told to", run: spinner },
    Section { slug: "flag", title: "A flag is seen when it is looked at", run: |args| plain(args, flag::demo) },
    Section { slug: "lifecycle", title: "Spawning is starting, and main ends everybody", run: lifecycle },
    Section { slug: "scope", title: "A scope joins, and so its threads may borrow", run: |args| plain(args, scope::demo) },
    Section { slug: "data-race", title: "A data race does not compile", run: |args| plain(args, data_race::demo) },
    Section { slug: "lost-update", title: "A lost update compiles", run: |args| plain(args, lost_update::demo) },
    Section { slug: "lock", title: "A lock owns what it protects", run: |args| plain(args, lock::demo) },
    Section { slug: "animals", title: "Slow answers add up", run: |args| animals(args, animals::demo) },
    Section { slug: "garbled", title: "Act one: threads type over each other", run: |args| animals(args, garbled::demo) },
    Section { slug: "locked", title: "Act two: one screen, one lock", run: |args| animals(args, locked::demo) },
    Section { slug: "deadlocked", title: "Act three: a lock that never comes back", run: deadlocked },
    Section { slug: "poisoned", title: "Act four: the lock comes back and tells", run: |args| animals(args, poisoned::demo) },
    Section { slug: "lock-order", title: "Two locks in two orders stand still", run: lock_order },
    Section { slug: "condvar", title: "Who is woken looks again", run: |args| plain(args, condvar::demo) },
    Section { slug: "rwlock", title: "Readers may be many, a writer is alone", run: |args| plain(args, rwlock::demo) },
    Section { slug: "barrier", title: "Nobody begins before all have ended", run: |args| plain(args, barrier::demo) },
    Section { slug: "once", title: "Many ask first, one computes", run: |args| plain(args, once::demo) },
    Section { slug: "channels", title: "A channel ends when its senders are gone", run: |args| plain(args, channels::demo) },
    Section { slug: "bounded", title: "A full channel makes the producer wait", run: |args| plain(args, bounded::demo) },
    Section { slug: "park", title: "A wake-up before the sleep is not lost", run: |args| plain(args, park::demo) },
    Section { slug: "thread-local", title: "A global for each thread", run: |args| plain(args, thread_local::demo) },
    Section { slug: "orderings", title: "An ordering says what else is seen", run: |args| plain(args, orderings::demo) },
    Section { slug: "pool", title: "A pool is a queue and threads that stay", run: |args| fallible(args, pool::demo) },
    Section { slug: "futures", title: "A handle is asked, waited for, given up", run: |args| fallible(args, futures::demo) },
    Section { slug: "busy", title: "A busy main does not stop the spinner", run: |args| plain(args, busy::demo) },
    Section { slug: "primes", title: "Threads speed primes up", run: primes },
    Section { slug: "too-many", title: "More threads are not more hands", run: too_many },
];

fn main() -> ExitCode {
    leave_a_fresh_line_on_interrupt();
    tour()
}

fn spinner(args: &[String]) -> Outcome {
    let call = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => spinner::slow,
        ["--fail"] => spinner::fail,
        ["--help" | "-h"] => {
            println!("--fail   let the slow call fail");
            return Ok(ExitCode::SUCCESS);
        }
        ["--fail", other, ..] | [other, ..] => {
            return Ok(usage_error(&format!("unexpected argument `{other}`")));
        }
    };
    spinner::demo(call)?;
    Ok(ExitCode::SUCCESS)
}

fn lifecycle(args: &[String]) -> Outcome {
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => lifecycle::demo()?,
        ["--leave"] => lifecycle::leave(),
        ["--help" | "-h"] => {
            println!("--leave   let main return while a thread is at work");
        }
        ["--leave", other, ..] | [other, ..] => {
            return Ok(usage_error(&format!("unexpected argument `{other}`")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs a section with animals, at the pace that its options ask for.
fn animals<E>(args: &[String], demo: fn(Pace) -> Result<(), E>) -> Outcome
where
    Box<dyn Error>: From<E>,
{
    let mut pace = Pace::default();
    for option in args.chunks(2) {
        let words: Vec<&str> = option.iter().map(String::as_str).collect();
        match words[..] {
            [name @ ("--delay" | "--typing"), seconds] => {
                let time = seconds.parse().ok();
                let Some(time) = time
                    .and_then(|time| Duration::try_from_secs_f64(time).ok())
                    .filter(|time| *time <= Duration::from_secs(50))
                else {
                    let what = format!("{name} is not a time: `{seconds}`");
                    return Ok(usage_error(&what));
                };
                match name {
                    "--delay" => pace.delay = time,
                    _ => pace.typing = time,
                }
            }
            ["--help" | "-h"] => {
                println!("--delay SECONDS    how late the API answers");
                println!("--typing SECONDS   how long a letter takes");
                return Ok(ExitCode::SUCCESS);
            }
            [other, ..] => {
                let what = format!("unexpected argument `{other}`");
                return Ok(usage_error(&what));
            }
            [] => {}
        }
    }
    demo(pace)?;
    Ok(ExitCode::SUCCESS)
}

fn deadlocked(args: &[String]) -> Outcome {
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--for-ever"] => deadlocked::demo(Pace::default(), true)?,
        ["--for-ever", other, ..] => {
            return Ok(usage_error(&format!("unexpected argument `{other}`")));
        }
        ["--help" | "-h"] => {
            println!("--for-ever   let the others wait for the lock (hangs)");
        }
        _ => return animals(args, |pace| deadlocked::demo(pace, false)),
    }
    Ok(ExitCode::SUCCESS)
}

fn lock_order(args: &[String]) -> Outcome {
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => lock_order::demo(),
        ["--broken"] => lock_order::deadlock(),
        ["--help" | "-h"] => {
            println!("--broken   lock in the order of the money's way (hangs)");
        }
        ["--broken", other, ..] | [other, ..] => {
            return Ok(usage_error(&format!("unexpected argument `{other}`")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs a section that takes no options and can fail.
fn fallible(args: &[String], demo: fn() -> io::Result<()>) -> Outcome {
    if args.is_empty() {
        demo()?;
        return Ok(ExitCode::SUCCESS);
    }
    plain(args, || {})
}

fn primes(args: &[String]) -> Outcome {
    let run = |workers| {
        primes::demo(workers);
        Ok(())
    };
    number(args, "--workers", "how many threads test", run)
}

fn too_many(args: &[String]) -> Outcome {
    let run = |threads: Option<usize>| too_many::demo(threads.unwrap_or(200));
    number(args, "--threads", "how many to start at once", run)
}

/// Runs a section whose one option is a number from 1 to 1000.
fn number(
    args: &[String],
    name: &str,
    what: &str,
    run: impl Fn(Option<usize>) -> Result<(), Box<dyn Error>>,
) -> Outcome {
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => run(None)?,
        [option, text] if option == name => match text.parse() {
            Ok(n @ 1..=1000) => run(Some(n))?,
            _ => {
                let fault = format!("{name} takes 1 to 1000, not `{text}`");
                return Ok(usage_error(&fault));
            }
        },
        ["--help" | "-h"] => println!("{name} N   {what}"),
        [option] if option == name => {
            return Ok(usage_error(&format!("{name} takes a number")));
        }
        [option, _, other, ..] if option == name => {
            return Ok(usage_error(&format!("unexpected argument `{other}`")));
        }
        [other, ..] => {
            return Ok(usage_error(&format!("unexpected argument `{other}`")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes a signal end the program below the line that a spinner is drawing.
fn leave_a_fresh_line_on_interrupt() {
    let installed = signals::listen(|signal| {
        // Held until the process is gone, so that no frame follows.
        let screen = io::stderr().is_terminal().then(|| io::stderr().lock());
        if let Some(mut screen) = screen {
            // If the terminal is gone too, there is no line to leave.
            writeln!(screen).ok();
        }
        signal.end();
    });
    // Without the handler they still end the program, less tidily.
    installed.ok();
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
