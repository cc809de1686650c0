//! What every page has for a reader: colours in its listings, a search.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use subprocess::browser::Browser;

use super::pages::{book, one_of_each_kind, page_with, pages, url};

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
        assert_near(browser);
        assert!(browser.requests.iter().any(|url| url.contains("index")));
    });
}

#[test]
fn needs_chromium_the_search_index_loads_on_first_use() {
    let page = url("index.html");
    for key in [true, false] {
        Browser::shared(|browser| {
            browser.open(&page);
            // It is ten times as heavy as the heaviest page.
            let index = |url: &String| url.contains("/searchindex-");
            assert!(!browser.requests.iter().any(index));
            if key {
                browser.press("s");
            } else {
                browser.value(
                    "document.getElementById('mdbook-search-toggle').click()",
                );
            }
            browser.wait_for("document.activeElement.id == 'mdbook-searchbar'");
            browser.type_text("spinner");
            // It listens for keys, and not for text.
            browser.press("End");
            browser.wait_for(
                "document.querySelectorAll('#mdbook-searchresults li').length > 3",
            );
            assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
        });
    }
}

/// Asks the page's own searcher, with its own index and options, for each query;
/// returns what it looks for, and the pages of the results. A query of stop words
/// has none, and is `null`.
const SEARCH: &str = "(queries) => {
    const { index, doc_urls, search_options } = window.search;
    const searcher = elasticlunr.Index.load(index);
    const isStopWord = (word) => elasticlunr.stopWordFilter(word) === undefined;
    return queries.map((query) => {
        const words = query.toLowerCase().split(/[\\s-]+/);
        if (words.every(isStopWord)) return null;
        const results = searcher.search(query, search_options);
        const sought = searcher.pipeline.run(elasticlunr.tokenizer(query)).join(' ');
        return [sought, results.map(({ ref }) => doc_urls[ref].split('#')[0])];
    });
}";

#[test]
fn needs_chromium_the_search_leads_from_each_word_to_its_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let queries = book::glossary::queries(&root).expect("the glossary");
    let page = url("index.html");
    Browser::shared(|browser| {
        browser.open(&page);
        browser.press("s");
        browser.wait_for("document.activeElement.id == 'mdbook-searchbar'");
        browser.type_text("spinner");
        browser.press("End");
        browser.wait_for(
            "document.querySelectorAll('#mdbook-searchresults li').length > 3",
        );
        let mut words: Vec<&str> =
            queries.iter().map(|query| query.text.as_str()).collect();
        words.push("nosuchword");
        let results = browser.value(&format!("({SEARCH})({})", json!(words)));
        let mut results: Vec<Option<(String, Vec<String>)>> =
            serde_json::from_value(results).expect("lists of pages");
        let none = results.pop().flatten().expect("the last word");
        assert_eq!(none.1, [""; 0], "nosuchword");
        assert_eq!(results.len(), queries.len());
        let stop_words = results.iter().filter(|found| found.is_none()).count();
        assert!(stop_words * 20 < queries.len(), "{stop_words} stop words");
        // To the search, `join!` and `Thread.join`'s own name are one word.
        let mut homes = BTreeMap::<&str, BTreeSet<String>>::new();
        let found = || std::iter::zip(&queries, &results);
        let found =
            || found().filter_map(|(q, found)| Some((q, found.as_ref()?)));
        for (query, (sought, _)) in found() {
            let page = query.page.replace(".md", ".html");
            homes.entry(sought).or_default().insert(page);
        }
        let mut lost = Vec::new();
        for (query, (sought, pages)) in found() {
            let wanted = &homes[sought.as_str()];
            if !pages.first().is_some_and(|first| wanted.contains(first)) {
                let pages = &pages[..pages.len().min(3)];
                let (line, text) = (query.line, &query.text);
                lost.push(format!(
                    "line {line}: `{text}`: {pages:?}, not {wanted:?}"
                ));
            }
        }
        let (lost, all) = (lost.join("\n"), queries.len());
        assert!(lost.is_empty(), "of {all} words:\n{lost}");
    });
}

