//! A link checker, with tasks. Yours to finish.
//!
//! cargo xtask exercise ch04 link-checker-async

use std::io;

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
    // One page after the other, whatever `limit` says.
    let _ = limit;
    let mut broken = Vec::new();
    for page in pages {
        let html = read(page).await?;
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
