//! What a bus costs, from bytes to a row: three sources, and a plain loop.
//!
//! cargo bench -p ch03-generators --bench events

mod record;
mod sources;

use std::cell::RefCell;

use ch03_generators::coroutine::{Coroutine, Raised};
use ch03_generators::events::event::Event;
use ch03_generators::events::fleet::fleet;
use ch03_generators::events::scanner::Scanner;
use ch03_generators::events::{
    merging_pipeline, parse_all, pipeline, pull_rows, send_all,
};
use record::{Case, Lap, compete, lap};
use sources::quick_xml;

/// Run in the chapter's folder, where the twin is.
const PYTHON: &str = "
import sys, time
sys.path.insert(0, 'python')
import events as twin
items = int(sys.argv[1])
data = twin.fleet(22, items)
found = []
start = time.perf_counter_ns()
twin.SOURCE
print(time.perf_counter_ns() - start, len(found))
";

/// A way from a document to rows, for each of which it calls back.
type Answer = fn(&str, &mut dyn FnMut(String)) -> Result<(), Raised>;

type Stages<'a> = Result<Coroutine<'a, (), Event>, Raised>;

fn staged<'a>(
    stages: Stages<'a>,
    send: impl FnOnce(&mut Coroutine<'a, (), Event>) -> Result<(), Raised>,
) -> Result<(), Raised> {
    send(&mut stages?)
}

const ANSWERS: [(&str, &str, Answer); 4] = [
    ("loop", "scanner and a loop", |xml, print| {
        Ok(pull_rows(Scanner::new(xml.as_bytes()), print)?)
    }),
    ("scanner", "scanner and stages", |xml, print| {
        staged(pipeline(print), |target| {
            send_all(Scanner::new(xml.as_bytes()), target)
        })
    }),
    (
        "parser",
        "parser, 64 KiB at a time, and stages",
        |xml, print| {
            staged(merging_pipeline(print), |target| {
                parse_all(xml.as_bytes().chunks(1 << 16), target)
            })
        },
    ),
    ("quick-xml", "quick-xml and stages", |xml, print| {
        staged(merging_pipeline(print), |target| {
            send_all(quick_xml(xml), target)
        })
    }),
];

fn main() {
    let python = |source| PYTHON.replace("SOURCE", source);
    let sax = python("sax(data, twin.merge_text(twin.stages(found.append)))");
    let expat =
        python("expat(data, twin.merge_text(twin.stages(found.append)))");
    let pulled = python("pull_rows(data, found.append)");
    // The document of the last size that was asked for: 30 MB take a while.
    let document = RefCell::new((0, String::new()));
    let answer = |buses: u32, answer: Answer| -> Lap {
        if document.borrow().0 != buses {
            document.replace((buses, fleet(22, buses as usize)));
        }
        lap(buses, || {
            let mut rows = 0;
            let done = answer(&document.borrow().1, &mut |_| rows += 1);
            done.expect("the document is well formed");
            rows
        })
    };
    let mut cases: Vec<Case> = ANSWERS
        .into_iter()
        .map(|(key, label, way)| Case::new(key, label, move |n| answer(n, way)))
        .collect();
    cases.push(Case::python("sax", "CPython, SAX and stages", &sax));
    cases.push(Case::python("expat", "CPython, expat and stages", &expat));
    cases.push(Case::python("iterparse", "CPython, iterparse", &pulled));
    compete(
        "events",
        "150,000 buses in 30 MB of XML (CPython: 1,500 buses), per bus",
        (150_000, 11),
        cases,
    );
}