fn assert_near(browser: &Browser) {
    for url in &browser.requests {
        let near = url.starts_with("file://") || url.starts_with("data:");
        assert!(near, "{url} needs a network");
    }
}

/// Where axe-core is, a checker of accessibility.
fn axe() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join(subprocess::browser::AXE)
}

#[test]
fn needs_chromium_needs_axe_pages_have_no_serious_accessibility_fault() {
    let axe = fs::read_to_string(axe()).expect("axe-core");
    let pages = one_of_each_kind();
    let found = "axe.run(document, { resultTypes: ['violations'] }).then(
        all => all.violations
            .concat(all.passes.length > 10 ? [] : [{ id: 'axe', impact: 'critical',
                nodes: [{ target: [], failureSummary: 'looked at nothing' }] }])
            .filter(v => ['serious', 'critical'].includes(v.impact))
            .flatMap(v => v.nodes.slice(0, 3).map(node => v.id + ': '
                + node.target.join(' ') + ': ' + node.failureSummary)))";
    let mut faults = Vec::new();
    for scheme in ["light", "dark"] {
        Browser::shared(|browser| {
            browser.prefer(&[("prefers-color-scheme", scheme)]);
            browser.resize(1300, 900);
            for page in &pages {
                browser.open(&url(page));
                browser.value(&format!("{axe}; 0"));
                let found = browser.value(found);
                for fault in found.as_array().expect("a list") {
                    faults.push(format!("{page}, {scheme}: {fault}"));
                }
            }
        });
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The elements that stand out of a narrow window, and not in one that scrolls.
const TOO_WIDE: &str = r"(() => {
    document.querySelectorAll('details').forEach((e) => { e.open = true; });
    const room = document.documentElement.clientWidth;
    const scrolls = (e) => e && (e.scrollWidth > e.clientWidth
        && ['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowX)
        || scrolls(e.parentElement));
    const wide = [...document.querySelectorAll('main *')].filter((e) =>
        e.getBoundingClientRect().right > room + 1 && !scrolls(e.parentElement));
    const names = wide.slice(0, 8).map((e) => e.outerHTML.slice(0, 120));
    return [document.documentElement.scrollWidth <= room, names];
})()";

#[test]
fn needs_chromium_no_page_is_wider_than_a_phone() {
    // All pages are in this one.
    let page = url("print.html");
    for scripts in [true, false] {
        Browser::shared(|browser| {
            browser.resize(390, 800);
            browser.scripts(scripts);
            // It is made for the printer, and asks for one.
            let quiet = json!({ "source": "window.print = () => {}" });
            browser.call("Page.addScriptToEvaluateOnNewDocument", quiet);
            browser.open(&page);
            let found = browser.value(TOO_WIDE);
            assert_eq!(found, json!([true, []]), "scripts: {scripts}");
        });
    }
}

#[test]
fn needs_chromium_no_table_of_words_is_cut_off_on_a_laptop() {
    let pages = pages().into_iter();
    let with_words =
        pages.filter(|(_, html)| html.contains("<div class=\"stacked"));
    let names: Vec<String> = with_words.map(|(name, _)| name).collect();
    assert!(names.len() > 4, "{names:?}");
    let cut = "[...document.querySelectorAll('.stacked .table-wrapper')]
        .filter((table) => table.scrollWidth > table.clientWidth + 1).length";
    Browser::shared(|browser| {
        browser.resize(1440, 900);
        for name in &names {
            browser.open(&url(name));
            assert_eq!(browser.value(cut), 0, "{name}");
        }
    });
}

