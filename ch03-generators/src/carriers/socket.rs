//! A stage behind a socket.

use std::io;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use crate::coroutine::Raised;

use super::{Link, Make, Report, frame};

/// The near end of a connection.
pub struct Socket {
    stream: TcpStream,
    /// `None` where another program runs the far end.
    server: Option<JoinHandle<io::Result<()>>>,
}

impl Socket {
    /// Connects to a far end that a thread of this process serves.
    ///
    /// # Errors
    ///
    /// The system's, when it has no port.
    pub fn start(make: Make) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        // Before the thread: the system connects without it, and if it does
        // not, no thread waits for a client that never comes.
        let mut near = Socket::connect(listener.local_addr()?)?;
        near.server = Some(thread::spawn(move || {
            let (stream, _) = listener.accept()?;
            frame::far_end(&stream, &stream, make)?;
            // Closing before all is read would reset the connection, and the
            // answer could be lost. So an error waits for the stream's end.
            io::copy(&mut &stream, &mut io::sink()).map(|_| ())
        }));
        Ok(near)
    }

    /// Connects to a far end.
    ///
    /// # Errors
    ///
    /// The system's, when no program listens there.
    pub fn connect(address: std::net::SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        // A line is sent when it is sent, not when there are more.
        stream.set_nodelay(true)?;
        Ok(Socket {
            stream,
            server: None,
        })
    }
}

impl Link for Socket {
    fn send(&mut self, line: String) -> io::Result<()> {
        frame::write(&self.stream, &line)
    }

    fn finish(&mut self) -> Result<Report, Raised> {
        // One direction ends, the other one still brings the answer. The far
        // end may have closed both already, and then this fails.
        self.stream.shutdown(Shutdown::Write).ok();
        let answer = frame::read_answer(&self.stream);
        if let Some(server) = self.server.take() {
            server
                .join()
                .map_err(|_| Raised::message("the server panicked"))??;
        }
        answer
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // The report is dropped. After `finish`, the stream has ended.
        self.finish().ok();
    }
}
