//! A link checker. Its tasks go on when it has returned an error.
//!
//! cargo xtask exercise ch04 link-checker-async

use std::io;

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};

/// A link that leads to none of the pages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    pub page: String,
    pub link: String,
}

/// Finds the broken links of all pages, reading `limit` at once; sorted.
///
/// # Errors
///
/// A page cannot be read: the first that fails ends the check.
pub async fn broken_links<F>(
    pages: &[String],
    read: impl Fn(&str) -> F,
    limit: usize,
) -> io::Result<Vec<Broken>>
where
    F: Future<Output = io::Result<String>> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(limit));
    let (sender, mut ended) = mpsc::unbounded_channel();
    for page in pages {
        let (html, page) = (read(page), page.clone());
        let (permits, sender) = (Arc::clone(&permits), sender.clone());
        tokio::spawn(async move {
            let _permit = permits.acquire().await;
            // An error would mean that the check has returned.
            sender.send(html.await.map(|html| (page, html))).ok();
        });
    }
    drop(sender);
    let mut broken = Vec::new();
    while let Some(read) = ended.recv().await {
        let (page, html) = read?;
        broken.extend(check_page(&page, &html, pages));
    }
    broken.sort_unstable();
    Ok(broken)
}

/// Finds the links of one page that lead to none of the pages.
fn check_page(page: &str, html: &str, pages: &[String]) -> Vec<Broken> {
    let is_broken = |link: &&str| pages.iter().all(|page| page != link);
    let broken = links(html).filter(is_broken).map(|link| Broken {
        page: page.to_string(),
        link: link.to_string(),
    });
    broken.collect()
}

/// Finds the links to other pages: without anchors, and not to other sites.
fn links(html: &str) -> impl Iterator<Item = &str> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter_map(|link| link.split('#').next())
        .filter(|link| !link.is_empty() && !link.contains("://"))
}
