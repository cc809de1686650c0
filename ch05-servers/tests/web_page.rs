//! The finder's page in a real browser, with its script and without.
#![cfg(unix)]

mod server;

use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};
use server::{Server, program};
use subprocess::browser::Browser;

const ROWS: &str = "document.querySelectorAll('tbody tr').length";
const STATUS: &str = "document.querySelector('#status').textContent";

/// Runs a test with a server whose index is there, and a browser.
fn with_both(test: impl FnOnce(Server, &mut Browser)) {
    let mut command = program("web", &["--port", "0"]);
    command
        .args(["--idle-timeout", "60"])
        .stderr(Stdio::piped());
    let server = Server::run(command);
    server.wait_until_ready();
    Browser::shared(|browser| test(server, browser));
}

fn url(server: &Server, rest: &str) -> String {
    format!("http://{}{rest}", server.address)
}

#[test]
fn needs_chromium_typing_finds_and_what_is_typed_arrives() {
    with_both(|mut server, browser| {
        browser.open(&url(&server, "/"));
        // The script is there when its listener has somewhere to put the focus.
        browser.wait_for("document.activeElement.id == 'q'");
        browser.type_text("cat smil");
        browser.type_text("ing");
        browser.wait_for(&format!("{STATUS} == '3 characters'"));
        assert_eq!(browser.value(ROWS), 3);
        assert_eq!(browser.value("location.search"), "?q=cat+smiling");
        assert_eq!(
            browser.value("document.title"),
            "cat smiling · Character finder"
        );

        let typed = ["a&b", "a#", "a%", "a+b", "aé", "a😀", "a<b>", "a\"'"];
        for text in typed {
            browser.value("document.querySelector('#q').select()");
            browser.type_text(text);
            let asked = format!(
                "new URLSearchParams(location.search).get('q') == {}",
                json!(text)
            );
            browser.wait_for(&asked);
            browser.wait_for(&format!(
                "{STATUS} != '' && !document.querySelector('[aria-busy]')"
            ));
        }
        assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);

        server.signal("-INT");
        let mut log = String::new();
        let mut stderr = server.process.stderr.take().expect("a pipe");
        stderr.read_to_string(&mut log).expect("UTF-8");
        assert_eq!(server.wait(), Some(130));
        for text in typed {
            let mut parameters =
                form_urlencoded::Serializer::new(String::new());
            let parameters = parameters.append_pair("q", text).finish();
            let target = format!("\"/search?{parameters}&start=0\"");
            assert!(log.contains(&target), "{target} is not in\n{log}");
        }
    });
}

#[test]
fn needs_chromium_rows_are_the_same_with_the_script_and_without() {
    with_both(|server, browser| {
        let rows = "document.querySelector('tbody').innerHTML";
        for query in [
            "apostrophe",
            "combining grave accent",
            "override",
            "hebrew letter alef",
            "less-than",
        ] {
            browser.open(&url(&server, &format!("/?q={query}")));
            let written = browser.value(rows);
            assert!(written.as_str().is_some_and(|rows| rows.contains("U+")));
            browser.open(&url(&server, "/"));
            browser.wait_for("document.activeElement.id == 'q'");
            browser.type_text(query);
            browser.wait_for(&format!("{STATUS}.includes('character')"));
            assert_eq!(browser.value(rows), written, "{query}");
        }
        assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
    });
}

#[test]
fn needs_chromium_scrolling_brings_the_rest_each_once() {
    with_both(|server, browser| {
        browser.resize(900, 700);
        browser.open(&url(&server, "/?q=arrow"));
        let total = browser
            .value("parseInt(document.querySelector('#status').textContent)");
        let total = total.as_u64().expect("a count");
        assert!(total > 300, "{total}");
        assert_eq!(browser.value(ROWS), 100);
        for rows in [200, 300] {
            browser.value("scrollTo(0, document.body.scrollHeight)");
            browser.wait_for(&format!("{ROWS} >= {rows}"));
        }
        while browser.value("document.querySelector('#more').hidden") != true {
            browser.value("scrollTo(0, document.body.scrollHeight)");
        }
        assert_eq!(browser.value(ROWS), total);
        let different =
            "new Set([...document.querySelectorAll('tbody td:last-child')]
        .map(cell => cell.textContent)).size";
        assert_eq!(browser.value(different), total);
    });
}

/// Holds every answer back until the test releases it. `ABORTS` says whether
/// an aborted request fails at once, as it should, or too late: an answer may
/// have arrived just before.
const SLOW_SERVER: &str = r#"
    window.held = [];
    const real = window.fetch;
    window.fetch = (url, { signal }) => new Promise((resolve, reject) => {
        const aborted = () => reject(new DOMException("aborted", "AbortError"));
        if (ABORTS) signal.addEventListener("abort", aborted);
        held.push({ url, release: () => {
            resolve(window.broken ? new Response("", { status: 503 }) : real(url));
        } });
    });"#;

