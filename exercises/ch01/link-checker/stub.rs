//! A link checker. Yours to finish.
//!
//! cargo xtask exercise ch01 link-checker

use std::io;

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
    // One thread, whatever `workers` says.
    let _ = workers;
    let mut broken = Vec::new();
    for page in pages {
        broken.extend(check_page(page, pages, &read)?);
    }
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
