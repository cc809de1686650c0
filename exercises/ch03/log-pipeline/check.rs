//! What a pipeline owes to a log that comes in pieces.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use exercise_harness::{Check, expect};

use super::solution::{Record, lines, records, totals};

fn cut(text: &[u8], sizes: impl Iterator<Item = usize>) -> Vec<Vec<u8>> {
    let (mut rest, mut pieces) = (text, Vec::new());
    for size in sizes {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at(size.min(rest.len()));
        pieces.push(piece.to_vec());
        rest = after;
    }
    pieces
}

fn record(path: &str, status: u16, bytes: u64) -> Record {
    Record {
        path: path.to_string(),
        status,
        bytes,
    }
}

pub fn check(check: &mut Check) {
    check
        .case("pieces of any length make the same lines", 1)
        .once(|| {
            for size in [1, 2, 3, 7, 100] {
                let sizes = std::iter::repeat(size);
                let pieces = cut("one\ntwé\n\nlast".as_bytes(), sizes);
                let all: Vec<String> = lines(pieces.into_iter()).collect();
                let what = format!("from pieces of {size}, the lines are");
                expect(&what, vec!["one", "twé", "", "last"], all);
            }
            let none: Vec<String> = lines(std::iter::empty()).collect();
            expect("of no pieces, the lines are", Vec::<String>::new(), none);
            let empty = vec![Vec::new(), b"a\n".to_vec(), Vec::new()];
            let one: Vec<String> = lines(empty.into_iter()).collect();
            expect("beside empty pieces, the lines are", vec!["a"], one);
        });

    check
        .case("a piece is asked for when it is needed", 1)
        .once(|| {
            let asked = Rc::<Cell<u32>>::default();
            let counter = Rc::clone(&asked);
            let pieces = [&b"one\ntw"[..], b"o\n", b"three\n", b"four\n"];
            let pieces = pieces
                .into_iter()
                .inspect(move |_| counter.set(counter.get() + 1))
                .map(<[u8]>::to_vec);
            let mut lines = lines(pieces);
            expect("pieces asked for before a line:", 0, asked.get());
            for (line, pieces) in [("one", 1), ("two", 2), ("three", 3)] {
                expect("the line is", Some(line.to_string()), lines.next());
                let what = format!("pieces asked for with `{line}`:");
                expect(&what, pieces, asked.get());
            }
        });

    check
        .case("a broken line is an item and not the end", 2)
        .once(|| {
            let log = [
                "10.0.0.1 \"GET /a.html\" 200 10",
                "10.0.0.2 \"GET /b",
                "10.0.0.3 \"GET /a.html\" 404 0",
                "10.0.0.4 \"GET /b.html\" 200 20",
            ];
            let found: Vec<_> =
                records(log.into_iter().map(String::from)).collect();
            let wanted = vec![
                Ok(record("/a.html", 200, 10)),
                Err(2),
                Ok(record("/a.html", 404, 0)),
                Ok(record("/b.html", 200, 20)),
            ];
            expect("the records are", wanted, found);
        });

    check
        .case("so it is with two hundred random logs", 1)
        .rounds(200, |random, size| {
            let (mut log, mut model) = (String::new(), BTreeMap::new());
            let mut broken = 0;
            for _ in 0..size / 5 {
                let path = ["/a.html", "/é.html", "/c.html"]
                    [random.u32(0..3) as usize];
                let bytes = u64::from(random.u32(0..1_000));
                match random.u32(0..4) {
                    0 => {
                        log += "no request\n";
                        broken += 1;
                    }
                    1 => log += &format!("h \"GET {path}\" 404 {bytes}\n"),
                    _ => {
                        log += &format!("h \"GET {path}\" 200 {bytes}\n");
                        *model.entry(path.to_string()).or_insert(0) += bytes;
                    }
                }
            }
            let sizes: Vec<usize> = (0..log.len())
                .map(|_| 1 + random.u32(0..9) as usize)
                .collect();
            let pieces = cut(log.as_bytes(), sizes.into_iter());
            let found = totals(records(lines(pieces.into_iter())));
            expect("the totals are", (model, broken), found);
        });
}
