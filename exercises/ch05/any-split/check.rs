//! A protocol meets bytes that come in any parts.

use exercise_harness::{Check, expect, tell};

use super::solution::{Messages, TooLong};

const LIMIT: usize = 300;

/// A message as it is sent.
fn framed(message: &[u8]) -> Vec<u8> {
    let length = message.len() as u16;
    [&length.to_be_bytes(), message].concat()
}

/// Messages as text, or the error.
type Said = Result<Vec<String>, TooLong>;

/// Bytes as one reads them: letters, and numbers in hexadecimal.
fn text(bytes: &[u8]) -> String {
    match bytes {
        [a, b, .., z] if bytes.len() > 40 => {
            let first = [*a, *b];
            let (first, last) = (first.escape_ascii(), z.escape_ascii());
            format!("{first}…{last} ({} bytes)", bytes.len())
        }
        _ => bytes.escape_ascii().to_string(),
    }
}

/// Returns all messages that are there, or the error.
fn all(messages: &mut Messages) -> Said {
    let mut said = Vec::new();
    while let Some(message) = messages.message()? {
        said.push(text(&message));
    }
    Ok(said)
}

/// Feeds each part and asks after it.
fn fed(parts: &[&[u8]]) -> Said {
    let mut messages = Messages::new(LIMIT);
    let mut said = Vec::new();
    for part in parts {
        tell("the socket", format!("brings {}", text(part)));
        messages.feed(part);
        said.extend(all(&mut messages)?);
    }
    Ok(said)
}

fn texts(texts: &[&str]) -> Said {
    Ok(texts.iter().map(|text| text.to_string()).collect())
}

pub fn check(check: &mut Check) {
    check.case("a message that comes whole is one", 3).once(|| {
        expect("the message is", texts(&["hi"]), fed(&[b"\x00\x02hi"]));
    });
    check
        .case("one that comes in two parts is one, too", 1)
        .once(|| {
            expect("it is", texts(&["hi"]), fed(&[b"\x00\x02h", b"i"]));
        });
    check.case("two that come in one part are two", 2).once(|| {
        let part = b"\x00\x02hi\x00\x03you";
        expect("both are", texts(&["hi", "you"]), fed(&[part]));
    });
    check.case("a length may come in two parts", 3).once(|| {
        expect("it is", texts(&["hi"]), fed(&[b"\x00", b"\x02hi"]));
    });
    check
        .case("a message without bytes is a message", 4)
        .once(|| {
            let part = b"\x00\x00\x00\x02hi";
            expect("both are", texts(&["", "hi"]), fed(&[part]));
        });
    check
        .case("a message may be as long as the limit", 5)
        .once(|| {
            let long = vec![b'a'; LIMIT];
            let model = Ok(vec![text(&long)]);
            let said = fed(&[&framed(&long)]);
            expect("a message as long as the limit is", model, said);
        });
    check
        .case("a length above the limit is an error at once", 5)
        .once(|| {
            // 301: the message itself has not even begun to come.
            expect("the length alone is", Err(TooLong), fed(&[b"\x01\x2d"]));
        });
    check
        .case("after that there is no message any more", 6)
        .once(|| {
            let mut messages = Messages::new(LIMIT);
            messages.feed(b"\xff\xff");
            all(&mut messages).ok();
            messages.feed(b"\x00\x02hi");
            let said = all(&mut messages);
            expect("what follows the error is", Err(TooLong), said);
        });
    check
        .case("so it is with a hundred random conversations", 2)
        .rounds(100, |random, size| {
            let sizes = (0..random.usize(0..6)).map(|_| {
                let most = if random.u8(..9) == 0 {
                    LIMIT
                } else {
                    size / 10
                };
                random.usize(..=most)
            });
            let sent: Vec<Vec<u8>> =
                sizes.map(|size| vec![b'a'; size]).collect();
            let bytes: Vec<u8> =
                sent.iter().flat_map(|message| framed(message)).collect();
            let mut messages = Messages::new(LIMIT);
            let (mut rest, mut said) = (&bytes[..], Vec::new());
            while !rest.is_empty() {
                let (part, behind) =
                    rest.split_at(random.usize(1..=rest.len().min(9 + size)));
                tell("the socket", format!("brings {}", text(part)));
                messages.feed(part);
                rest = behind;
                // Not after every part: `feed` may come several times.
                if rest.is_empty() || random.bool() {
                    match all(&mut messages) {
                        Ok(more) => said.extend(more),
                        Err(TooLong) => expect("it is", "none", "an error"),
                    }
                }
            }
            let sent: Vec<_> = sent.iter().map(|sent| text(sent)).collect();
            expect("the messages are", sent, said);
        });
}
