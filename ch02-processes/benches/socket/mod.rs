//! The same child as behind two pipes, behind a TCP connection.

use std::io::{self, BufReader};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command};

use ch02_processes::costs::Echo;
use ch02_processes::framing::{receive, send};

/// A process that has one socket as its stdin and stdout.
pub struct InSocket {
    child: Child,
    to: TcpStream,
    from: BufReader<TcpStream>,
}

impl InSocket {
    pub fn start(program: &Path) -> io::Result<InSocket> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let to = TcpStream::connect(listener.local_addr()?)?;
        let (far, _) = listener.accept()?;
        // Otherwise a short message may wait for the next one.
        to.set_nodelay(true)?;
        far.set_nodelay(true)?;
        let child = Command::new(program)
            .args(["costs", "--child"])
            .stdin(OwnedFd::from(far.try_clone()?))
            .stdout(OwnedFd::from(far))
            .spawn()?;
        let from = BufReader::new(to.try_clone()?);
        Ok(InSocket { child, to, from })
    }
}

impl Echo for InSocket {
    fn echo(&mut self, text: String) -> io::Result<String> {
        send(&mut self.to, &text)?;
        let came = receive(&mut self.from).map_err(io::Error::other)?;
        came.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl Drop for InSocket {
    fn drop(&mut self) {
        // The process has ended; the bench does not need its status.
        self.to.shutdown(Shutdown::Write).ok();
        self.child.wait().ok();
    }
}
