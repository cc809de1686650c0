//! Sockets as objects: like std's, but for the `await`.

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;

use mio::Token;
use mio::event::Source;
use mio::net::{TcpListener, TcpStream};

use super::net::{Net, Readiness, Side};
use super::os::{Os, Shared};
use crate::coroutine::Raised;

/// How many reads a task may do in a row before the others have their turn.
///
/// A client that sends faster than we read is always ready.
const BUDGET: u32 = 16;

/// A socket that is registered for as long as it is open.
struct Socket<S: Source> {
    /// Empty once it is closed.
    source: RefCell<Option<S>>,
    readiness: Rc<Readiness>,
    token: Token,
    net: Rc<Net>,
}

impl<S: Source> Socket<S> {
    fn new(shared: &Shared, mut source: S) -> io::Result<Rc<Self>> {
        let net = shared.net.clone().ok_or(io::ErrorKind::Unsupported)?;
        let (token, readiness) = net.enter(&mut source)?;
        Ok(Rc::new(Socket {
            source: RefCell::new(Some(source)),
            readiness,
            token,
            net,
        }))
    }

    /// Does `io`, and waits first for as long as it would block.
    async fn attempt<T>(
        &self,
        os: &Os,
        side: &Side,
        mut io: impl FnMut(&S) -> io::Result<T>,
    ) -> Result<T, Raised> {
        loop {
            if side.ready.get() {
                match self.with(&mut io) {
                    Err(err) if err.kind() == io::ErrorKind::WouldBlock => {
                        side.ready.set(false);
                    }
                    Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                    done => return Ok(done?),
                }
            } else {
                os.block(&side.queue).await?;
            }
        }
    }

    fn with<T>(&self, io: impl FnOnce(&S) -> io::Result<T>) -> io::Result<T> {
        let source = self.source.borrow();
        io(source.as_ref().ok_or(io::ErrorKind::NotConnected)?)
    }

    /// Closes it. The tasks that wait for it are woken, and find it closed.
    fn close(&self) {
        let source = self.source.borrow_mut().take();
        if let Some(mut source) = source {
            self.net.leave(&mut source, self.token);
            self.readiness.read.open();
            self.readiness.write.open();
        }
    }
}

impl<S: Source> Drop for Socket<S> {
    fn drop(&mut self) {
        self.close();
    }
}

/// A socket that clients connect to.
pub struct Listener {
    socket: Rc<Socket<TcpListener>>,
}

impl Os {
    /// Listens at `address`; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// The system's; `Unsupported` in a simulation.
    pub fn listen(&self, address: SocketAddr) -> io::Result<Listener> {
        Listener::bind(&self.shared, address)
    }

    /// Connects to `address`.
    ///
    /// # Errors
    ///
    /// The system's; `Unsupported` in a simulation.
    pub async fn connect(&self, address: SocketAddr) -> Result<Stream, Raised> {
        let stream = TcpStream::connect(address)?;
        let stream = Stream::new(&self.shared, stream)?;
        let write = &stream.socket.readiness.write;
        // Not before the system has said so: it is on its way.
        write.ready.set(false);
        let connected = |stream: &TcpStream| match stream.take_error()? {
            Some(err) => Err(err),
            None => match stream.peer_addr() {
                // Woken too early.
                Err(err) if err.kind() == io::ErrorKind::NotConnected => {
                    Err(io::ErrorKind::WouldBlock.into())
                }
                done => done,
            },
        };
        stream.socket.attempt(self, write, connected).await?;
        Ok(stream)
    }

    /// Waits until the doorbell has been rung.
    ///
    /// # Errors
    ///
    /// `Unsupported` in a simulation, which has no outside.
    pub async fn rung(&self) -> Result<(), Raised> {
        let net = self.shared.net.clone();
        let net = net.ok_or(io::Error::from(io::ErrorKind::Unsupported))?;
        while !net.rung.get() {
            self.block(&net.bell).await?;
        }
        Ok(())
    }
}

impl Listener {
    pub(super) fn bind(
        shared: &Shared,
        address: SocketAddr,
    ) -> io::Result<Self> {
        let socket = Socket::new(shared, TcpListener::bind(address)?)?;
        Ok(Listener { socket })
    }

    /// Returns where it listens.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.with(TcpListener::local_addr)
    }

    /// Waits for a client.
    ///
    /// # Errors
    ///
    /// The system's: that of one client, or that there is no more room. The
    /// listener is as good as before.
    pub async fn accept(&self, os: &Os) -> Result<Stream, Raised> {
        let side = &self.socket.readiness.read;
        let accepted = self.socket.attempt(os, side, TcpListener::accept);
        let (stream, _) = accepted.await?;
        Ok(Stream::new(&os.shared, stream)?)
    }
}

/// A connection. Clones are handles to the same one.
#[derive(Clone)]
pub struct Stream {
    socket: Rc<Socket<TcpStream>>,
    spent: Rc<Cell<u32>>,
}

impl Stream {
    fn new(shared: &Shared, stream: TcpStream) -> io::Result<Self> {
        let (socket, spent) = (Socket::new(shared, stream)?, Rc::default());
        Ok(Stream { socket, spent })
    }

    /// Reads what there is, and waits first if there is nothing.
    ///
    /// Returns how much it was: 0 once the other side has said its last.
    ///
    /// # Errors
    ///
    /// The connection's; `NotConnected` if another task closes it meanwhile.
    pub async fn recv(
        &self,
        os: &Os,
        buffer: &mut [u8],
    ) -> Result<usize, Raised> {
        self.spent.set(self.spent.get() + 1);
        if self.spent.get() > BUDGET {
            self.spent.set(0);
            os.pause().await?;
        }
        let Readiness { read, ended, .. } = &*self.socket.readiness;
        let receive = |mut stream: &TcpStream| stream.read(buffer);
        let n = self.socket.attempt(os, read, receive).await?;
        // Less than there was room for, so there is no more: asking for it
        // would be a system call for nothing. Windows wants to be asked.
        if cfg!(unix) && n < buffer.len() && !ended.get() {
            read.ready.set(false);
        }
        Ok(n)
    }

    /// Writes all of `bytes`, in as many parts as the other side takes.
    ///
    /// # Errors
    ///
    /// The connection's. A part may have been written.
    pub async fn send(&self, os: &Os, mut bytes: &[u8]) -> Result<(), Raised> {
        let write = &self.socket.readiness.write;
        while !bytes.is_empty() {
            let send = |mut stream: &TcpStream| stream.write(bytes);
            let n = self.socket.attempt(os, write, send).await?;
            bytes = &bytes[n..];
        }
        Ok(())
    }

    /// Says that nothing more will be sent; the other side may go on.
    ///
    /// # Errors
    ///
    /// The connection's.
    pub fn finish(&self) -> io::Result<()> {
        self.socket.with(|stream| stream.shutdown(Shutdown::Write))
    }

    /// Closes the connection, whatever other handles there are.
    ///
    /// The tasks that wait for it get an error, `NotConnected`.
    pub fn close(&self) {
        self.socket.close();
    }
}