/// Two frames: what came into sight in the first is reported by the second.
const FRAMES: &str = "new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(1))))";

/// All that is asked of the page has been answered, and has been shown.
const AT_REST: &str = "!document.querySelector('[aria-busy]')";

/// Opens the page of a query behind a slow server.
fn open_slowly(
    server: &Server,
    browser: &mut Browser,
    aborts: bool,
    query: &str,
) {
    let source = SLOW_SERVER.replace("ABORTS", &aborts.to_string());
    let source = json!({ "source": source });
    let added = browser.call("Page.addScriptToEvaluateOnNewDocument", source);
    browser.open(&url(server, &format!("/?q={query}")));
    // For this page only: the next one has a server of its own manners.
    browser.call("Page.removeScriptToEvaluateOnNewDocument", added);
    browser.wait_for("window.held && document.activeElement.id == 'q'");
}

/// Types in place of what is there, and waits until it has been asked for.
fn ask_for(browser: &mut Browser, word: &str) {
    browser.value("document.querySelector('#q').select()");
    browser.type_text(word);
    browser
        .wait_for(&format!("held.some(({{url}}) => url.includes('q={word}'))"));
}

/// Scrolls, up and down, as somebody does who wants to see more.
fn scroll(browser: &mut Browser) {
    for to in ["0", "document.body.scrollHeight"] {
        browser.value(&format!("scrollTo(0, {to})"));
        browser.value(FRAMES);
    }
}

fn all_rows_have(word: &str) -> String {
    format!(
        "[...document.querySelectorAll('tbody th')]
            .every((name) => name.textContent.includes('{word}'))"
    )
}

#[test]
fn needs_chromium_answer_to_the_last_word_is_shown_in_any_arrival_order() {
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    with_both(|server, browser| {
        browser.resize(900, 700);
        for (order, aborts) in
            orders.iter().flat_map(|o| [(o, true), (o, false)])
        {
            open_slowly(&server, browser, aborts, "arrow");
            for word in ["king", "chess", "rook"] {
                ask_for(browser, word);
                scroll(browser);
            }
            // The scrolling asked for nothing: all of it is of an old search.
            let asked = browser
                .value("held.map(({url}) => new URL(url, location).search)");
            let wanted =
                ["king", "chess", "rook"].map(|q| format!("?q={q}&start=0"));
            // Before the first word the page itself asks for its next rows.
            let asked: Vec<&str> = asked
                .as_array()
                .expect("an array")
                .iter()
                .filter_map(Value::as_str)
                .filter(|url| !url.starts_with("?q=arrow&start=100"))
                .collect();
            assert_eq!(asked, wanted);
            for &nth in order {
                let word = ["king", "chess", "rook"][nth];
                browser.value(&format!(
                    "held.find(({{url}}) => url.includes('q={word}')).release()"
                ));
                browser.value(FRAMES);
            }
            browser
                .wait_for(&format!("{AT_REST} && {STATUS} == '18 characters'"));
            browser.value(FRAMES);
            assert_eq!(browser.value(ROWS), 18, "{order:?} {aborts}");
            assert_eq!(browser.value(&all_rows_have("ROOK")), true);
            assert_eq!(
                browser.value("document.title"),
                "rook · Character finder"
            );
        }
        let complaints = &browser.complaints;
        assert!(complaints.is_empty(), "{complaints:?}");
    });
}

#[test]
fn needs_chromium_a_search_that_fails_leaves_no_older_rows_under_its_word() {
    with_both(|server, browser| {
        browser.resize(900, 700);
        open_slowly(&server, browser, true, "braille");
        browser.value("broken = true");
        ask_for(browser, "chess");
        browser.value("held.forEach(({release}) => release())");
        browser.wait_for(&format!("{AT_REST} && {STATUS}.includes('503')"));
        scroll(browser);
        assert_eq!(browser.value(ROWS), 0);
        browser.value("held = []; broken = false");
        ask_for(browser, "rook");
        browser.value("held.forEach(({release}) => release())");
        browser.wait_for(&format!("{STATUS} == '18 characters'"));
    });
}

#[test]
fn needs_chromium_the_next_rows_are_not_asked_for_without_end() {
    with_both(|server, browser| {
        browser.resize(900, 700);
        open_slowly(&server, browser, true, "braille");
        browser.value("broken = true");
        scroll(browser);
        browser.wait_for("held.length > 0");
        browser.value("held.at(-1).release()");
        browser.wait_for(&format!("{AT_REST} && {STATUS}.includes('503')"));
        for _ in 0..10 {
            browser.value(FRAMES);
        }
        assert_eq!(browser.value("held.length"), 1);
        // The rows stay, and so does the link, which asks again.
        assert_eq!(browser.value(ROWS), 100);
        browser
            .value("broken = false; document.querySelector('#more').click()");
        browser.value("held.at(-1).release()");
        browser.wait_for(&format!("{ROWS} >= 200"));
    });
}

