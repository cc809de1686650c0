//! The recorded schedules: stepped through, linked to, and as tables.

use serde_json::json;
use subprocess::browser::Browser;

use super::pages::url;

// Addresses are made before there is a browser: the first of them builds the
// book, which takes its time, and a browser that no test speaks to is ended.

const PAGE: &str = "ch01-threads/lost-update.html";

/// The line on which the mark of the acting thread is.
const MARKED: &str = "(() => {
    const program = document.querySelector('.program:not([hidden])');
    const mark = program.querySelector('.stands.acts');
    const rows = [...program.querySelectorAll('[data-row]')];
    return rows.find((row) => row.offsetTop == mark.offsetTop).textContent;
})()";

/// How many steps of all orders can be seen.
const STEPS: &str = "[...document.querySelectorAll('.schedules tbody tr')]
    .filter((row) => row.checkVisibility()).length";

const CONTROLS: &str =
    "document.querySelector('.schedules .controls').checkVisibility()";

const NOW: &str = "document.querySelector('.schedules .now').textContent";

#[test]
fn needs_chromium_a_link_opens_its_order_and_step() {
    let page = url(&format!("{PAGE}#lost-update:3.3"));
    Browser::shared(|browser| {
        browser.open(&page);
        let now = browser.value(NOW);
        assert_eq!(now, "Step 3 of 4: left stores 1, line 21. counter = 1.");
        assert_eq!(browser.value(MARKED), "21");
        // The page has not been left, and the address leads elsewhere.
        browser.value("location.hash = 'lost-update:8.1'");
        browser.wait_for(&format!("{NOW}.startsWith('Step 1 of 2: right')"));
        // One that leads nowhere leads to the first.
        browser.value("location.hash = 'lost-update:99.99'");
        browser.wait_for(&format!("{NOW}.startsWith('Step 4 of 4')"));
        assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
    });
}

#[test]
fn needs_chromium_keys_move_the_slider_and_do_not_turn_the_page() {
    let page = url(PAGE);
    Browser::shared(|browser| {
        browser.open(&page);
        let focus = |what| format!("document.querySelector('{what}').focus()");
        browser.value(&focus(".schedules [type=range]"));
        browser.press("ArrowRight");
        browser.wait_for(&format!("{NOW}.startsWith('Step 1 of 4')"));
        assert_eq!(browser.value(MARKED), "18");
        browser.press("End");
        browser.wait_for(&format!("{NOW}.startsWith('Step 4 of 4')"));
        assert_eq!(browser.value(MARKED), "21");
        browser.value(&focus(".schedules .controls button"));
        browser.press("ArrowLeft");
        browser.wait_for(&format!("{NOW}.startsWith('Step 3 of 4')"));
        browser.press("Enter");
        browser.wait_for(&format!("{NOW}.startsWith('Step 2 of 4')"));
        let name = browser.value("location.pathname.split('/').pop()");
        assert_eq!(name, "lost-update.html");
    });
}

#[test]
fn needs_chromium_an_order_that_is_chosen_is_shown_with_its_program() {
    let page = url(PAGE);
    Browser::shared(|browser| {
        browser.open(&page);
        browser.value(
            "(() => {
                const select = document.querySelector('.schedules select');
                select.value = '8';
                select.dispatchEvent(new Event('change'));
            })()",
        );
        let shown = "[...document.querySelectorAll('.schedules .order')]
            .filter((order) => order.checkVisibility())
            .map((order) => order.dataset.order)";
        assert_eq!(browser.value(shown), json!(["8"]));
        let link = browser.value(
            "new URL(document.querySelector('.schedules .link').href).hash",
        );
        assert_eq!(link, "#lost-update:8.0");
    });
}

#[test]
fn needs_chromium_a_circle_of_waiting_is_drawn_where_no_thread_can_go_on() {
    let page = url("ch01-threads/lock-order.html#lock-order:1.1");
    Browser::shared(|browser| {
        browser.open(&page);
        let seen = "[...document.querySelectorAll('.stuck')].filter((graph) =>
            graph.checkVisibility({ visibilityProperty: true })).length";
        assert_eq!(browser.value(seen), 0);
        browser.value("location.hash = 'lock-order:1.2'");
        browser.wait_for(&format!("{seen} == 1"));
        let says = browser.value(NOW);
        let says = says.as_str().unwrap_or_default();
        assert!(
            says.ends_with(
                "No thread can go on: left waits for account 2, \
             which right has; right waits for account 1, which left has."
            ),
            "{says}"
        );
    });
}

#[test]
fn needs_chromium_every_step_is_in_a_table_without_the_script() {
    let page = url(PAGE);
    Browser::shared(|browser| {
        browser.scripts(false);
        browser.open(&page);
        assert_eq!(browser.value(CONTROLS), false);
        // A reader opens these one by one.
        browser.value(
            "document.querySelectorAll('.schedules details')
                .forEach((order) => { order.open = true; })",
        );
        assert_eq!(browser.value(STEPS), 36);
        let cells = "document.querySelector('.schedules tbody').innerText";
        let cells = browser.value(cells);
        let cells = cells.as_str().unwrap_or_default();
        assert!(cells.contains("loads 0, line 18"), "{cells}");
        assert!(cells.contains("counter = 1"), "{cells}");
        browser.scripts(true);
    });
}

#[test]
fn needs_chromium_on_paper_every_step_of_every_order_is_there() {
    let page = url(PAGE);
    Browser::shared(|browser| {
        browser.open(&page);
        assert_eq!(browser.value(CONTROLS), true);
        browser.paper(true);
        browser.wait_for(&format!("!{CONTROLS}"));
        assert_eq!(browser.value(STEPS), 36);
        let titles = "[...document.querySelectorAll('.schedules summary')]
            .every((title) => title.checkVisibility())";
        assert_eq!(browser.value(titles), true);
    });
}

#[test]
fn needs_chromium_a_telephone_shows_a_deadlock_without_scrolling_sideways() {
    let page = url("ch01-threads/thread-pool.html#thread-pool:1.9");
    Browser::shared(|browser| {
        browser.resize(390, 800);
        browser.open(&page);
        browser.wait_for(&format!("{NOW}.startsWith('Step 9 of 9')"));
        let width = browser.value("document.documentElement.scrollWidth");
        assert_eq!(width, 390);
    });
}
