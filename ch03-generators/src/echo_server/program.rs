//! The command line, and the server as its own client.

use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use tour::{interrupt, terminal};

use super::serve;
use crate::coroutine::Raised;
use crate::kernel::{Os, Scheduler};

/// A TCP echo server under a scheduler of our own
#[derive(Parser)]
#[command(after_help = "Without --port: a demonstration with three clients.")]
pub struct Options {
    /// Serve on 127.0.0.1 at this port until Ctrl-C; 0 takes a free one
    #[arg(long, allow_negative_numbers = true)]
    port: Option<u16>,
    /// After Ctrl-C, wait so long for clients, at most a day
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=86_400))]
    #[arg(allow_negative_numbers = true)]
    drain_timeout: u64,
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
    let mut _listening = None;
    if options.port.is_some() {
        _listening = Some(interrupt::listen(move || {
            // The log goes on below the line that shows `^C`.
            terminal::fresh_line();
            doorbell.ring();
        }));
        println!("listening on {address}");
    } else {
        scheduler.spawn(move |os| async move {
            visit(&os, address).await?;
            doorbell.ring();
            Ok(())
        });
    }
    let drain = Duration::from_secs(options.drain_timeout);
    let main = scheduler.spawn(|os| serve(os, listener, drain));
    Ok(scheduler.run_main(main)?)
}

/// Writes a line of the log. A server goes on when its reader has gone.
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
