//! A client that does not ask may not keep its connection for ever.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Fails a read that waits too long for a request: to begin, or to be whole.
///
/// The time for a request begins with the first byte after the last answer: of
/// what came with the request before it, it is not known here to which it belongs.
///
/// Hyper has one limit for both, sets a timer for each request and takes it
/// away when the head is there. Here a connection has one timer, which is moved
/// when it goes off too early, and that is seldom.
pub struct HeadLimit<'a, S> {
    stream: S,
    idle: Duration,
    header: Duration,
    /// How many answers are in the making: then the client waits.
    answering: &'a AtomicU64,
    /// An answer is on its way, and the client does not take it.
    writing: bool,
    /// Set by the first read, and then for good.
    turn: Option<Turn>,
    timer: Option<Pin<Box<Sleep>>>,
}

/// How long the client has, unless there is an answer for it meanwhile.
#[derive(Clone, Copy)]
struct Turn {
    /// A part of its request is there.
    has_begun: bool,
    until: Instant,
}

impl<'a, S> HeadLimit<'a, S> {
    /// Wraps a stream. The client has `idle` to begin a request and `header`
    /// to send its head; while `answering` is not 0, all the time it wants.
    pub fn new(
        stream: S,
        idle: Duration,
        header: Duration,
        answering: &'a AtomicU64,
    ) -> HeadLimit<'a, S> {
        HeadLimit {
            stream,
            idle,
            header,
            answering,
            writing: false,
            turn: None,
            timer: None,
        }
    }

    fn limited(
        &mut self,
        cx: &mut Context<'_>,
        read: Poll<io::Result<()>>,
    ) -> Poll<io::Result<()>> {
        let its_turn = !self.writing && self.answering.load(Relaxed) == 0;
        let has_begun = its_turn && read.is_ready();
        let turn = match self.turn {
            // Another byte of a request does not buy more time.
            Some(turn) if its_turn && turn.has_begun >= has_begun => turn,
            _ => self.begin(has_begun),
        };
        match read {
            Poll::Ready(read) => Poll::Ready(read),
            // Also if it is not the client's turn: no read may come here again
            // before the answer has gone and the client is late.
            Poll::Pending => self.late(cx, turn).map(Err),
        }
    }

    fn begin(&mut self, has_begun: bool) -> Turn {
        let limit = if has_begun { self.header } else { self.idle };
        let until = Instant::now() + limit;
        *self.turn.insert(Turn { has_begun, until })
    }

    /// Is ready when the client is late.
    fn late(&mut self, cx: &mut Context<'_>, turn: Turn) -> Poll<io::Error> {
        let set = || Box::pin(sleep_until(turn.until));
        let timer = self.timer.get_or_insert_with(set);
        if timer.deadline() > turn.until {
            timer.as_mut().reset(turn.until);
        }
        loop {
            ready!(timer.as_mut().poll(cx));
            if timer.deadline() == turn.until {
                break;
            }
            // It was set for a request that has come: seldom, as promised.
            timer.as_mut().reset(turn.until);
        }
        let text = match turn.has_begun {
            true => "the client does not send its request",
            false => "the client does not ask",
        };
        Poll::Ready(io::Error::new(ErrorKind::TimedOut, text))
    }

    fn written<T>(&mut self, written: Poll<T>) -> Poll<T> {
        self.writing = written.is_pending();
        // What has been read until now has its answer, as far as we know.
        self.begin(false);
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for HeadLimit<'_, S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.limited(cx, read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for HeadLimit<'_, S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let stream = Pin::new(&mut self.stream);
        let written = stream.poll_write_vectored(cx, slices);
        self.written(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
