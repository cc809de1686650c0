//! The tour of chapter 5.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::{self, ExitCode};

use ch05_servers::*;

const TITLE: &str = "Servers: one client, many clients, and what they wait for";
const NEXT: &str = "cargo xtask book --open";

#[rustfmt::skip]
const SECTIONS: &[Section] = &[
    Section { slug: "echo", title: "One client at a time lets the others wait", run: echo::program::program },
    Section { slug: "echo-threads", title: "A thread for each client", run: echo_threads::program },
    Section { slug: "echo-ready", title: "One thread asks who is ready", run: echo_ready::program },
    Section { slug: "echo-protocol", title: "A protocol is called and never waits", run: echo_protocol::program },
    Section { slug: "echo-tokio", title: "A task for each client", run: echo_tokio::program },
    Section { slug: "echo-tasks", title: "A scheduler is that loop and futures", run: echo_tasks::program },
    Section { slug: "load", title: "A closed loop overlooks the wait", run: load::program::program },
    Section { slug: "animals", title: "How a server waits decides who else does", run: animals::program::program },
    Section { slug: "fib", title: "Who computes on the loop answers nobody", run: fib::program::program },
    Section { slug: "ordered", title: "Two tasks do not take turns", run: |args| plain(args, ordered::demo) },
    Section { slug: "flags", title: "A server that fails on demand", run: flags::program::program },
    Section { slug: "no-timeouts", title: "Who says nothing stays for ever", run: |args| plain(args, no_timeouts::demo) },
    Section { slug: "stuck-drain", title: "An end that waits for all does not come", run: |args| plain(args, stuck_drain::demo) },
    Section { slug: "long-line", title: "A line may have no end", run: |args| plain(args, long_line::demo) },
    Section { slug: "slow-reader", title: "Answers that nobody reads pile up", run: |args| plain(args, slow_reader::demo) },
    Section { slug: "descriptors", title: "An accept that fails is asked again later", run: |args| plain(args, descriptors::demo) },
    Section { slug: "panics", title: "A panic ends a connection, not the server", run: |args| plain(args, panics::demo) },
    Section { slug: "escapes", title: "A log line is what a stranger wrote", run: |args| plain(args, escapes::demo) },
    Section { slug: "traversal", title: "A path is not a file", run: |args| plain(args, traversal::demo) },
    Section { slug: "too-many", title: "Who lets everybody in lets in too many", run: |args| plain(args, too_many::demo) },
    Section { slug: "finder", title: "An index intersects, it does not search", run: finder::program::program },
    Section { slug: "tcp", title: "Every wait of a session can end badly", run: tcp::program::program },
    Section { slug: "web", title: "A page that needs no script, and has one", run: web::program::program },
    Section { slug: "heavy-query", title: "One heavy answer makes everybody wait", run: heavy_query::demo::program },
    Section { slug: "several", title: "Several processes share a port", run: |args| fallible(args, several::demo) },
    Section { slug: "balanced", title: "A balancer asks again, if it may", run: balanced::program::program },
    Section { slug: "http2", title: "Somebody else's feature turns HTTP/2 on", run: |args| plain(args, http2::demo) },
    Section { slug: "signs", title: "Blocking and waiting, one flag apart", run: signs::program::program },
    Section { slug: "chaos", title: "A proxy that fails on demand", run: chaos::program::program },
    Section { slug: "sync", title: "The same service, synchronous", run: sync::program::program },
];

fn main() -> ExitCode {
    interrupt::install();
    interrupt::end(tour())
}

/// Runs a section without options that may fail.
fn fallible(args: &[String], demo: fn() -> io::Result<()>) -> Outcome {
    if args.is_empty() {
        demo()?;
        return Ok(ExitCode::SUCCESS);
    }
    plain(args, || {})
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
