//! Serves the live book; `cargo xtask book --live` builds and starts it.

use std::env;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Parser;
use live::gate::Gate;
use live::reaper;
use live::server::{self, Live};
use tokio::net::TcpListener;

/// Serves the live book on loopback
#[derive(Parser)]
struct Options {
    /// The checkout that the book is about
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The book that was built of it; by default `target/book` there
    #[arg(long, value_name = "DIR")]
    book: Option<PathBuf>,
    /// The folder that cargo builds in; by default `target` there
    #[arg(long, value_name = "DIR")]
    target: Option<PathBuf>,
    /// Where edits are kept; by default `live` in the folder that cargo builds in
    #[arg(long, value_name = "DIR")]
    edits: Option<PathBuf>,
    /// The program that checks exercises; by default `cargo xtask`
    #[arg(long, value_name = "FILE")]
    runner: Option<PathBuf>,
    /// The port; by default a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Show it in a browser
    #[arg(long)]
    open: bool,
    /// End what a server has left behind, when it is gone
    #[arg(long, value_names = ["NAME", "DIR"], num_args = 2, hide = true)]
    reaper: Option<Vec<String>>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    if let Some([name, workspace]) = options.reaper.as_deref() {
        reaper::reap(name, workspace.as_ref());
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("a runtime")?;
    runtime.block_on(serve(options))
}

async fn serve(options: Options) -> Result<()> {
    let root = options.root.canonicalize().context("the checkout")?;
    let target = options.target.unwrap_or_else(|| root.join("target"));
    let target = std::path::absolute(target)?;
    let live = Live::new(server::Options {
        book: options.book.unwrap_or_else(|| target.join("book")),
        root,
        edits: options.edits.unwrap_or_else(|| target.join("live")),
        target,
        runner: options.runner,
        program: env::current_exe().context("this program")?,
    })?;
    end_with_signals(&live)?;
    let watcher = live.watch();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port));
    let listener = listener.await.context("a port of loopback")?;
    let port = listener.local_addr()?.port();
    let gate = Gate::new(port);
    println!("{}", gate.url());
    eprintln!(
        "the live book builds and runs what you type into it, as you; \
         Ctrl-C ends it"
    );
    if env::var_os("SSH_CONNECTION").is_some() {
        eprintln!(
            "from your own machine: ssh -L {port}:127.0.0.1:{port} and the \
             name of this one, then open the address there"
        );
    }
    if !live.has_python() {
        eprintln!("python3, 3.11 or newer, is not here: no twin will run");
    }
    let _watcher = watcher
        .inspect_err(|why| {
            eprintln!("changes of the checkout are not noticed: {why:#}");
        })
        .ok();
    if options.open {
        subprocess::show(gate.url().as_ref()).unwrap_or_else(|why| {
            eprintln!("{why}");
        });
    }
    let served = server::serve(live.clone(), gate, listener).await;
    live.reaper.end_all();
    served
}

/// Makes Ctrl-C, SIGTERM and SIGHUP end the programs, too.
fn end_with_signals(live: &Arc<Live>) -> Result<()> {
    let live = live.clone();
    let listening = signals::listen(move |signal| {
        live.reaper.end_all();
        signal.end();
    });
    listening.context("signals")?;
    signals::restore_for_children().context("signals")
}
