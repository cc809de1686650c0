//! What a decoder guarantees, however its bytes arrive.

use exercise_harness::{Check, expect, tell};

use super::solution::{Decoder, Wrong};

fn encoded(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for frame in frames {
        bytes.extend((frame.len() as u32).to_be_bytes());
        bytes.extend(frame);
    }
    bytes
}

/// Feeds the frames in parts of these sizes; expects the same frames.
fn arrives(frames: &[Vec<u8>], mut part: impl FnMut() -> usize) {
    let mut decoder = Decoder::new(100);
    let (mut bytes, mut decoded) = (&encoded(frames)[..], Vec::new());
    while !bytes.is_empty() {
        let (part, rest) = bytes.split_at(part().clamp(1, bytes.len()));
        tell("arrive", format!("{part:?}"));
        bytes = rest;
        decoder.feed(part);
        loop {
            match decoder.next() {
                Ok(Some(frame)) => decoded.push(frame),
                Ok(None) => break,
                Err(wrong) => {
                    expect(
                        "for valid frames the decoder returns",
                        Ok(()),
                        Err(wrong),
                    );
                }
            }
            if decoded.len() > frames.len() {
                break;
            }
        }
    }
    expect("the frames are", frames, decoded.as_slice());
    expect("end returns", Ok(()), decoder.end());
}

pub fn check(check: &mut Check) {
    let some = || vec![b"moo".to_vec(), b"oink".to_vec(), b"baa".to_vec()];
    check
        .case("three frames that arrive together are three", 3)
        .once(move || {
            arrives(&some(), || 99);
        });
    check
        .case("a frame may arrive byte by byte", 1)
        .once(move || {
            arrives(&some(), || 1);
        });
    check.case("an empty frame is a frame", 3).once(|| {
        arrives(&[vec![], b"a".to_vec(), vec![]], || 99);
    });
    check
        .case("a frame that is too long is an error at once", 4)
        .once(|| {
            for length in [101, 70_000, u32::MAX] {
                let mut decoder = Decoder::new(100);
                decoder.feed(&length.to_be_bytes());
                tell("arrive", format!("the four bytes of {length}"));
                let said = decoder.next();
                expect("next returns", Err(Wrong::TooLong(length)), said);
            }
            arrives(&[vec![b'm'; 100]], || 99);
        });
    check.case("an end in mid-frame is an error", 5).once(|| {
        let whole = encoded(&[b"moo".to_vec()]);
        for cut in 1..whole.len() {
            let mut decoder = Decoder::new(100);
            decoder.feed(&whole[..cut]);
            expect("the frame is", Ok(None), decoder.next());
            let what = format!("after {cut} of 7 bytes end returns");
            expect(&what, Err(Wrong::Cut), decoder.end());
        }
    });
    check
        .case("all this with two hundred random lists", 2)
        .rounds(200, |random, size| {
            let frames: Vec<Vec<u8>> = (0..size / 20)
                .map(|_| vec![random.u8(..); random.usize(0..9)])
                .collect();
            let most = random.usize(1..12);
            arrives(&frames, || random.usize(1..=most));
        });
}
