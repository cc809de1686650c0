//! Five echo servers, one command line, and the clients that all five meet.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Barrier;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use clap::Parser;
use tokio_util::sync::CancellationToken;
use tour::{Program, with_options};

use crate::serve::program::{ServeArgs, run_blocking};
use crate::serve::{Ended, Limits};

/// Serves until the token is cancelled, then drains.
pub type Serve =
    fn(TcpListener, Limits, CancellationToken) -> io::Result<Ended>;

/// How many clients come at once, and how many messages each sends.
const CROWD: usize = 50;
const MESSAGES: usize = 20;
/// Longer than anything here takes, so that a mistake is an error.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// A server on a thread of its own; dropping this tells it to end.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    stop: CancellationToken,
    thread: Option<JoinHandle<io::Result<Ended>>>,
}

impl Running {
    /// Starts a server on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// There is no port to be had.
    pub fn start(serve: Serve, limits: Limits) -> io::Result<Running> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let token = stop.clone();
        let run = move || serve(listener, limits, token);
        let thread = Some(thread::Builder::new().spawn(run)?);
        Ok(Running {
            address,
            stop,
            thread,
        })
    }

    /// Tells the server to end, and waits for it.
    ///
    /// # Errors
    ///
    /// The server's.
    pub fn stop(mut self) -> io::Result<Ended> {
        self.stop.cancel();
        let thread = self.thread.take().expect("only `stop` takes it");
        thread.join().expect("a server does not panic")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Sends the same clients to whichever server it is handed.
///
/// # Errors
///
/// The server cannot be started, or loses one of them.
pub fn trial(serve: Serve) -> io::Result<()> {
    let server = Running::start(serve, Limits::default())?;
    let mut silent = connect(server.address)?;
    println!("1 connects, and is silent");

    let mut second = connect(server.address)?;
    println!("2 sends \"hello\", gets {:?}", ask(&mut second, "hello")?);

    let start = Barrier::new(CROWD);
    let own = thread::scope(|scope| {
        let crowd: Vec<_> = (0..CROWD)
            .map(|n| {
                let (address, start) = (server.address, &start);
                scope.spawn(move || one_of_many(address, n, start))
            })
            .collect();
        let mut own = 0;
        for client in crowd {
            own += client.join().expect("a client does not panic")?;
        }
        io::Result::Ok(own)
    })?;
    println!(
        "{CROWD} come at once, send {MESSAGES} messages each, \
         and get {own} of their own back"
    );

    // Half of a goodbye: it sends no more, and can still read.
    second.shutdown(Shutdown::Write)?;
    let mut rest = vec![];
    second.read_to_end(&mut rest)?;
    println!("2 is done, gets {} bytes more and the end", rest.len());
    println!(
        "1 sends \"at last\", gets {:?}",
        ask(&mut silent, "at last")?
    );
    // It stays connected: a server that is told to end has to end it.
    let Ended { accepted, cut } = server.stop()?;
    println!("the server ends: {accepted} served, {cut} cut off");
    let n = silent.read_to_end(&mut rest)?;
    println!("1 gets {n} bytes more and the end");
    Ok(())
}

/// Returns how many messages came back as they were sent; each says whose it
/// is.
fn one_of_many(
    address: SocketAddr,
    n: usize,
    start: &Barrier,
) -> io::Result<usize> {
    let client = connect(address);
    start.wait();
    let mut client = client?;
    let mut own = 0;
    for i in 0..MESSAGES {
        let message = format!("client {n}, message {i}");
        own += usize::from(ask(&mut client, &message)? == message);
    }
    Ok(own)
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let client = TcpStream::connect(address)?;
    client.set_read_timeout(Some(READ_TIMEOUT))?;
    client.set_write_timeout(Some(READ_TIMEOUT))?;
    client.set_nodelay(true)?;
    Ok(client)
}

/// Sends a text, and reads as many bytes.
fn ask(client: &mut TcpStream, text: &str) -> io::Result<String> {
    client.write_all(text.as_bytes())?;
    let mut echo = vec![0; text.len()];
    client.read_exact(&mut echo)?;
    Ok(String::from_utf8_lossy(&echo).into_owned())
}

/// The options of an echo server
#[derive(Parser)]
#[command(about = None, long_about = None)]
#[command(after_help = "Without --port: a demonstration with 52 clients.")]
// They are about HTTP.
#[command(mut_arg("header_timeout", |arg| arg.hide(true)))]
#[command(mut_arg("request_timeout", |arg| arg.hide(true)))]
struct Args {
    #[command(flatten)]
    server: ServeArgs,
}

/// Runs the server with `--port`, the trial without.
pub fn echo_server(serve: Serve) -> Program {
    with_options(move |Args { server }| match server.port {
        Some(port) => run_blocking(&server, port, serve),
        None => {
            trial(serve)?;
            Ok(ExitCode::SUCCESS)
        }
    })
}

/// Calls `act` on a thread of its own once the token is cancelled.
///
/// For servers that wait in the system and not in a runtime.
///
/// # Errors
///
/// There is no thread to be had.
pub fn when_cancelled(
    token: &CancellationToken,
    act: impl FnOnce() + Send + 'static,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let token = token.clone();
    thread::Builder::new()
        .name("waits for the end".to_string())
        .spawn(move || {
            runtime.block_on(token.cancelled());
            act();
        })?;
    Ok(())
}
