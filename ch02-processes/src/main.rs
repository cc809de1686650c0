//! The tour of chapter 2.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::{self, ExitCode};

use ch02_processes::*;

const TITLE: &str = "Processes: many memories, and pipes between them";
const NEXT: &str = "cargo run -p ch03-generators";

#[rustfmt::skip]
const SECTIONS: &[Section] = &[
    Section { slug: "spinner", title: "A process is told through a pipe", run: spinner },
    Section { slug: "kill", title: "A process can be killed, and leaves things behind", run: kill },
    Section { slug: "full-pipe", title: "Who writes to a full pipe waits", run: full_pipe },
    Section { slug: "worker", title: "A worker starts from nothing", run: worker },
    Section { slug: "frames", title: "What crosses a pipe is bytes", run: frames },
    Section { slug: "primes", title: "A pool of processes is a queue and their answers", run: primes },
    Section { slug: "pool", title: "A pool that outlives its workers", run: pool::program },
    Section { slug: "lost-results", title: "An empty queue is not the end of the work", run: lost_results },
    Section { slug: "gone-too-soon", title: "A name may be gone before a child opens it", run: gone_too_soon },
    Section { slug: "stage", title: "A stage of a pipeline moves into a process", run: stage },
    Section { slug: "crash", title: "A process that crashes, crashes alone", run: crash },
    Section { slug: "tables", title: "Correct first, then faster", run: tables },
    Section { slug: "shared-memory", title: "Shared memory is shared bytes", run: shared_memory },
    Section { slug: "wrong-tool", title: "Who waits needs no process", run: wrong_tool },
    Section { slug: "costs", title: "What a process costs", run: costs },
    Section { slug: "queue", title: "A queue that outlives its processes", run: queue::program },
];

fn main() -> ExitCode {
    interrupt::install();
    interrupt::end(tour())
}

type Run = fn() -> Result<(), Box<dyn Error>>;

/// Runs a section, or what one of its flags stands for.
///
/// A flag without a help text makes this process a child of the section: it
/// talks to a parent through a pipe, and ends with it.
fn modes(args: &[String], demo: Run, flags: &[(&str, &str, Run)]) -> Outcome {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let known = |word| flags.iter().find(|(flag, ..)| *flag == word);
    match words[..] {
        [] => demo()?,
        ["--help" | "-h"] => {
            println!("{:<12}run the section", "");
            for (flag, help, _) in flags.iter().filter(|f| !f.1.is_empty()) {
                println!("{flag:<12}{help}");
            }
        }
        [word] => match known(word) {
            Some((_, "", _)) if io::stdin().is_terminal() => {
                let what = format!("`{word}` needs a parent, not a terminal");
                return Ok(usage_error(&what));
            }
            Some((_, "", run)) => child(*run)?,
            Some((.., run)) => run()?,
            None => {
                return Ok(usage_error(&format!(
                    "unexpected argument `{word}`"
                )));
            }
        },
        [.., word] => {
            return Ok(usage_error(&format!("unexpected argument `{word}`")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs a child, whose work is void once its parent no longer reads it.
fn child(run: Run) -> Result<(), Box<dyn Error>> {
    orphan::end_with_parent();
    match run() {
        Err(err) if is_broken_pipe(err.as_ref()) => Ok(()),
        done => done,
    }
}

fn is_broken_pipe(err: &(dyn Error + 'static)) -> bool {
    let err = err.downcast_ref::<io::Error>();
    err.is_some_and(|err| err.kind() == io::ErrorKind::BrokenPipe)
}

fn spinner(args: &[String]) -> Outcome {
    let fail = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--fail"] => true,
        ["--child"] if io::stdin().is_terminal() => {
            return Ok(usage_error("`--child` needs a parent, not a terminal"));
        }
        ["--child"] => {
            spinner::child::run();
            return Ok(ExitCode::SUCCESS);
        }
        ["--help" | "-h"] => {
            println!("--fail   let the slow call fail");
            return Ok(ExitCode::SUCCESS);
        }
        ["--fail" | "--child", other, ..] | [other, ..] => {
            return Ok(usage_error(&format!("unexpected argument `{other}`")));
        }
    };
    if spinner::demo(fail)?.is_none() {
        if io::stderr().is_terminal() {
            // It shows `^C`; what comes next starts a new line. If the
            // terminal is gone too, there is no line to leave.
            writeln!(io::stderr()).ok();
        }
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::SUCCESS)
}

fn kill(args: &[String]) -> Outcome {
    let hears: Run = || kill::child(false);
    let deaf: Run = || kill::child(true);
    let flags = [("--child", "", hears), ("--deaf-child", "", deaf)];
    modes(args, kill::demo, &flags)
}

fn full_pipe(args: &[String]) -> Outcome {
    let broken = full_pipe::demo_broken;
    let flags: [(_, _, Run); 3] = [
        ("--broken", "write first, read then: hangs", broken),
        ("--cat", "", full_pipe::cat),
        ("--gone", "", || Ok(())),
    ];
    modes(args, full_pipe::demo, &flags)
}

fn worker(args: &[String]) -> Outcome {
    modes(args, worker::demo, &[("--child", "", worker::child)])
}

fn frames(args: &[String]) -> Outcome {
    modes(args, frames::demo, &[("--child", "", frames::child)])
}

fn primes(args: &[String]) -> Outcome {
    let ordered = "answers in the order of the numbers";
    let flags: [(_, _, Run); 2] = [
        ("--ordered", ordered, primes::demo_ordered),
        ("--child", "", primes::child),
    ];
    modes(args, primes::demo, &flags)
}

fn lost_results(args: &[String]) -> Outcome {
    let flags: [(_, _, Run); 1] = [("--child", "", lost_results::child)];
    modes(args, lost_results::demo, &flags)
}

fn gone_too_soon(args: &[String]) -> Outcome {
    let flags: [(_, _, Run); 2] = [
        ("--child", "", gone_too_soon::child_by_name),
        ("--handed", "", gone_too_soon::child_by_handle),
    ];
    modes(args, gone_too_soon::demo, &flags)
}

fn stage(args: &[String]) -> Outcome {
    modes(args, stage::demo, &[("--child", "", stage::child)])
}

fn crash(args: &[String]) -> Outcome {
    let flags: [(_, _, Run); 2] = [
        ("--child", "", crash::child),
        ("--child-with-thread", "", crash::child_with_thread),
    ];
    modes(args, crash::demo, &flags)
}

fn tables(args: &[String]) -> Outcome {
    modes(args, tables::demo, &[("--child", "", tables::child)])
}

fn shared_memory(args: &[String]) -> Outcome {
    let flags: [(_, _, Run); 1] = [("--child", "", shared_memory::child)];
    modes(args, shared_memory::demo, &flags)
}

fn wrong_tool(args: &[String]) -> Outcome {
    let flags: [(_, _, Run); 1] = [("--child", "", wrong_tool::child)];
    modes(args, wrong_tool::demo, &flags)
}

fn costs(args: &[String]) -> Outcome {
    modes(args, costs::demo, &[("--child", "", costs::child)])
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
