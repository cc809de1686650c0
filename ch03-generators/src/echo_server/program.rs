//! The command line, and the server as its own client.

use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use lexopt::{Arg, Parser};

use super::serve;
use crate::coroutine::Raised;
use crate::interrupt;
use crate::kernel::{Os, Scheduler};
use crate::options::number;

/// The options, for a person.
pub const HELP: &str = "\
A TCP echo server under a scheduler of our own

Usage: cargo run -p ch03-generators -- echo-server [OPTIONS]

  --port PORT              serve on 127.0.0.1 at this port until Ctrl-C;
                           0 takes a free one
  --drain-timeout SECONDS  after Ctrl-C, wait so long for clients (default 2)

Without --port: a demonstration with three clients.";

/// What the command line says.
pub struct Options {
    port: Option<u16>,
    drain: Duration,
}

impl Options {
    /// Reads the options.
    ///
    /// # Errors
    ///
    /// An unknown option, or a value that is none.
    pub fn parse(mut parser: Parser) -> Result<Self, lexopt::Error> {
        let (mut port, mut drain) = (None, 2);
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("port") => {
                    port = Some(number(&mut parser, "--port", 0..=u16::MAX)?);
                }
                Arg::Long(name @ "drain-timeout") => {
                    let name = format!("--{name}");
                    drain = number(&mut parser, &name, 0..=86_400)?;
                }
                other => return Err(other.unexpected()),
            }
        }
        let drain = Duration::from_secs(drain);
        Ok(Options { port, drain })
    }
}

/// Serves with `--port`, and serves itself without.
///
/// # Errors
///
/// The port cannot be had; the message names the address.
pub fn demo(options: Options) -> Result<(), Box<dyn Error>> {
    let mut scheduler = Scheduler::new()?;
    scheduler.on_unseen(|tid, failure| log(&format!("{tid} lost: {failure}")));
    let address: SocketAddr =
        ([127, 0, 0, 1], options.port.unwrap_or_default()).into();
    let listener = scheduler
        .listen(address)
        .map_err(|err| format!("cannot listen on {address}: {err}"))?;
    let address = listener.address()?;
    let doorbell = scheduler.doorbell();
    if options.port.is_some() {
        interrupt::instead(move || doorbell.ring());
        println!("listening on {address}");
    } else {
        scheduler.spawn(move |os| async move {
            visit(&os, address).await?;
            doorbell.ring();
            Ok(())
        });
    }
    let main = scheduler.spawn(|os| serve(os, listener, options.drain));
    Ok(scheduler.run_main(main)?)
}

/// Writes a line of the log. A server outlives whoever read it.
pub(super) fn log(line: &str) {
    writeln!(io::stderr(), "{line}").ok();
}

/// Is three clients at once, of which the first is the last to speak.
async fn visit(os: &Os, address: SocketAddr) -> Result<(), Raised> {
    let mut clients = Vec::new();
    for name in ["first", "second", "third"] {
        clients.push((name, os.connect(address).await?));
    }
    for (name, client) in clients.iter().rev() {
        client
            .send(os, format!("hello from the {name}").as_bytes())
            .await?;
        let mut buffer = [0; 64];
        let n = client.recv(os, &mut buffer).await?;
        println!("{}", String::from_utf8_lossy(&buffer[..n]));
    }
    Ok(())
}
