//! What a bus costs, from bytes to a row: three sources, and a plain loop.
//!
//! cargo bench -p ch03-generators --bench events

mod sources;

use ch03_generators::coroutine::{Coroutine, Raised};
use ch03_generators::events::event::Event;
use ch03_generators::events::fleet::fleet;
use ch03_generators::events::scanner::Scanner;
use ch03_generators::events::{
    merging_pipeline, parse_all, pipeline, pull_rows, send_all,
};
use criterion::Criterion;
use measure::{Comparison, is_wanted};
use sources::quick_xml;

/// Run in the chapter's folder, where the twin is.
const PYTHON: &str = "
import sys, time
sys.path.insert(0, 'src')
import events.twin as twin
data = twin.fleet(22, int(sys.argv[1]))
start = time.perf_counter_ns()
for _ in range(int(sys.argv[2])):
    found = []
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

const ANSWERS: [(&str, Answer); 4] = [
    ("loop", |xml, print| {
        Ok(pull_rows(Scanner::new(xml.as_bytes()), print)?)
    }),
    ("scanner", |xml, print| {
        staged(pipeline(print), |target| {
            send_all(Scanner::new(xml.as_bytes()), target)
        })
    }),
    ("parser", |xml, print| {
        staged(merging_pipeline(print), |target| {
            parse_all(xml.as_bytes().chunks(1 << 16), target)
        })
    }),
    ("quick-xml", |xml, print| {
        staged(merging_pipeline(print), |target| {
            send_all(quick_xml(xml), target)
        })
    }),
];

fn main() {
    measure::criterion(events);
}

fn events(criterion: &mut Criterion) {
    let rows = |xml: &str, answer: Answer| {
        let mut rows = 0;
        let done = answer(xml, &mut |_| rows += 1);
        done.expect("the document is well formed");
        rows
    };
    let buses = if is_wanted() { 150_000 } else { 1_500 };
    let document = fleet(22, buses as usize);
    let mut comparison = Comparison::new(criterion, "events", buses);
    for (key, answer) in ANSWERS {
        comparison.add(key, |_| rows(&document, answer));
    }
    // A hundredth of the work: it takes about as long.
    let (key, answer) = ANSWERS[0];
    let few = rows(&fleet(22, 1_500), answer);
    assert!(few > 0, "{key} finds nothing");
    comparison.change_items(1_500, few);
    let python = |source| PYTHON.replace("SOURCE", source);
    let sax = "sax(data, twin.merge_text(twin.stages(found.append)))";
    comparison.python("sax", &python(sax));
    let expat = "expat(data, twin.merge_text(twin.stages(found.append)))";
    comparison.python("expat", &python(expat));
    let pulled = "pull_rows(data, found.append)";
    comparison.python("iterparse", &python(pulled));
}