#[test]
fn needs_chromium_python_and_rust_stand_side_by_side_on_a_laptop() {
    let pages = pages().into_iter();
    let with_pairs =
        pages.filter(|(_, html)| html.contains("<div class=\"pair "));
    let names: Vec<String> = with_pairs.map(|(name, _)| name).collect();
    assert!(names.len() > 60, "{}", names.len());
    let bad = "[...document.querySelectorAll('.pair')].flatMap((pair) => {
        for (let e = pair; e; e = e.parentElement) {
            if (e.tagName == 'DETAILS') e.open = true;
        }
        const [a, b] = [...pair.children].map((e) => e.getBoundingClientRect());
        const scrolls = [...pair.querySelectorAll('pre, code')]
            .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth);
        return [a.right > b.left ? 'stacked' : '',
            ...scrolls.map((e) => `${pair.style.cssText}: ${e.scrollWidth} in ${e.clientWidth} px`)];
    }).filter(Boolean).join()";
    let mut wrong = Vec::new();
    Browser::shared(|browser| {
        browser.resize(1440, 900);
        for name in &names {
            browser.open(&url(name));
            let bad = browser.value(bad);
            if bad != "" {
                wrong.push(format!("{name}: {bad}"));
            }
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn needs_chromium_a_margin_has_the_terms_of_its_page() {
    let page = url("ch01-threads/mutex.html");
    let place = "(() => {
        const terms = document.querySelector('.terms');
        const seen = terms.querySelector('dd').checkVisibility(
            { contentVisibilityAuto: true });
        const text = document.querySelector('main > p:not(.part)');
        const [a, b] = [terms, text].map((e) => e.getBoundingClientRect());
        return [seen, b.right < a.left && a.top < b.bottom];
    })()";
    Browser::shared(|browser| {
        // Beside the text where there is room, and folded where there is none.
        for (width, wanted) in [(1440, [true, true]), (390, [false, false])] {
            browser.resize(width, 900);
            browser.open(&page);
            assert_eq!(browser.value(place), json!(wanted), "{width}");
        }
    });
}

#[test]
fn needs_chromium_all_text_is_visible_without_scripts() {
    // What is folded can be unfolded without one.
    let hidden = "(() => {
        const walk = document.createTreeWalker(
            document.querySelector('main'), NodeFilter.SHOW_TEXT);
        const lost = [];
        while (walk.nextNode()) {
            const text = walk.currentNode.data.trim();
            const parent = walk.currentNode.parentElement;
            const folded = parent.closest('details:not([open])');
            const control = parent.closest(
                'script, style, template, svg, option, button, label, output, [hidden]');
            if (text && !folded && !control && !parent.checkVisibility()) {
                lost.push(text.slice(0, 60));
            }
        }
        return lost;
    })()";
    Browser::shared(|browser| {
        browser.scripts(false);
        for page in one_of_each_kind() {
            browser.open(&url(&page));
            assert_eq!(browser.value(hidden), json!([]), "{page}");
        }
        // The other pages are in the sidebar, which is a page itself then.
        let there = browser.value(
            "document.querySelector('noscript iframe, iframe')
                ?.checkVisibility()",
        );
        assert_eq!(there, true);
        browser.open(&url("toc.html"));
        let links = browser.value("document.links.length");
        assert!(links.as_u64().is_some_and(|n| n > 100), "{links}");
        assert_near(browser);
    });
}

#[test]
fn needs_chromium_a_command_is_copied_without_prompt_and_output() {
    let page = url(&page_with("<pre class=\"command\">"));
    Browser::shared(|browser| {
        browser.open(&page);
        // What is copied is what is selected at that moment.
        browser.value(
            "addEventListener('copy', () => {
                const box = document.activeElement;
                window.copied = box.value || String(getSelection());
            }); 0",
        );
        browser.wait_for("!!document.querySelector('.command .clip-button')");
        let copied = browser.value(
            "(async () => {
                const all = document.querySelectorAll('.command');
                const lost = [];
                for (const pre of all) {
                    window.copied = undefined;
                    pre.querySelector('.clip-button').click();
                    const code = pre.querySelector('code').textContent;
                    if (window.copied !== code) lost.push([code, window.copied]);
                }
                return [all.length > 0, lost];
            })()",
        );
        assert_eq!(copied, json!([true, []]));
        // The output has no button: it is not to be typed.
        let output = "document.querySelectorAll('.output .clip-button').length";
        assert_eq!(browser.value(output), 0);
    });
}

