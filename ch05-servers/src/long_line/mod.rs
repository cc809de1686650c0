//! A line without an end is read until the memory is full.
//!
//! `read_line` has no limit, and one byte that is no UTF-8 is an error. The
//! cure reads bytes, up to a limit, and finds the next line.
//!
//! cargo run -p ch05-servers -- long-line

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::thread;

/// The longest line, its end included.
const LIMIT: usize = 1024;

/// Answers each line with its length, however long it is.
///
/// Returns how many bytes the longest had in memory.
///
/// # Errors
///
/// The connection's; or the line was not UTF-8.
pub fn serve_broken(client: &TcpStream) -> io::Result<usize> {
    let (mut reader, mut out) = (BufReader::new(client), client);
    let mut line = String::new();
    let mut most = 0;
    while reader.read_line(&mut line)? > 0 {
        most = most.max(line.len());
        writeln!(out, "{} characters", line.trim_end().chars().count())?;
        line.clear();
    }
    Ok(most)
}

/// Answers each line with its length, or says that it is too long.
///
/// Returns how many bytes the longest had in memory.
///
/// # Errors
///
/// The connection's.
pub fn serve(client: &TcpStream) -> io::Result<usize> {
    let (mut reader, mut out) = (BufReader::new(client), client);
    let mut line = Vec::new();
    let mut most = 0;
    while let Some(whole) = read_line(&mut reader, &mut line)? {
        most = most.max(line.len());
        if whole {
            // Bytes that are not UTF-8 become U+FFFD: a character, no error.
            let text = String::from_utf8_lossy(&line);
            writeln!(out, "{} characters", text.trim_end().chars().count())?;
        } else {
            writeln!(out, "too long")?;
        }
    }
    Ok(most)
}

/// Reads a line; says whether all of it fits. `None` is the end.
///
/// # Errors
///
/// The reader's.
pub fn read_line(
    reader: &mut impl BufRead,
    line: &mut Vec<u8>,
) -> io::Result<Option<bool>> {
    line.clear();
    let limit = LIMIT as u64;
    if reader.by_ref().take(limit).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    if line.ends_with(b"\n") || line.len() < LIMIT {
        return Ok(Some(true));
    }
    // The rest is skipped, a buffer at a time, so that the next line is one.
    reader.skip_until(b'\n')?;
    Ok(Some(false))
}

/// Sends both servers a short line, one that is no UTF-8, and a long one.
pub fn demo() {
    type Serve = fn(&TcpStream) -> io::Result<usize>;
    let servers = [("read_line", serve_broken as Serve), ("limited", serve)];
    for (name, serve) in servers {
        show(name, serve).expect("the loopback interface is there");
    }
}

fn show(
    name: &str,
    serve: fn(&TcpStream) -> io::Result<usize>,
) -> io::Result<()> {
    println!("{name}");
    let long = vec![b'x'; 8 * 1024 * 1024];
    for (what, sent) in [
        (
            "8 MiB, then a short line",
            [&long[..], b"\nshort\n"].concat(),
        ),
        ("a byte that is no UTF-8", b"caf\xe9\nshort\n".to_vec()),
    ] {
        let (answer, served) = exchange(serve, sent)?;
        println!("  {what}: {}", answer.trim_end().replace('\n', ", "));
        match served {
            Ok(most) if most > 1 << 20 => {
                println!("    a line has had {} MiB", most >> 20);
            }
            Ok(most) => println!("    a line has had {most} bytes"),
            Err(err) => println!("    and the connection was lost: {err}"),
        }
    }
    Ok(())
}

/// Returns what the client got, and how the server ended.
fn exchange(
    serve: fn(&TcpStream) -> io::Result<usize>,
    sent: Vec<u8>,
) -> io::Result<(String, io::Result<usize>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let (stream, _) = listener.accept()?;
    thread::scope(|scope| {
        let server = scope.spawn(move || {
            let served = serve(&stream);
            // Reads on, so that the answers are not lost with a reset.
            stream.shutdown(Shutdown::Write)?;
            io::copy(&mut &stream, &mut io::sink())?;
            served
        });
        client.write_all(&sent)?;
        client.shutdown(Shutdown::Write)?;
        let mut answer = String::new();
        client.read_to_string(&mut answer)?;
        Ok((answer, server.join().expect("a server does not panic")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Option<usize>> {
        let (mut reader, mut line) = (bytes, vec![]);
        let mut lines = vec![];
        while let Some(whole) = read_line(&mut reader, &mut line).unwrap() {
            lines.push(whole.then_some(line.len()));
        }
        lines
    }

    #[test]
    fn the_limit_fits_and_one_more_does_not() {
        let mut bytes = vec![b'x'; LIMIT - 1];
        bytes.push(b'\n');
        assert_eq!(lines(&bytes), [Some(LIMIT)]);
        bytes.insert(0, b'x');
        bytes.extend(b"next\n");
        assert_eq!(lines(&bytes), [None, Some(5)]);
    }

    #[test]
    fn the_last_line_needs_no_newline() {
        assert_eq!(lines(b"one\ntwo"), [Some(4), Some(3)]);
        assert_eq!(lines(&vec![b'x'; LIMIT * 3]), [None]);
        assert_eq!(lines(b""), []);
    }
}
