//! A headless Chromium, spoken to as its developer tools are: JSON, with a
//! zero byte at the end, on two pipes.
//!
//! For tests: what goes wrong panics. Their names begin with `needs_chromium`,
//! so that they can be skipped where there is none.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The whole of a test: a browser starts in a second, or in twenty under load.
const LIMIT: Duration = Duration::from_secs(600);

/// Where axe-core is, if `.ci/run` has put it there.
pub const AXE: &str = "target/tools/node_modules/axe-core/axe.min.js";

const NAMES: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The pipes are to be the files 3 and 4, which std cannot say and a shell can.
const START: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#;

const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    // No network, and no looking for one.
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];

/// Returns the command that starts a Chromium, if there is one.
///
/// The variable `CHROMIUM` names another one, or none.
pub fn find() -> Option<String> {
    let mut names = NAMES.map(str::to_string).to_vec();
    if let Ok(chosen) = std::env::var("CHROMIUM") {
        names = vec![chosen];
    }
    names.into_iter().find(|name| {
        let mut command = Command::new(name);
        command.arg("--version");
        let run = crate::run(command, Duration::from_secs(30));
        run.is_ok_and(|run| run.status == Some(0))
    })
}

/// A browser with one page.
pub struct Browser {
    process: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    calls: u64,
    /// The page, and what it shares with no other page: storage and cache.
    session: Option<String>,
    context: Option<Value>,
    /// What the page's script, or the page's policy, had to complain of.
    pub complaints: Vec<Value>,
    /// The address of everything that the page has asked for.
    pub requests: Vec<String>,
    /// Where it keeps what it remembers; goes away with it.
    _profile: TempDir,
    /// Sets back the clock of the one who would kill it; dropped at the end,
    /// which calls that off.
    alarm: mpsc::Sender<()>,
}

impl Browser {
    /// Starts a browser with one empty page.
    ///
    /// # Panics
    ///
    /// There is none, or it does not start.
    pub fn start() -> Browser {
        let name = find().expect("needs Chromium: see `cargo xtask doctor`");
        let profile = tempfile::tempdir().expect("a folder");
        let mut process = Command::new("sh")
            .args(["-c", START, &name])
            .args(FLAGS)
            .arg("--remote-debugging-pipe")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        // Both were asked for three lines above.
        let stdin = process.stdin.take().expect("a pipe");
        let stdout = process.stdout.take().expect("a pipe");
        let (alarm, again) = mpsc::channel();
        let id = process.id().to_string();
        thread::spawn(move || {
            use mpsc::RecvTimeoutError::Timeout;
            loop {
                match again.recv_timeout(LIMIT) {
                    Ok(()) => {}
                    // Ends every read from its pipe, and the test with it.
                    Err(Timeout) => {
                        Command::new("kill").args(["-9", &id]).status().ok();
                        break;
                    }
                    Err(_) => break,
                }
            }
        });
        let mut browser = Browser {
            process,
            stdin,
            stdout: BufReader::new(stdout),
            calls: 0,
            session: None,
            context: None,
            complaints: Vec::new(),
            requests: Vec::new(),
            _profile: profile,
            alarm,
        };
        browser.renew();
        browser
    }

    /// Runs a test with a page of its own in the browser of all tests, one
    /// after another: they share the second that a browser takes to start.
    ///
    /// The browser ends with the last of them.
    ///
    /// # Panics
    ///
    /// As the test does.
    pub fn shared(test: impl FnOnce(&mut Browser)) {
        static SHARED: Mutex<Weak<Mutex<Browser>>> = Mutex::new(Weak::new());
        let browser = {
            let mut shared =
                SHARED.lock().unwrap_or_else(PoisonError::into_inner);
            shared.upgrade().unwrap_or_else(|| {
                let browser = Arc::new(Mutex::new(Browser::start()));
                *shared = Arc::downgrade(&browser);
                browser
            })
        };
        let mut locked = match browser.lock() {
            Ok(mut browser) => {
                browser.renew();
                browser
            }
            // A test has failed with it, perhaps because it hung.
            Err(poisoned) => {
                browser.clear_poison();
                let mut browser = poisoned.into_inner();
                *browser = Browser::start();
                browser
            }
        };
        test(&mut locked);
    }

    /// Leaves the page, with all it has stored, for an empty one.
    fn renew(&mut self) {
        // Only a dead alarm does not listen, and then the browser is dead too.
        self.alarm.send(()).ok();
        self.session = None;
        if let Some(old) = self.context.take() {
            let old = json!({ "browserContextId": old });
            self.call("Target.disposeBrowserContext", old);
        }
        self.complaints.clear();
        self.requests.clear();
        let context = self.call("Target.createBrowserContext", json!({}));
        let context = context["browserContextId"].clone();
        let blank =
            json!({ "url": "about:blank", "browserContextId": context });
        self.context = Some(context);
        let target = self.call("Target.createTarget", blank);
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", target);
        self.session = session["sessionId"].as_str().map(str::to_string);
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
        // The window of another page may be the one in front.
        let focus = json!({ "enabled": true });
        self.call("Emulation.setFocusEmulationEnabled", focus);
    }

