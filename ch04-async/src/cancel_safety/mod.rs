//! A read that is dropped half-way takes what it has read with it.
//!
//! `read_line` collects in its own future until the newline is there. Drop that
//! future, in `select!` or a timeout, and the half line is gone.
//!
//! cargo run -p ch04-async -- cancel-safety --paused

use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader,
};
use tokio::time;

mod methods;

pub use methods::second_calls;

/// How long a reader waits before it does something else.
pub const TICK: Duration = Duration::from_millis(10);

/// Reads lines, and starts each read anew after a tick.
///
/// # Errors
///
/// The stream's; the lines so far are lost.
pub async fn lines_broken(
    mut stream: impl AsyncBufRead + Unpin,
) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        tokio::select! {
            biased;
            read = stream.read_line(&mut line) => match read? {
                0 => return Ok(lines),
                _ => lines.push(line.trim_end().to_string()),
            },
            // The read is dropped, and half a line in it.
            () = time::sleep(TICK) => {}
        }
    }
}

/// Reads lines with a reader that keeps the half line itself.
///
/// `Lines::next_line` is cancel safe: its documentation says so.
///
/// # Errors
///
/// As [`lines_broken`].
pub async fn lines(
    stream: impl AsyncBufRead + Unpin,
) -> io::Result<Vec<String>> {
    let mut stream = stream.lines();
    let mut lines = Vec::new();
    loop {
        tokio::select! {
            biased;
            line = stream.next_line() => match line? {
                None => return Ok(lines),
                Some(line) => lines.push(line),
            },
            () = time::sleep(TICK) => {}
        }
    }
}

/// Reads to the end with one future that is kept over all ticks.
///
/// The cure where no cancel-safe method exists: make the future once, outside
/// of the loop, and select on `&mut` of it.
///
/// # Errors
///
/// The stream's.
pub async fn whole(mut stream: impl AsyncRead + Unpin) -> io::Result<String> {
    use tokio::io::AsyncReadExt;
    let mut text = String::new();
    let mut read = pin!(stream.read_to_string(&mut text));
    loop {
        tokio::select! {
            biased;
            read = &mut read => {
                read?;
                break;
            }
            () = time::sleep(TICK) => {}
        }
    }
    Ok(text)
}

/// Makes a stream in which pieces arrive with three ticks between them.
pub fn pieces(pieces: Vec<String>) -> BufReader<impl AsyncRead + Unpin> {
    let (mut writer, reader) = tokio::io::duplex(64);
    tokio::spawn(async move {
        for piece in pieces {
            // A reader that went away wants no more of it.
            if writer.write_all(piece.as_bytes()).await.is_err() {
                return;
            }
            time::sleep(3 * TICK).await;
        }
    });
    BufReader::new(reader)
}

/// Reads the same pieces in three ways.
pub async fn demo() {
    let cut = ["hel", "lo\nwor", "ld\n", "whole\n"];
    let cut = || pieces(cut.map(String::from).to_vec());
    println!(
        "read_line, anew after a tick: {:?}",
        lines_broken(cut()).await
    );
    println!("next_line, anew after a tick: {:?}", lines(cut()).await);
    println!("one read for all ticks: {:?}", whole(cut()).await);
    println!("dropped half-way, and called again");
    match second_calls().await {
        Ok(found) => {
            for (method, got) in found {
                println!("  {method}: {got:?}");
            }
        }
        Err(err) => println!("  {err}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred lines in a hundred pieces, cut anywhere.
    fn cut_at_random() -> (Vec<String>, Vec<String>) {
        let lines: Vec<_> = (0..100).map(|n| format!("line {n}")).collect();
        let text = lines.join("\n") + "\n";
        let mut random = fastrand::Rng::with_seed(7);
        let mut cuts: Vec<_> =
            (0..100).map(|_| random.usize(..text.len())).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|cut| text[cut[0]..cut[1]].into());
        (lines, pieces.collect())
    }

    #[tokio::test(start_paused = true)]
    async fn lines_cut_at_a_hundred_places_arrive_whole() {
        let (expected, cut) = cut_at_random();
        assert_eq!(lines(pieces(cut)).await.unwrap(), expected);
    }

    #[tokio::test]
    async fn four_methods_lose_nothing_when_dropped_and_four_do() {
        let found = second_calls().await.unwrap();
        let whole: Vec<_> = found
            .iter()
            .filter(|(_, got)| got == "hello")
            .map(|(method, _)| *method)
            .collect();
        assert_eq!(whole, ["next_line", "read", "recv", "accept"]);
        assert_eq!(found.len(), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_that_is_kept_loses_nothing() {
        let (expected, cut) = cut_at_random();
        let text = whole(pieces(cut)).await.unwrap();
        assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_that_is_dropped_loses_its_half_line() {
        let (expected, cut) = cut_at_random();
        let got = lines_broken(pieces(cut)).await.unwrap();
        let length = |lines: &[String]| lines.concat().len();
        assert!(length(&got) < length(&expected));
    }
}
