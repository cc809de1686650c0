//! What every page has for a reader: colours in its listings, a search.

use xtask::browser::Browser;

use super::pages::{page_with, url};

#[test]
fn needs_chromium_listings_are_highlighted_by_script() {
    let page = url(&page_with("<code class=\"language-rust"));
    Browser::shared(|browser| {
        browser.open(&page);
        browser.wait_for("!!document.querySelector('code.hljs span')");
        assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
    });
}

#[test]
fn needs_chromium_the_search_finds_a_word_and_asks_no_network() {
    let page = url("index.html?search=spinner");
    Browser::shared(|browser| {
        browser.open(&page);
        let found = "document.querySelector('#mdbook-searchresults-header')
            ?.textContent.includes('search results for')";
        browser.wait_for(found);
        let count =
            "document.querySelectorAll('#mdbook-searchresults li').length > 3";
        browser.wait_for(count);
        let near = ["file://", "data:"];
        for url in &browser.requests {
            assert!(near.iter().any(|near| url.starts_with(near)), "{url}");
        }
        assert!(browser.requests.iter().any(|url| url.contains("index")));
    });
}