    /// Calls a method of the Chrome DevTools Protocol; returns its result.
    ///
    /// # Panics
    ///
    /// The result is an error, or the browser has ended.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        let result = self.try_call(method, params);
        result.unwrap_or_else(|err| panic!("{method}: {err}"))
    }

    fn try_call(
        &mut self,
        method: &str,
        params: Value,
    ) -> Result<Value, Value> {
        self.calls += 1;
        let mut call =
            json!({ "id": self.calls, "method": method, "params": params });
        if let Some(session) = &self.session {
            call["sessionId"] = json!(session);
        }
        let line = format!("{call}\0");
        self.stdin.write_all(line.as_bytes()).expect("it listens");
        loop {
            let mut answer = Vec::new();
            self.stdout.read_until(0, &mut answer).expect("it answers");
            assert_eq!(answer.pop(), Some(0), "{method}: it ended or hung");
            let answer: Value = serde_json::from_slice(&answer).expect("JSON");
            if answer["id"] == self.calls {
                return match answer.get("error") {
                    None => Ok(answer["result"].clone()),
                    Some(err) => Err(err.clone()),
                };
            }
            self.listen(&answer);
        }
    }

    fn listen(&mut self, event: &Value) {
        // The last page may still have something to say.
        if event["sessionId"].as_str() != self.session.as_deref() {
            return;
        }
        let params = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Log.entryAdded" | "Runtime.exceptionThrown" => {
                self.complaints.push(params.clone());
            }
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str();
                self.requests.push(url.unwrap_or_default().to_string());
            }
            _ => {}
        }
    }

    /// Opens an address and waits until all of the page is there.
    pub fn open(&mut self, url: &str) {
        let done = self.call("Page.navigate", json!({ "url": url }));
        assert!(done.get("errorText").is_none(), "{url}: {done}");
        self.wait_for("document.readyState == 'complete'");
    }

    /// Returns the value of a JavaScript expression in the page; of a promise,
    /// what it promises.
    ///
    /// # Panics
    ///
    /// The expression throws.
    pub fn value(&mut self, expression: &str) -> Value {
        let value = self.try_value(expression);
        value.unwrap_or_else(|err| panic!("{expression}: {err}"))
    }

    fn try_value(&mut self, expression: &str) -> Result<Value, Value> {
        let params = json!({
            "expression": expression,
            "returnByValue": true, "awaitPromise": true,
            // As if a reader had clicked: only then may a page copy.
            "userGesture": true,
        });
        let result = self.try_call("Runtime.evaluate", params)?;
        match result.get("exceptionDetails") {
            None => Ok(result["result"]["value"].clone()),
            Some(err) => Err(err.clone()),
        }
    }

    /// Asks the page until an expression is true there.
    ///
    /// # Panics
    ///
    /// It does not become true.
    pub fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        // A page that is being left answers with an error.
        while self.try_value(expression) != Ok(json!(true)) {
            let page = "document.body.innerText.slice(0, 500)";
            if start.elapsed() > LIMIT / 2 {
                panic!("not so: {expression}\n{}", self.value(page));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Types as an input method does: whole characters, whatever they are.
    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Presses and releases a key: `Enter`, `Tab`, `ArrowLeft`, `/`, `a`.
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            " " => (32, " "),
            "PageUp" => (33, ""),
            "PageDown" => (34, ""),
            "End" => (35, ""),
            "Home" => (36, ""),
            "ArrowLeft" => (37, ""),
            "ArrowUp" => (38, ""),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            text => (0, text),
        };
        for kind in ["keyDown", "keyUp"] {
            let mut params = json!({
                "type": kind, "key": key, "code": key,
                "windowsVirtualKeyCode": code,
            });
            if kind == "keyDown" && !text.is_empty() {
                params["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// Makes the window so wide and high, in CSS pixels.
    pub fn resize(&mut self, width: u32, height: u32) {
        let params = json!({
            "width": width, "height": height,
            "deviceScaleFactor": 1, "mobile": width < 500,
        });
        self.call("Emulation.setDeviceMetricsOverride", params);
    }

    /// Shows the page as to a reader whose settings are these:
    /// `prefers-color-scheme` is `dark`, `prefers-reduced-motion` is `reduce`.
    pub fn prefer(&mut self, features: &[(&str, &str)]) {
        let features: Vec<Value> = features
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let features = json!({ "features": features });
        self.call("Emulation.setEmulatedMedia", features);
    }

    /// Shows the page as on paper, or again as on a screen.
    pub fn paper(&mut self, on: bool) {
        let media = json!({ "media": if on { "print" } else { "" } });
        self.call("Emulation.setEmulatedMedia", media);
    }

    /// Turns JavaScript off or on, for the pages that are opened from now on.
    pub fn scripts(&mut self, on: bool) {
        let off = json!({ "value": !on });
        self.call("Emulation.setScriptExecutionDisabled", off);
    }

    /// Returns the page as far as the window shows it, or all of it, as a PNG
    /// in base64.
    pub fn screenshot(&mut self, all: bool) -> String {
        let params = json!({ "format": "png", "captureBeyondViewport": all });
        let shot = self.call("Page.captureScreenshot", params);
        shot["data"].as_str().unwrap_or_default().to_string()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ended by hand above, or by the alarm: then there is nothing to end.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
