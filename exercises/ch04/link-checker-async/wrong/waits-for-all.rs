//! A link checker. It looks at the results when it has them all.
//!
//! cargo xtask exercise ch04 link-checker-async

use std::io;

use futures::StreamExt;
use futures::stream;

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
    let reads = pages.iter().map(|page| {
        let html = read(page);
        async move { html.await.map(|html| (page, html)) }
    });
    let read: Vec<io::Result<_>> =
        stream::iter(reads).buffer_unordered(limit).collect().await;
    let mut broken = Vec::new();
    for page_read in read {
        let (page, html) = page_read?;
        broken.extend(check_page(page, &html, pages));
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