#[test]
fn needs_chromium_text_typed_before_the_script_loads_is_searched() {
    with_both(|server, browser| {
        let typed = json!({ "source": "
            addEventListener('readystatechange', () => {
                const q = document.querySelector('#q');
                if (q) q.value = 'rook';
            }, true);" });
        browser.call("Page.addScriptToEvaluateOnNewDocument", typed);
        browser.open(&url(&server, "/?q=arrow"));
        browser.wait_for(&format!("{STATUS} == '18 characters'"));
        assert_eq!(browser.value("location.search"), "?q=rook");
    });
}

#[test]
fn needs_chromium_without_its_script_the_page_finds_and_turns() {
    with_both(|server, browser| {
        browser.scripts(false);
        browser.open(&url(&server, "/"));
        browser.wait_for("document.activeElement.id == 'q'");
        browser.type_text("arrow");
        browser.press("Enter");
        browser.wait_for("location.search == '?q=arrow'");
        browser.wait_for(&format!("{ROWS} == 100"));
        browser.wait_for("document.activeElement.id == 'q'");
        // From the box by the keyboard alone: the button, then the next page.
        for _ in 0..2 {
            browser.press("Tab");
        }
        assert_eq!(browser.value("document.activeElement.id"), "more");
        browser.press("Enter");
        browser.wait_for("location.search == '?q=arrow&start=100'");
        browser.wait_for(&format!("{ROWS} == 100"));
    });
}

#[test]
fn needs_chromium_screen_reader_hears_what_the_page_shows() {
    with_both(|server, browser| {
        browser.open(&url(&server, "/?q=cat+smiling"));
        let tree = browser.call("Accessibility.getFullAXTree", json!({}));
        let nodes = tree["nodes"].as_array().expect("nodes");
        let named = |role: &str| -> Vec<&str> {
            let nodes = nodes.iter().filter(|node| node["ignored"] == false);
            nodes
                .filter(|node| node["role"]["value"] == role)
                .map(|node| node["name"]["value"].as_str().unwrap_or_default())
                .collect()
        };
        assert_eq!(named("searchbox"), ["Words of a character’s name"]);
        assert_eq!(named("button"), ["Find"]);
        assert_eq!(named("table"), ["Characters found"]);
        assert_eq!(named("columnheader"), ["Character", "Name", "Code"]);
        assert_eq!(named("rowheader").len(), 3);
        assert_eq!(named("status").len(), 1);
        assert_eq!(named("heading"), ["Character finder"]);
        // A slash brings the focus to the box from anywhere.
        browser.value("document.querySelector('h1 a').focus()");
        browser.press("/");
        browser.wait_for("document.activeElement.id == 'q'");
    });
}

#[test]
fn needs_chromium_it_fits_a_phone_and_reads_in_the_dark() {
    with_both(|server, browser| {
        for width in [320, 390, 1300] {
            browser.resize(width, 800);
            browser.open(&url(&server, "/?q=latin+letter+with+and"));
            let wide = browser.value("document.documentElement.scrollWidth");
            let fits = wide.as_u64().is_some_and(|wide| wide <= width.into());
            assert!(fits, "{wide} on a screen of {width}");
        }
        let ratios = ["light", "dark"].map(|scheme| {
            browser.prefer(&[("prefers-color-scheme", scheme)]);
            let ratios = browser.value(CONTRASTS);
            let ratios = ratios.as_array().expect("an array").clone();
            assert!(ratios.len() > 5);
            for ratio in &ratios {
                // What WCAG 2.2, criterion 1.4.3, asks of text.
                let enough =
                    ratio[1].as_f64().is_some_and(|ratio| ratio >= 4.5);
                assert!(enough, "{scheme}: {ratio}");
            }
            Value::from(ratios)
        });
        assert_ne!(ratios[0], ratios[1], "dark is not light");
    });
}

/// How text stands out from what is behind it, by WCAG's formula.
const CONTRASTS: &str = r#"(() => {
    const numbers = (text) => text.match(/[\d.]+/g).map(Number);
    const light = (color) => {
        const [r, g, b] = numbers(color).map((value) => {
            const part = value / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (let e = element; e; e = e.parentElement) {
            const color = getComputedStyle(e).backgroundColor;
            if (numbers(color)[3] !== 0) return color;
        }
        return "rgb(255, 255, 255)";
    };
    const texts = "h1 a, label, #q, button, #status, tbody bdi, tbody th, tbody td:last-child, #more, footer";
    return [...document.querySelectorAll(texts)].slice(0, 30).map((element) => {
        const pair = [light(getComputedStyle(element).color), light(behind(element))];
        const [dark, bright] = pair.sort((a, b) => a - b);
        return [element.tagName, (bright + 0.05) / (dark + 0.05)];
    });
})()"#;
