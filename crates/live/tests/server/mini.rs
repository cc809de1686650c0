//! A small checkout with its book, a server of it, and a client.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Whatever a test waits for comes sooner.
pub const LIMIT: Duration = Duration::from_secs(120);

/// The page that shows everything.
pub const PAGE: &str = "ch01-mini/steady.html";

/// The file that the tests edit.
pub const FILE: &str = "ch01-mini/src/steady/mod.rs";

const MAIN: &str = "
#[path = \"steady/mod.rs\"]
mod steady;

fn main() {
    steady::demo(&std::env::args().nth(1).unwrap_or_default());
}
";

const STEADY: &str = "pub fn demo(what: &str) {
    match what {
        \"fail\" => std::process::exit(3),
        \"stdin\" => {
            let n = std::io::read_to_string(std::io::stdin());
            println!(\"{} bytes\", n.map_or(0, |text| text.len()));
        }
        _ => println!(\"one\"),
    }
    eprintln!(\"aside\");
}
";

const SECTION: &str = "
[run.rust]
contract = \"any-order\"
outcome = [\"{}\"]
timeout_secs = 20

[run.stdin]
command = \"cargo run -p ch01-mini -- stdin\"

[run.short]
command = \"cargo run -p ch01-mini -- short\"
timeout_secs = 2

[run.fail]
command = \"cargo run -p ch01-mini -- fail\"
contract = \"fails\"
status = 3

[run.refused]
command = \"cargo check -q -p ch01-mini --features refused --example refused\"
contract = \"refused\"
error = \"E0382\"
line = 4

[run.python]
contract = \"exact\"
";

const OUTCOMES: &str = "
[rust]
fingerprint = \"x\"
date = \"2026-11-22\"
machine = \"m\"
version = \"v\"
commit = \"c\"
conditions = [\"alone\"]
runs = [4]
distinct = 2
outcomes = [
    { shows = \"one\", counts = [3], lines = [\"one\"] },
    { shows = \"two\", counts = [1], lines = [\"two\"] },
]
";

/// A program that the compiler refuses in line 4.
const REFUSED: &str = "fn main() {
    let text = String::new();
    drop(text);
    drop(text);
}
";

/// Files of the checkout, by their paths.
const FILES: [(&str, &str); 15] = [
    (
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"ch01-mini\"]\n",
    ),
    (
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"ch01-mini\"\nversion = \"0.1.0\"\n",
    ),
    (
        "ch01-mini/Cargo.toml",
        "[package]\nname = \"ch01-mini\"\nversion = \"0.1.0\"\n\
         edition = \"2024\"\n\n[features]\nrefused = []\n\n[[example]]\n\
         name = \"refused\"\npath = \"src/steady/refused.rs\"\n\
         required-features = [\"refused\"]\n",
    ),
    ("ch01-mini/src/main.rs", MAIN),
    (FILE, STEADY),
    ("ch01-mini/src/steady/refused.rs", REFUSED),
    ("ch01-mini/src/steady/twin.py", "print('one')\n"),
    ("ch01-mini/src/steady/section.toml", SECTION),
    ("ch01-mini/src/steady/recorded/outcomes.toml", OUTCOMES),
    (
        "ch01-mini/src/steady/recorded/rust.txt",
        "cargo run -p ch01-mini -- steady\none\n",
    ),
    (
        "ch01-mini/src/steady/recorded/stdin.txt",
        "cargo run -p ch01-mini -- stdin\n0 bytes\n",
    ),
    (
        "ch01-mini/src/steady/recorded/short.txt",
        "cargo run -p ch01-mini -- short\none\n",
    ),
    (
        "ch01-mini/src/steady/recorded/fail.txt",
        "cargo run -p ch01-mini -- fail\n",
    ),
    (
        "ch01-mini/src/steady/recorded/refused.txt",
        "cargo check -q\nerror[E0382]: use of moved value\n --> a:4:1\n",
    ),
    (
        "ch01-mini/src/steady/recorded/python.txt",
        "python3 ch01-mini/src/steady/twin.py\none\n",
    ),
];

/// The names of the runs of the page.
const RUNS: [&str; 6] = ["rust", "stdin", "short", "fail", "refused", "python"];

/// Returns the file of a recording.
pub fn recording(name: &str) -> String {
    format!("ch01-mini/src/steady/recorded/{name}.txt")
}

/// A small checkout with the page of its book.
pub struct Checkout {
    pub folder: TempDir,
}

impl Checkout {
    pub fn new() -> Checkout {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in FILES {
            put(folder.path(), file, text);
        }
        let runs: String = RUNS
            .iter()
            .map(|run| {
                let run = recording(run);
                format!("<samp data-run=\"{run}\"></samp>")
            })
            .collect();
        let files: String = [
            FILE,
            "ch01-mini/src/steady/refused.rs",
            "ch01-mini/src/steady/twin.py",
        ]
        .iter()
        .map(|f| format!("<a href=\"../files/{f}.html#L1\">x</a>"))
        .collect();
        let page =
            format!("<head></head><script>a</script>{runs}{files}<body>");
        put(folder.path(), "target/book/index.html", "<head></head>");
        put(folder.path(), &format!("target/book/{PAGE}"), &page);
        put(folder.path(), "secret.txt", "secret");
        Checkout { folder }
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn live(&self) -> PathBuf {
        self.root().join("target/live")
    }
}

pub fn put(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A server; ended with the test.
pub struct Server {
    pub process: Child,
    pub port: u16,
    pub token: String,
}

impl Server {
    pub fn start(checkout: &Checkout) -> Server {
        Server::start_at(checkout.root())
    }

    pub fn start_at(root: &Path) -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_live"))
            .arg("--root")
            .arg(root)
            // A build in here is not one of the build around it.
            .env_remove("CARGO_TARGET_DIR")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let rest = line.trim().strip_prefix("http://127.0.0.1:").unwrap();
        let (port, token) = rest.split_once('/').unwrap();
        Server {
            process,
            port: port.parse().unwrap(),
            token: token.trim_end_matches('/').to_string(),
        }
    }

    /// Sends a request whose head is as given; returns status and body.
    pub fn raw(&self, head: &str, body: &str) -> (u16, String) {
        let mut stream = self.send(head, body);
        let mut text = Vec::new();
        // A server that refuses a long body closes without reading it.
        stream.read_to_end(&mut text).ok();
        split(&String::from_utf8_lossy(&text))
    }

    fn send(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let length = body.len();
        let head = format!("{head}\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).ok();
        stream
    }

    /// Returns the first event's data of an answer that has no end.
    pub fn first_data(&self, head: &str) -> String {
        let lines = BufReader::new(self.send(head, "")).lines();
        let mut data = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("data: ").map(str::to_string));
        data.next().unwrap_or_default()
    }

    fn head(&self, method: &str, path: &str) -> String {
        // Of version 1.0, so that the body is what is read to the end.
        format!(
            "{method} /{}/{path} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\n\
             Content-Type: application/json",
            self.token, self.port
        )
    }

    pub fn get(&self, path: &str) -> (u16, String) {
        self.raw(&self.head("GET", path), "")
    }

    pub fn ask(&self, method: &str, what: &str, body: &Value) -> (u16, Value) {
        let path = format!("_live/{what}");
        let (status, body) =
            self.raw(&self.head(method, &path), &body.to_string());
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    /// Starts a run; its events are read one by one.
    pub fn begin(&self, name: &str) -> Stream {
        let body = json!({ "page": PAGE, "run": recording(name) });
        self.begin_with("run", &body)
    }

    pub fn begin_with(&self, what: &str, body: &Value) -> Stream {
        let head = self.head("POST", &format!("_live/{what}"));
        let stream = self.send(&head, &body.to_string());
        Stream {
            lines: BufReader::new(stream),
        }
    }

    /// Runs to the end; returns what was printed, and the last event.
    pub fn run(&self, name: &str) -> (String, Value) {
        self.begin(name).finish()
    }

    /// Keeps a text as the reader's edit.
    pub fn edit(&self, file: &str, text: &str) {
        let query = format!("file?page={PAGE}&file={file}");
        let (status, now) = self.ask("GET", &query, &Value::Null);
        assert_eq!(status, 200, "{now}");
        let version = &now["version"];
        let body = json!({
            "page": PAGE, "file": file, "text": text, "version": version,
        });
        let (status, now) = self.ask("PUT", "file", &body);
        assert_eq!(status, 200, "{now}");
    }

    /// Sends a signal and waits for the end.
    pub fn signal(&mut self, signal: &str) {
        let id = self.process.id().to_string();
        Command::new("kill").args([signal, &id]).status().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            self.signal("-TERM");
        }
    }
}

fn split(answer: &str) -> (u16, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).unwrap_or_default();
    (status.parse().unwrap_or_default(), body.to_string())
}

/// The events of a run, as they come.
pub struct Stream {
    lines: BufReader<TcpStream>,
}

impl Stream {
    pub fn next(&mut self) -> Option<Value> {
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).ok();
            }
        }
    }

    /// Reads on to the first event of a kind.
    pub fn wait_for(&mut self, what: &str) -> Value {
        loop {
            let event = self.next().expect("an event");
            if event["what"] == what {
                return event;
            }
        }
    }

    pub fn finish(&mut self) -> (String, Value) {
        let mut printed = String::new();
        loop {
            let event = self.next().expect("an end");
            match event["what"].as_str() {
                Some("out") => printed += event["text"].as_str().unwrap(),
                Some("end") => return (printed, event),
                _ => {}
            }
        }
    }
}
