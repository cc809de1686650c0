//! The same service without async: the same answers, and threads that wait.
//!
//! The finder's own routes, behind a thread for each client. A function that
//! computes an answer can be called by either server.
//!
//! cargo run -p ch05-servers -- sync
//! cargo run -p ch05-servers -- sync --port 8000

use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::echo_threads::serve_each;
use crate::finder::Index;
use crate::serve::blocking::session;
use crate::serve::http::Metrics;
use crate::serve::{Ended, Limits};
use crate::web::answer;

pub mod demo;
pub mod program;

/// Serves the finder, a thread for each connection, until `stop`.
///
/// # Errors
///
/// The listener's address cannot be had, or no thread to wait for the end.
pub fn serve(
    index: Index,
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Ended> {
    let metrics = Metrics::default();
    let handle = move |client: &TcpStream| {
        session(client, &metrics, |request| answer(request, Some(&index)))
    };
    serve_each(listener, limits, stop, Arc::new(handle))
}
