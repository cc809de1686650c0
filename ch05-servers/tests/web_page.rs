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
fn needs_chromium_who_cannot_see_it_hears_what_it_is() {
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
