//! A link checker that holds the lock of the list while it reads.
//!
//! cargo xtask exercise ch01 link-checker

use std::io;

use exercise_harness::sync::{Mutex, MutexGuard, PoisonError};
use exercise_harness::thread;

/// A link that leads to none of the pages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    pub page: String,
    pub link: String,
}

/// Finds the broken links of all pages, with `workers` threads; sorted.
///
/// # Errors
///
/// A page cannot be read.
pub fn broken_links(
    pages: &[String],
    read: impl Fn(&str) -> io::Result<String> + Sync,
    workers: usize,
) -> io::Result<Vec<Broken>> {
    let next = Mutex::new(pages.iter());
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(page) = lock(&next).next() {
                    let outcome = check_page(page, pages, &read);
                    lock(&found).push(outcome);
                }
            });
        }
    });
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let all: Vec<Vec<Broken>> = found.into_iter().collect::<io::Result<_>>()?;
    let mut broken = all.concat();
    broken.sort_unstable();
    Ok(broken)
}

/// Checks one page: returns its broken links.
fn check_page(
    page: &str,
    pages: &[String],
    read: impl Fn(&str) -> io::Result<String>,
) -> io::Result<Vec<Broken>> {
    let html = read(page)?;
    let is_broken = |link: &&str| pages.iter().all(|page| page != link);
    let broken = links(&html).filter(is_broken).map(|link| Broken {
        page: page.to_string(),
        link: link.to_string(),
    });
    Ok(broken.collect())
}

/// Finds the links to other pages: without anchors, and not to other sites.
fn links(html: &str) -> impl Iterator<Item = &str> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter_map(|link| link.split('#').next())
        .filter(|link| !link.is_empty() && !link.contains("://"))
}

/// Takes a lock; a panic can leave neither value half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