#[test]
fn needs_chromium_the_first_tab_leads_past_the_sidebar() {
    let page = url(&page_with("<div class=\"pair"));
    Browser::shared(|browser| {
        browser.open(&page);
        browser.press("Tab");
        let focus = "document.activeElement.className";
        assert_eq!(browser.value(focus), "skip");
        browser.press("Enter");
        browser.wait_for("document.activeElement.id == 'mdbook-content'");
        // From here the keyboard reaches the text's own links and listings.
        browser.press("Tab");
        let inside = "!!document.activeElement.closest('main')";
        assert_eq!(browser.value(inside), true);
    });
}

#[test]
fn needs_chromium_print_unfolds_details_and_names_variables() {
    let page = url(&page_with("<mark class=\"varies\" data-name=\""));
    Browser::shared(|browser| {
        browser.open(&page);
        browser.value(
            "document.querySelector('main').insertAdjacentHTML('beforeend',
                '<details><summary>s</summary><p id=folded>f</p></details>')",
        );
        browser.paper(true);
        let seen = "document.querySelector('#folded').checkVisibility(
            { contentVisibilityAuto: true, opacityProperty: true })
            && document.querySelector('#folded').offsetHeight > 0";
        browser.wait_for(seen);
        let name =
            "getComputedStyle(document.querySelector('.varies[data-name]'),
            '::after').content.includes(document.querySelector(
            '.varies[data-name]').dataset.name)
            || getComputedStyle(document.querySelector('.varies[data-name]'),
            '::after').content";
        assert_eq!(browser.value(name), true);
        // The title is on the first sheet.
        let breaks =
            "getComputedStyle(document.querySelector('h1')).breakBefore";
        assert_eq!(browser.value(breaks), "auto");
        let cut = "[...document.querySelectorAll('main pre')]
            .filter(pre => pre.scrollWidth > pre.clientWidth + 1).length";
        browser.resize(700, 1000);
        assert_eq!(browser.value(cut), 0);
        let pdf = browser.call("Page.printToPDF", json!({}));
        let pdf = pdf["data"].as_str().unwrap_or_default().len();
        assert!(pdf > 20_000, "{pdf}");
    });
}

#[test]
fn needs_chromium_the_heaviest_page_weighs_less_than_500_kilobytes() {
    let heaviest = pages().into_iter().max_by_key(|(_, html)| html.len());
    let (page, _) = heaviest.expect("pages");
    Browser::shared(|browser| {
        browser.open(&url(&page));
        assert_near(browser);
        let mut files: Vec<&str> = browser
            .requests
            .iter()
            .filter_map(|url| url.strip_prefix("file://"))
            .filter(|path| !path.ends_with(".woff2"))
            .collect();
        files.sort_unstable();
        files.dedup();
        let size = |path: &str| fs::metadata(path).map_or(0, |file| file.len());
        let bytes: u64 = files.iter().map(|path| size(path)).sum();
        eprintln!("{page}: {bytes} bytes in {} files", files.len());
        assert!(files.len() > 8, "{files:?}");
        assert!(bytes < 500_000, "{page}: {bytes} bytes: {files:#?}");
    });
}

#[test]
fn needs_python3_the_e_book_has_every_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = book::epub::write(&root, book()).expect("an e-book");
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/epub.py");
    let mut python = std::process::Command::new("python3");
    python.args([&check, &file]);
    let limit = std::time::Duration::from_secs(120);
    let run = subprocess::run(python, limit).expect("python3");
    assert_eq!(run.status, Some(0), "{}{}", run.stdout, run.stderr);
    let said: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let (pages, _) = book::pages::Pages::read(&root);
    assert_eq!(said["pages"], pages.len());
}
