//! Sections that run well off a terminal, read to the end and left alone. Each
//! has one fault that a reader meets.

use std::cell::Cell;
use std::io::{self, IsTerminal, Read, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// Needs a terminal to fail, as a logger without its feature for colours.
pub fn panics_on_a_terminal() {
    println!("one");
    assert!(!io::stdout().is_terminal(), "no feature for colours");
}

/// Hides the cursor for an animation, and does not bring it back.
pub fn hides_the_cursor() {
    if io::stdout().is_terminal() {
        print!("\x1b[?25l");
    }
    println!("one");
}

/// Writes in red and does not end it.
pub fn stays_red() {
    if io::stdout().is_terminal() {
        print!("\x1b[31m");
    }
    println!("one");
}

/// Turns off the echo.
pub fn stops_the_echo() {
    println!("one");
    if io::stdin().is_terminal() {
        Command::new("stty").arg("-echo").status().unwrap();
    }
}

/// Ends within a line.
pub fn ends_within_a_line() {
    print!("one");
}

/// Starts a child and does not wait for it.
pub fn leaves_a_child() {
    let mut child = Command::new("sleep");
    child.arg("300").stdin(Stdio::null());
    child.stdout(Stdio::null()).stderr(Stdio::null());
    child.process_group(0).spawn().unwrap();
    println!("one");
}

/// Panics on purpose and lets the standard library report it.
pub fn prints_a_backtrace() {
    println!("one");
    std::panic::catch_unwind(|| panic!("on purpose")).unwrap_err();
}

/// Panics on purpose and reports it in a line.
pub fn panics_in_a_line() {
    println!("one");
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| eprintln!("panicked on purpose")));
    std::panic::catch_unwind(|| panic!("on purpose")).unwrap_err();
    std::panic::set_hook(usual);
}

struct Told(Cell<u32>);

impl Drop for Told {
    fn drop(&mut self) {
        println!("told {} times", self.0.get());
    }
}

thread_local! {
    static TOLD: Told = const { Told(Cell::new(0)) };
}

/// Prints in a destructor, which also runs where the process is told to end
/// because printing has failed.
pub fn prints_in_a_destructor() {
    TOLD.with(|told| told.0.set(1));
    println!("one");
}

/// Tells of a closed pipe as of an error.
pub fn tells_of_a_closed_pipe() {
    if let Err(err) = writeln!(io::stdout(), "one") {
        eprintln!("error: {err}");
        std::process::exit(1);
    }
}

/// Does not look whether it could print.
pub fn ignores_a_full_disk() {
    writeln!(io::stdout(), "one").ok();
}

/// Takes Ctrl-C for an error.
pub fn fails_at_ctrl_c() {
    println!("one");
    let mut shell = Command::new("sh");
    panic!(
        "{}",
        shell.args(["-c", "trap 'exit 3' INT; sleep 1"]).exec()
    );
}

/// A server at fault
#[derive(clap::Parser)]
pub struct Server {
    /// Serve at this port
    #[arg(long)]
    port: Option<u16>,
}

/// A server that SIGTERM does not end.
pub fn deaf_server(options: Server) -> io::Result<()> {
    if options.port.is_none() {
        println!("one");
        return Ok(());
    }
    if std::env::var_os("DEAF").is_some() {
        return serve();
    }
    // What is ignored stays ignored in the program that a shell becomes.
    let mut deaf = Command::new("sh");
    deaf.args(["-c", "trap '' TERM; exec \"$0\" deaf-server --port 0"]);
    Err(deaf.arg(std::env::current_exe()?).env("DEAF", "1").exec())
}

/// A server that takes the request and closes.
pub fn mute_server(options: Server) -> io::Result<()> {
    if options.port.is_none() {
        println!("one");
        return Ok(());
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("listening on {}", listener.local_addr()?);
    for stream in listener.incoming() {
        stream?.read(&mut [0; 1024])?;
    }
    Ok(())
}

fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("listening on {}", listener.local_addr()?);
    for stream in listener.incoming() {
        let mut stream = stream?;
        let n = stream.read(&mut [0; 1024])?;
        writeln!(stream, "{n} bytes")?;
    }
    Ok(())
}
