//! What a link checker made of tasks owes its reader, on a clock that jumps.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use exercise_harness::{Check, expect, tell, wrong};
use tokio::time::{Instant, sleep, timeout};

use super::solution::{Broken, broken_links};

/// A page, the seconds that reading it takes, and its HTML.
const SITE: [(&str, u64, &str); 5] = [
    (
        "a.html",
        4,
        r##"<a href="b.html">B</a> <a href="x.html">X</a> <a href="#top">"##,
    ),
    (
        "b.html",
        1,
        r##"<a href="a.html#end">A</a> <a href="https://a.example/x.html">"##,
    ),
    (
        "c.html",
        2,
        r##"<a href="z.html#end">Z</a><a href="y.html">"##,
    ),
    ("d.html", 3, r##"<a href="x.html">"##),
    ("e.html", 1, r##"<a href="d.html">"##),
];

type Read = Pin<Box<dyn Future<Output = io::Result<String>> + Send>>;

/// How many reads are under way, and how many have begun or ended.
#[derive(Clone, Default)]
struct Disk {
    busy: Arc<AtomicUsize>,
    events: Arc<AtomicUsize>,
}

impl Disk {
    /// Returns a future that reads a page of the site.
    fn read(&self, wanted: &str, limit: usize) -> Read {
        let disk = self.clone();
        let name = wanted.to_string();
        let page = SITE.iter().find(|(page, ..)| *page == wanted);
        Box::pin(async move {
            let busy = 1 + disk.busy.fetch_add(1, SeqCst);
            disk.events.fetch_add(1, SeqCst);
            tell(name.clone(), format!("begins: {busy} at once"));
            if busy > limit {
                let most = format!("at most {limit} pages are read at once");
                wrong(most, format!("{busy} pages are read at once"));
            }
            // A page that is not there is missed after a second.
            sleep(Duration::from_secs(page.map_or(1, |page| page.1))).await;
            disk.busy.fetch_sub(1, SeqCst);
            disk.events.fetch_add(1, SeqCst);
            match page {
                Some((.., html)) => {
                    tell(name.clone(), "is read");
                    Ok(html.to_string())
                }
                None => {
                    tell(name.clone(), "cannot be read");
                    Err(io::ErrorKind::NotFound.into())
                }
            }
        })
    }

    /// Sees that no read begins or ends any more.
    async fn is_at_rest(&self) {
        // The turn in which aborted tasks are dropped.
        sleep(Duration::from_millis(1)).await;
        let before = self.events.load(SeqCst);
        sleep(Duration::from_secs(60)).await;
        let later = self.events.load(SeqCst) - before;
        expect("reads begun or ended after the answer:", 0, later);
    }
}

/// Returns the names of the first pages.
fn names(pages: usize) -> Vec<String> {
    let names = SITE.iter().take(pages);
    names.map(|(name, ..)| name.to_string()).collect()
}

/// Returns how long readers take that never rest, each with the next page.
fn model(pages: usize, limit: usize) -> u64 {
    let mut free: BinaryHeap<_> = (0..limit).map(|_| Reverse(0)).collect();
    let mut end = 0;
    for (_, seconds, _) in SITE.iter().take(pages) {
        let Reverse(at) = free.pop().unwrap_or_default();
        free.push(Reverse(at + seconds));
        end = end.max(at + seconds);
    }
    end
}

/// Returns what a report says: each link with its page, or the error's kind.
fn report(found: io::Result<Vec<Broken>>) -> String {
    match found {
        Ok(broken) => {
            let line = |b: &Broken| format!("{}: {}", b.page, b.link);
            broken.iter().map(line).collect::<Vec<_>>().join(", ")
        }
        Err(err) => format!("an error: {}", err.kind()),
    }
}

/// Checks the first pages; is the report right, and how long did it take?
async fn all(pages: usize, limit: usize, broken: &str) {
    let (disk, start) = (Disk::default(), Instant::now());
    let read = |page: &str| disk.read(page, limit);
    let found = report(broken_links(&names(pages), read, limit).await);
    tell("the caller", "has its answer");
    expect("the broken links are", broken, &found);
    let what = format!("of {pages} pages, {limit} at once, the check takes");
    let seconds = start.elapsed().as_secs();
    expect(
        &what,
        format!("{} s", model(pages, limit)),
        format!("{seconds} s"),
    );
}

pub fn check(check: &mut Check) {
    let five = "a.html: x.html, c.html: y.html, c.html: z.html, d.html: x.html";
    check
        .case("every broken link is reported once, in order", 1)
        .virtual_time(|| all(5, 5, five));
    check
        .case("when a page has been read, the next one begins", 2)
        .virtual_time(|| all(5, 2, five));
    check
        .case("a limit of one is a queue", 2)
        .virtual_time(|| all(5, 1, five));
    check
        .case("an unreadable page ends the check at once", 3)
        .virtual_time(async || {
            let (disk, start) = (Disk::default(), Instant::now());
            let mut pages = names(3);
            pages.insert(1, "gone.html".to_string());
            let read = |page: &str| disk.read(page, 2);
            let found = report(broken_links(&pages, read, 2).await);
            tell("the caller", "has its answer");
            let error = "an error: entity not found".to_string();
            expect("the check of an unreadable page is", error, found);
            let seconds = start.elapsed().as_secs();
            let at = "the answer comes at second";
            expect(at, 1, seconds);
        });
    check
        .case("after an error no page is read any more", 4)
        .virtual_time(async || {
            let disk = Disk::default();
            let mut pages = names(5);
            pages.insert(1, "gone.html".to_string());
            let read = |page: &str| disk.read(page, 2);
            broken_links(&pages, read, 2).await.ok();
            tell("the caller", "has its answer");
            disk.is_at_rest().await;
        });
    check
        .case("a check that is dropped reads no further", 4)
        .virtual_time(async || {
            let disk = Disk::default();
            let (pages, patience) = (names(5), Duration::from_millis(1500));
            let read = |page: &str| disk.read(page, 2);
            timeout(patience, broken_links(&pages, read, 2)).await.ok();
            tell("the caller", "has dropped the check");
            disk.is_at_rest().await;
        });
    check
        .case("no pages, and more room than pages", 5)
        .virtual_time(async || {
            all(0, 3, "").await;
            // Its other link leads to a page that is not in this folder.
            all(1, 3, "a.html: b.html, a.html: x.html").await;
        });
}
