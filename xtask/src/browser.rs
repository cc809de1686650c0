//! The book in a real browser, from the file system, without a network.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::report::Report;
use crate::transcript::{files, read};
use xtask::child;

/// Returns the command that starts a Chromium, if there is one.
///
/// The variable `CHROMIUM` names another one, or none.
pub fn find() -> Option<String> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let mut names = names.map(str::to_string).to_vec();
    if let Ok(chosen) = std::env::var("CHROMIUM") {
        names = vec![chosen];
    }
    names.into_iter().find(|name| {
        let mut command = Command::new(name);
        command.arg("--version");
        let run = child::run(command, Duration::from_secs(30));
        run.is_ok_and(|run| run.status == Some(0))
    })
}

/// Opens pages of the book at `out` and looks at what the browser made of them.
pub fn check(report: &Report, out: &Path) {
    let Some(chromium) = find() else {
        return report.skip("the book in a browser", "no Chromium");
    };
    let listed = |dump: &str| dump.contains("class=\"hljs");
    report.check("listings are highlighted by script", "", || {
        let page = page_with(out, "<code class=\"language-rust")?;
        let dump = dump(&chromium, &page)?;
        listed(&dump)
            .then_some(())
            .ok_or(format!("not so in {page}"))
    });
    report.check("the search finds a word, from file://", "", || {
        let dump = dump(&chromium, &url(out, "index.html?search=spinner"))?;
        let found = dump.contains("class=\"searchresults-header\">1 search")
            || dump.contains(" search results for 'spinner'");
        found
            .then_some(())
            .ok_or("no result for `spinner`".to_string())
    });
}

/// Returns the address of the first page that contains `wanted`.
fn page_with(out: &Path, wanted: &str) -> Result<String, String> {
    let folders = std::fs::read_dir(out).map_err(|err| err.to_string())?;
    for folder in folders.flatten().filter(|f| f.path().is_dir()) {
        for path in files(&folder.path())? {
            let page = path.extension().is_some_and(|e| e == "html");
            if page && read(&path)?.contains(wanted) {
                return Ok(url(&path, ""));
            }
        }
    }
    Err(format!("no page with `{wanted}`"))
}

fn url(path: &Path, rest: &str) -> String {
    let slash = if rest.is_empty() { "" } else { "/" };
    format!("file://{}{slash}{rest}", path.display())
}

/// Returns the page as it is after its scripts have run.
fn dump(chromium: &str, url: &str) -> Result<String, String> {
    let profile = std::env::temp_dir()
        .join(format!("spinning-plates-browser-{}", std::process::id()));
    let mut command = Command::new(chromium);
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu"])
        // No network, and no looking for one.
        .args(["--disable-quic", "--no-first-run", "--disable-sync"])
        .args(["--disable-background-networking", "--dump-dom"])
        .args(["--disable-component-update", "--virtual-time-budget=5000"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(url);
    let run = child::run(command, Duration::from_secs(120));
    // A profile left behind harms nobody; a browser may still hold it.
    std::fs::remove_dir_all(&profile).ok();
    let run = run?;
    if run.status == Some(0) {
        Ok(run.stdout)
    } else {
        Err(format!("{chromium} {url}: {}", run.ending()))
    }
}
