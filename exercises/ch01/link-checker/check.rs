//! What a link checker guarantees, under every schedule.

use std::io;

use exercise_harness::sync::{Condvar, Mutex, PoisonError};
use exercise_harness::{Check, expect};

use super::solution::{Broken, broken_links};

const SITE: [(&str, &str); 3] = [
    (
        "a.html",
        r##"<a href="b.html">B</a> <a href="x.html">X</a> <a href="#top">"##,
    ),
    (
        "b.html",
        r##"<a href="a.html#end">A</a> <a href="https://a.example/x.html">"##,
    ),
    ("c.html", r##"<a href="y.html#end">Y</a><a href="z.html">"##),
];

/// Returns the names of the first pages.
fn names(pages: usize) -> Vec<String> {
    let names = SITE.iter().take(pages);
    names.map(|(name, _)| name.to_string()).collect()
}

/// Reads a page of the site.
fn read(wanted: &str) -> io::Result<String> {
    let page = SITE.iter().find(|(name, _)| *name == wanted);
    let (_, html) = page.ok_or(io::ErrorKind::NotFound)?;
    Ok(html.to_string())
}

/// Returns what a report says: a line for each link, or the error's kind.
fn report(found: io::Result<Vec<Broken>>) -> String {
    match found {
        Ok(broken) => {
            let line = |b: &Broken| format!("{}: {}", b.page, b.link);
            broken.iter().map(line).collect::<Vec<_>>().join(", ")
        }
        Err(err) => format!("an error: {}", err.kind()),
    }
}

pub fn check(check: &mut Check) {
    check
        .case("two workers report every broken link, in order", 1)
        .schedules(1, || {
            let found = report(broken_links(&names(3), read, 2));
            let all = "a.html: x.html, c.html: y.html, c.html: z.html";
            expect("the broken links are", all.to_string(), found);
        });

    check
        .case("two workers read at the same time", 2)
        .schedules(1, || {
            let inside = Mutex::new(0);
            let changed = Condvar::new();
            let found = broken_links(
                &names(2),
                |page| {
                    let lock = inside.lock();
                    let mut inside =
                        lock.unwrap_or_else(PoisonError::into_inner);
                    *inside += 1;
                    changed.notify_all();
                    while *inside < 2 {
                        let woken = changed.wait(inside);
                        inside = woken.unwrap_or_else(PoisonError::into_inner);
                    }
                    read(page)
                },
                2,
            );
            let one = "a.html: x.html".to_string();
            expect("the broken links are", one, report(found));
        });

    check
        .case("a page that cannot be read is an error", 3)
        .schedules(0, || {
            let mut pages = names(2);
            pages.insert(1, "gone.html".to_string());
            let found = report(broken_links(&pages, read, 2));
            let error = "an error: entity not found".to_string();
            expect("the check of an unreadable page is", error, found);
        });

    check
        .case("more workers than pages end, too", 4)
        .schedules(0, || {
            let found = report(broken_links(&names(0), read, 2));
            expect("the broken links are", String::new(), found);
            let found = report(broken_links(&names(1), read, 3));
            // Its other link leads to a page that is not in this folder.
            let two = "a.html: b.html, a.html: x.html".to_string();
            expect("the broken links are", two, found);
        });
}
