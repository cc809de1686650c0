//! The tour of chapter 3.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::{self, ExitCode};

use ch03_generators::coroutine::Raised;
use ch03_generators::*;

const TITLE: &str = "Generators: functions that wait in the middle";
const NEXT: &str = "cargo run -p ch04-async";

#[rustfmt::skip]
const SECTIONS: &[Section] = &[
    Section { slug: "countdown", title: "An iterator is one method", run: |args| plain(args, countdown::demo) },
    Section { slug: "lazy", title: "Calling runs nothing, asking runs a step", run: |args| plain(args, lazy::demo) },
    Section { slug: "generator", title: "A function that waits in the middle", run: |args| plain(args, generator::demo) },
    Section { slug: "send", title: "A yield that receives", run: |args| plain(args, send::demo) },
    Section { slug: "states", title: "Four states, four operations", run: |args| plain(args, states::demo) },
    Section { slug: "close", title: "Closing asks, and the body answers", run: |args| plain(args, close::demo) },
    Section { slug: "throw", title: "An error raised at the yield", run: |args| plain(args, throw::demo) },
    Section { slug: "reentry", title: "Resumed while it runs", run: |args| plain(args, reentry::demo) },
    Section { slug: "returns", title: "A value at the end", run: |args| plain(args, returns::demo) },
    Section { slug: "mixing", title: "Produce or receive, not both", run: |args| plain(args, mixing::demo) },
    Section { slug: "scope", title: "One yield is a with block", run: |args| plain(args, scope::demo) },
    Section { slug: "delegation", title: "Stepping aside", run: |args| plain(args, delegation::demo) },
    Section { slug: "grouper", title: "Caller, delegator, subgenerator", run: |args| plain(args, grouper::demo) },
    Section { slug: "frames", title: "One resume, one poll, at any depth", run: |args| plain(args, frames::demo) },
    Section { slug: "recursion", title: "A body that delegates to itself", run: |args| plain(args, recursion::demo) },
    Section { slug: "trampoline", title: "The loop before yield from", run: |args| plain(args, trampoline::demo) },
    Section { slug: "pipeline", title: "Pulling from a file that grows", run: |args| fallible(args, pipeline::demo) },
    Section { slug: "push", title: "Pushing into a tree of coroutines", run: |args| fallible(args, push::demo) },
    Section { slug: "object", title: "The same filter as an object", run: |args| fallible(args, object::demo) },
    Section { slug: "events", title: "Three sources, the same stages", run: |args| fallible(args, events::demo) },
    Section { slug: "carriers", title: "One stage, four carriers", run: carriers },
    Section { slug: "libraries", title: "What to take at work", run: |args| plain(args, libraries::demo) },
    Section { slug: "taxi", title: "Time jumps to the next event", run: |args| program(args, taxi::HELP, taxi::Options::parse, taxi::demo) },
    Section { slug: "launch-pad", title: "An event loop is a sorted list", run: |args| program(args, launch_pad::HELP, |parser| options::flag(parser, "paused"), launch_pad::demo) },
    Section { slug: "human", title: "The scheduler is you", run: |args| program(args, human::HELP, human::Words::parse, human::demo) },
    Section { slug: "by-hand", title: "To the end by hand, and beyond", run: |args| fallible(args, by_hand::demo) },
    Section { slug: "task", title: "A task is a coroutine with a number", run: |args| plain(args, task::demo) },
    Section { slug: "scheduler", title: "A scheduler is a queue", run: |args| plain(args, scheduler::demo) },
    Section { slug: "crash", title: "The end of one is the end of all", run: |args| plain(args, crash::demo) },
    Section { slug: "exit", title: "A task may end", run: |args| plain(args, exit::demo) },
    Section { slug: "system-calls", title: "A yield is a trap", run: |args| plain(args, system_calls::demo) },
    Section { slug: "task-management", title: "A task starts another, and ends it", run: task_management },
    Section { slug: "waiting", title: "Out of the queue until another one ends", run: waiting },
    Section { slug: "io-wait", title: "Out of the queue until a socket is ready", run: io_wait },
    Section { slug: "subroutines", title: "A call through the scheduler, and its holes", run: subroutines },
    Section { slug: "kernel", title: "The same holes, closed", run: |args| fallible(args, kernel::demo::demo) },
    Section { slug: "socket-objects", title: "Sockets that read as if they blocked", run: |args| fallible(args, socket_objects::demo) },
    Section { slug: "echo-server", title: "A server under our own scheduler", run: |args| program(args, echo_server::HELP, echo_server::Options::parse, echo_server::demo) },
    Section { slug: "channels", title: "Tasks that send each other things", run: |args| fallible(args, channels::demo) },
    Section { slug: "timers", title: "A time limit is a task", run: |args| fallible(args, timers::demo) },
    Section { slug: "offload", title: "Work that blocks goes to a thread", run: |args| fallible(args, offload::demo) },
    Section { slug: "failures", title: "An error reaches who waits", run: |args| fallible(args, failures::demo) },
    Section { slug: "two-schedulers", title: "The same tasks, another scheduler", run: |args| fallible(args, two_schedulers::demo) },
];

