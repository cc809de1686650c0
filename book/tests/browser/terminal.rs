//! The terminal recordings: at rest, played, and without a script.

use subprocess::browser::Browser;

use super::pages::url;

const PAGE: &str = "ch04-async/spinner.html";

const SCREEN: &str = "document.querySelector('.terminal .screen').textContent";
const FRAME: &str = "document.querySelector('.terminal [type=range]').value";
const BUTTON: &str = "document.querySelector('.terminal .player button')";

/// The text of the last frame, as the list has it.
const LAST: &str =
    "[...document.querySelectorAll('.terminal .frames li')].pop().textContent";

#[test]
fn needs_chromium_nothing_moves_before_it_is_played() {
    Browser::shared(|browser| {
        browser.open(&url(PAGE));
        browser.wait_for(&format!("{BUTTON}?.textContent == 'Play'"));
        assert_eq!(browser.value(SCREEN), browser.value(LAST));
        // In one breath: it may be over before this test asks again.
        let played = browser.value(&format!(
            "({BUTTON}.click(), {BUTTON}.textContent + {FRAME})"
        ));
        assert_eq!(played, "Pause0");
        browser.wait_for(&format!("Number({FRAME}) >= 2"));
        let paused = browser.value(&format!(
            "({BUTTON}.textContent == 'Pause' && {BUTTON}.click(),
                {BUTTON}.textContent)"
        ));
        assert_eq!(paused, "Play");
        assert!(browser.complaints.is_empty(), "{:?}", browser.complaints);
    });
}

#[test]
fn needs_chromium_keys_choose_a_frame() {
    Browser::shared(|browser| {
        browser.open(&url(PAGE));
        browser.wait_for(&format!("!!{BUTTON}"));
        // The page folds it.
        browser.value(
            "document.querySelector('.terminal').closest('details').open = true",
        );
        browser
            .value("document.querySelector('.terminal [type=range]').focus()");
        browser.press("Home");
        browser.wait_for(&format!("{FRAME} == 0"));
        browser.press("ArrowRight");
        browser.wait_for(&format!("{FRAME} == 1"));
        let said = "document.querySelector('.terminal [type=range]')
            .getAttribute('aria-valuetext').includes('frame 2 of')";
        assert_eq!(browser.value(said), true);
        let shown = format!(
            "{SCREEN} == document.querySelectorAll('.terminal .frames li')[1]
                .textContent"
        );
        assert_eq!(browser.value(&shown), true);
    });
}

#[test]
fn needs_chromium_without_motion_the_frames_are_turned_by_hand() {
    Browser::shared(|browser| {
        browser.prefer(&[("prefers-reduced-motion", "reduce")]);
        browser.open(&url(PAGE));
        browser.wait_for(&format!("{BUTTON}?.textContent == 'Next frame'"));
        for frame in ["0", "1", "2"] {
            browser.value(&format!("{BUTTON}.click()"));
            assert_eq!(browser.value(FRAME), frame);
            assert_eq!(
                browser.value(&format!("{BUTTON}.textContent")),
                "Next frame"
            );
        }
    });
}

#[test]
fn needs_chromium_without_a_script_the_last_frame_and_the_list_are_there() {
    Browser::shared(|browser| {
        browser.scripts(false);
        browser.open(&url(PAGE));
        assert_eq!(browser.value(SCREEN), browser.value(LAST));
        let count = "document.querySelectorAll('.terminal .frames li').length";
        assert!(browser.value(count).as_u64() > Some(20));
        assert_eq!(browser.value(&format!("!{BUTTON}")), true);
    });
}

#[test]
fn needs_chromium_a_timeline_is_scrolled_on_a_narrow_page_and_readable() {
    Browser::shared(|browser| {
        browser.resize(390, 800);
        browser.open(&url(PAGE));
        let wide = "document.documentElement.scrollWidth <= 390";
        browser.wait_for(wide);
        let smallest = "Math.min(...[...document.querySelectorAll(
            '.timeline svg text')].map((text) =>
                parseFloat(getComputedStyle(text).fontSize)))";
        assert!(browser.value(smallest).as_f64() >= Some(12.0));
    });
}
