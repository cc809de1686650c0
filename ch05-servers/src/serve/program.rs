//! What the servers' command lines have in common.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime;
use tokio_util::sync::CancellationToken;
use tour::{parent, terminal};
use tracing::level_filters::LevelFilter;

use super::{Ended, Limits};
use crate::interrupt;

/// How many connects may wait to be accepted. std and tokio ask for 128.
const BACKLOG: u32 = 1024;

/// Where to serve, and what to grant; `#[command(flatten)]` it.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Server")]
pub struct ServeArgs {
    /// Serve on 127.0.0.1 at this port until Ctrl-C; 0 takes a free one
    #[arg(long, allow_negative_numbers = true)]
    pub port: Option<u16>,

    /// Serve at most N connections at once
    #[arg(long, value_name = "N", default_value_t = 512)]
    #[arg(value_parser = count, allow_negative_numbers = true)]
    pub max_conns: usize,

    /// Close a connection on which no request comes for this long
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    pub idle_timeout: Duration,

    /// Close a connection whose request has begun and does not arrive
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    pub header_timeout: Duration,

    /// Give up an answer that is not ready in time
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    pub request_timeout: Duration,

    /// Close a connection whose client takes no byte for this long
    #[arg(long, value_name = "SECONDS", default_value = "10")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    pub write_timeout: Duration,

    /// Have the system keep at most about this much for a client that does not
    /// read; by default it decides itself, and may keep megabytes
    #[cfg(unix)]
    #[arg(long, value_name = "BYTES")]
    #[arg(value_parser = count, allow_negative_numbers = true)]
    pub send_buffer: Option<usize>,

    /// After Ctrl-C, give the connections this long to end
    #[arg(long, value_name = "SECONDS", default_value = "5")]
    #[arg(value_parser = seconds, allow_negative_numbers = true)]
    pub drain_timeout: Duration,

    /// Share the port with other processes that have this option as well
    #[cfg(unix)]
    #[arg(long)]
    pub reuse_port: bool,

    /// Log warnings only, not a line for each request
    #[arg(long)]
    pub quiet: bool,

    /// End when standard input ends, as it does when the parent is gone
    #[arg(long, hide = true)]
    pub end_with_stdin: bool,
}

impl ServeArgs {
    /// Returns the limits that were asked for.
    pub fn limits(&self) -> Limits {
        Limits {
            connections: self.max_conns,
            idle: self.idle_timeout,
            header: self.header_timeout,
            request: self.request_timeout,
            write: self.write_timeout,
            drain: self.drain_timeout,
        }
    }
}

/// Serves at `port` until Ctrl-C, SIGTERM or SIGHUP, then drains; a second
/// signal ends the program at once.
///
/// Says `listening on ADDRESS` first. The server is handed its listener, its
/// limits and the token that the signal cancels.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn run<F, Fut>(
    args: &ServeArgs,
    port: u16,
    server: F,
) -> Result<ExitCode, Box<dyn Error>>
where
    F: FnOnce(TcpListener, Limits, CancellationToken) -> Fut,
    Fut: Future<Output = Ended>,
{
    begin(args)?;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = {
        let _inside = runtime.enter();
        #[cfg(unix)]
        let shared = args.reuse_port;
        #[cfg(not(unix))]
        let shared = false;
        listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), shared)?
    };
    #[cfg(unix)]
    bound_send_buffer(args, &listener)?;
    let (shutdown, _listening) = interrupt::on_interrupt();
    println!("listening on {}", listener.local_addr()?);
    runtime.block_on(server(listener, args.limits(), shutdown));
    // A connection that was cut off may be in the middle of a computation.
    runtime.shutdown_background();
    Ok(ExitCode::SUCCESS)
}

/// Does the same for a server that has its own way to wait.
///
/// # Errors
///
/// The port cannot be had; the message names the address. Or the server's.
pub fn run_blocking<F>(
    args: &ServeArgs,
    port: u16,
    server: F,
) -> Result<ExitCode, Box<dyn Error>>
where
    F: FnOnce(
        std::net::TcpListener,
        Limits,
        CancellationToken,
    ) -> io::Result<Ended>,
{
    begin(args)?;
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|err| format!("cannot listen on 127.0.0.1:{port}: {err}"))?;
    #[cfg(unix)]
    bound_send_buffer(args, &listener)?;
    let (shutdown, _listening) = interrupt::on_interrupt();
    println!("listening on {}", listener.local_addr()?);
    server(listener, args.limits(), shutdown)?;
    Ok(ExitCode::SUCCESS)
}

/// Does what must be done before a server listens.
fn begin(args: &ServeArgs) -> io::Result<()> {
    log_to_stderr(args.quiet);
    if args.end_with_stdin {
        parent::end_with_stdin()?;
    }
    Ok(())
}

/// Accepted sockets inherit the bound from their listener.
#[cfg(unix)]
fn bound_send_buffer(
    args: &ServeArgs,
    listener: impl std::os::fd::AsFd,
) -> io::Result<()> {
    match args.send_buffer {
        Some(bytes) => {
            let set = rustix::net::sockopt::set_socket_send_buffer_size;
            Ok(set(listener, bytes)?)
        }
        None => Ok(()),
    }
}

/// Listens with a long queue; to be called in a runtime.
///
/// A port that is `shared` may be had by several processes, where the system
/// knows that (Unix).
///
/// # Errors
///
/// The address cannot be had; the message names it.
pub fn listen(
    address: SocketAddr,
    shared: bool,
) -> Result<TcpListener, String> {
    let open = || -> io::Result<TcpListener> {
        let socket = TcpSocket::new_v4()?;
        // On Unix, so that a restart need not wait for the connections of the
        // last run to be forgotten. On Windows it means something else.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        #[cfg(unix)]
        socket.set_reuseport(shared)?;
        #[cfg(not(unix))]
        let _ = shared;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    open().map_err(|err| format!("cannot listen on {address}: {err}"))
}

/// Sends the log to stderr; the first call counts.
///
/// Escapes what would steer a terminal; the colours are its own.
pub fn log_to_stderr(quiet: bool) {
    let level = match quiet {
        true => LevelFilter::WARN,
        false => LevelFilter::INFO,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_target(false)
        .with_ansi(terminal::has_colours(&io::stderr()))
        .with_writer(io::stderr)
        // A server outlives the reader of its log.
        .log_internal_errors(false)
        .try_init()
        // Two servers in one process share a log.
        .ok();
}

/// Reads a positive number of seconds, at most a day.
///
/// # Errors
///
/// It is none; says what would be.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds")?;
    if !(0.001..=86_400.0).contains(&seconds) {
        return Err("must be from 0.001 to 86400 seconds".to_string());
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// Reads a count from 1 to a million.
///
/// # Errors
///
/// It is none; says what would be.
pub fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=1_000_000) => Ok(n),
        _ => Err("must be a number from 1 to 1000000".to_string()),
    }
}
