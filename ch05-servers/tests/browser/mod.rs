//! A headless Chromium, spoken to as its developer tools are: JSON, with a
//! zero byte at the end, on two pipes.
//!
//! The variable `CHROMIUM` names another one.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The whole of a test: a browser starts in a second, or in ten under load.
const LIMIT: Duration = Duration::from_secs(60);

/// The pipes are to be the files 3 and 4, which std cannot say and a shell can.
const START: &str = r#"
for name in ${CHROMIUM:-chromium chromium-browser google-chrome chrome}; do
    command -v "$name" >/dev/null || continue
    exec "$name" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1
done
echo "no Chromium" >&2
"#;

pub struct Browser {
    process: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    calls: u64,
    session: Option<String>,
    /// What the page's script, or the page's policy, had to complain of.
    pub complaints: Vec<Value>,
    /// Where it keeps what it remembers; goes away with it.
    _profile: TempDir,
    /// Dropped at the end, which calls off the one who would kill it.
    _alarm: mpsc::Sender<()>,
}

impl Browser {
    /// Starts a browser with one empty page.
    pub fn start() -> Browser {
        let profile = tempfile::tempdir().expect("a folder");
        let folder = profile.path().display();
        let mut process = Command::new("sh")
            .args(["-c", START, "sh", "--headless", "--no-sandbox"])
            .args(["--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-sync"])
            .args(["--disable-component-update", "--remote-debugging-pipe"])
            .arg("--hide-scrollbars")
            .arg(format!("--user-data-dir={folder}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let stdin = process.stdin.take().expect("a pipe");
        let stdout = process.stdout.take().expect("a pipe");
        let (alarm, called_off) = mpsc::channel();
        let id = process.id().to_string();
        thread::spawn(move || {
            let waited = called_off.recv_timeout(LIMIT);
            if waited == Err(mpsc::RecvTimeoutError::Timeout) {
                // Ends every read from its pipe, and the test with it.
                Command::new("kill").args(["-9", &id]).status().ok();
            }
        });
        let mut browser = Browser {
            process,
            stdin,
            stdout: BufReader::new(stdout),
            calls: 0,
            session: None,
            complaints: Vec::new(),
            _profile: profile,
            _alarm: alarm,
        };
        let blank = json!({ "url": "about:blank" });
        let target = browser.call("Target.createTarget", blank);
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", target);
        browser.session = session["sessionId"].as_str().map(str::to_string);
        for domain in ["Page", "Runtime", "Log", "Accessibility"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Calls a method of the Chrome DevTools Protocol; returns its result.
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
            let event = answer["method"].as_str().unwrap_or_default();
            if ["Log.entryAdded", "Runtime.exceptionThrown"].contains(&event) {
                self.complaints.push(answer["params"].clone());
            }
        }
    }

    pub fn open(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url }));
        self.wait_for("document.readyState == 'complete'");
    }

    /// Returns the value of a JavaScript expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let value = self.try_value(expression);
        value.unwrap_or_else(|err| panic!("{expression}: {err}"))
    }

    fn try_value(&mut self, expression: &str) -> Result<Value, Value> {
        let params = json!({ "expression": expression, "returnByValue": true });
        let result = self.try_call("Runtime.evaluate", params)?;
        match result.get("exceptionDetails") {
            None => Ok(result["result"]["value"].clone()),
            Some(err) => Err(err.clone()),
        }
    }

    /// Asks the page until an expression is true there.
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

    /// Presses and releases a key: `Enter`, `Tab`, `End`, `/`.
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Tab" => (9, ""),
            "End" => (35, ""),
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
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ended by hand above, or by the alarm: then there is nothing to end.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