fn main() -> ExitCode {
    interrupt::install();
    tour()
}

/// Runs a section that takes no options and can fail.
fn fallible(
    args: &[String],
    demo: fn() -> Result<(), Box<dyn Error>>,
) -> Outcome {
    if !args.is_empty() {
        return plain(args, || ());
    }
    demo().map(|()| ExitCode::SUCCESS)
}

/// Runs a section that has options of its own.
fn program<T>(
    args: &[String],
    help: &str,
    parse: fn(lexopt::Parser) -> Result<T, lexopt::Error>,
    demo: fn(T) -> Result<(), Box<dyn Error>>,
) -> Outcome {
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        println!("{help}");
        return Ok(ExitCode::SUCCESS);
    }
    match parse(lexopt::Parser::from_args(args)) {
        Ok(options) => demo(options).map(|()| ExitCode::SUCCESS),
        Err(why) => {
            eprintln!("error: {why}\n\n{help}");
            Ok(ExitCode::from(USAGE))
        }
    }
}

fn carriers(args: &[String]) -> Outcome {
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--far-end"] if io::stdin().is_terminal() => {
            Ok(usage_error("`--far-end` needs a parent, not a terminal"))
        }
        ["--far-end"] => carriers::serve().map(|()| ExitCode::SUCCESS),
        _ => fallible(args, carriers::demo),
    }
}

type Demo = fn() -> Result<(), Raised>;

/// Runs a section with holes: runs of their own, in which something is lost.
fn with_holes(
    args: &[String],
    demo: Demo,
    holes: &[(&str, &str, Demo)],
) -> Outcome {
    let run = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => demo,
        ["--help" | "-h"] => {
            println!("--hole NAME, one of:");
            for (name, what, _) in holes {
                println!("  {name:<14}{what}");
            }
            return Ok(ExitCode::SUCCESS);
        }
        ["--hole"] => return Ok(usage_error("`--hole` needs a name")),
        ["--hole", name] => match holes.iter().find(|hole| hole.0 == name) {
            Some(&(_, _, run)) => run,
            None => return Ok(usage_error(&format!("no hole `{name}`"))),
        },
        ["--hole", _, word, ..] | [word, ..] => {
            return Ok(usage_error(&format!("unexpected argument `{word}`")));
        }
    };
    Ok(run().map(|()| ExitCode::SUCCESS)?)
}

fn task_management(args: &[String]) -> Outcome {
    use task_management::{demo, late};
    let late: Demo = late;
    let holes = [("late", "a killed task is missed at its next turn", late)];
    with_holes(args, demo, &holes)
}

fn waiting(args: &[String]) -> Outcome {
    use waiting::{demo, itself, killed_waiter, raised};
    let holes: [(_, _, Demo); 3] = [
        ("killed-waiter", "a dead task is waited for", killed_waiter),
        ("raised", "one task's error ends them all", raised),
        ("itself", "a task waits for itself (hangs)", itself),
    ];
    with_holes(args, demo, &holes)
}

fn io_wait(args: &[String]) -> Outcome {
    use io_wait::{demo, frozen, killed, never_ends, overwritten};
    let holes: [(_, _, Demo); 4] = [
        (
            "never-ends",
            "one task is left when all have ended",
            never_ends,
        ),
        (
            "overwritten",
            "of two waiters the first is lost",
            overwritten,
        ),
        ("killed", "a killed task waits for ever (hangs)", killed),
        ("frozen", "a blocking call stops all tasks (hangs)", frozen),
    ];
    with_holes(args, demo, &holes)
}

fn subroutines(args: &[String]) -> Outcome {
    use subroutines::{demo, killed, pause, raised};
    let holes: [(_, _, Demo); 3] = [
        ("pause", "a pause is taken for a return", pause),
        ("raised", "an error passes its caller by", raised),
        ("killed", "who called goes on when killed", killed),
    ];
    with_holes(args, demo, &holes)
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
