//! An echo behind a NATS server: every message passes it twice each way.

use std::fs;
use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use async_nats::Client;
use ch02_processes::costs::Echo;
use futures::StreamExt;
use tempfile::TempDir;
use tokio::runtime::{self, Runtime};

const SUBJECT: &str = "echo";
const START: Duration = Duration::from_secs(20);

/// A thread that is reached through a broker on a port of its own.
pub struct InBroker {
    server: Child,
    _folder: TempDir,
    client: Client,
    runtime: Runtime,
}

impl InBroker {
    pub fn start() -> io::Result<InBroker> {
        let folder = tempfile::tempdir()?;
        let mut server = Command::new("nats-server")
            .args(["-a", "127.0.0.1", "-p", "-1", "--ports_file_dir"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .spawn()?;
        let file = format!("nats-server_{}.ports", server.id());
        let url =
            match url(|| fs::read_to_string(folder.path().join(&file)).ok()) {
                Some(url) => url,
                None => {
                    server.kill()?;
                    server.wait()?;
                    return Err(io::Error::other("nats-server names no port"));
                }
            };
        let (ready, answering) = mpsc::channel();
        let far = url.clone();
        thread::spawn(move || answer(&far, || ready.send(()).is_ok()));
        answering.recv().map_err(io::Error::other)?;
        let runtime = current_thread()?;
        let client = runtime
            .block_on(async_nats::connect(url))
            .map_err(io::Error::other)?;
        Ok(InBroker {
            server,
            _folder: folder,
            client,
            runtime,
        })
    }
}

impl Echo for InBroker {
    fn echo(&mut self, text: String) -> io::Result<String> {
        // The same words on the way as through a pipe: a frame of JSON.
        let question = serde_json::to_vec(&text)?;
        let asked = self.client.request(SUBJECT, question.into());
        let answer = self.runtime.block_on(asked).map_err(io::Error::other)?;
        Ok(serde_json::from_slice(&answer.payload)?)
    }
}

impl Drop for InBroker {
    fn drop(&mut self) {
        // The thread ends with its connection; its result is not needed.
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// Sends every message back, until the broker has ended.
fn answer(url: &str, ready: impl FnOnce() -> bool) -> io::Result<()> {
    current_thread()?.block_on(async {
        let options = async_nats::ConnectOptions::new().max_reconnects(1);
        let client = options.connect(url).await.map_err(io::Error::other)?;
        let mut questions =
            client.subscribe(SUBJECT).await.map_err(io::Error::other)?;
        client.flush().await.map_err(io::Error::other)?;
        if !ready() {
            return Ok(());
        }
        while let Some(question) = questions.next().await {
            let text: String = serde_json::from_slice(&question.payload)?;
            if let Some(reply) = question.reply {
                let answer = serde_json::to_vec(&text)?;
                let sent = client.publish(reply, answer.into()).await;
                sent.map_err(io::Error::other)?;
            }
        }
        Ok(())
    })
}

fn current_thread() -> io::Result<Runtime> {
    runtime::Builder::new_current_thread().enable_all().build()
}

/// Waits for the file in which the server says where it listens.
fn url(read: impl Fn() -> Option<String>) -> Option<String> {
    let deadline = Instant::now() + START;
    while Instant::now() < deadline {
        let ports = read().unwrap_or_default();
        if let Some((_, port)) = ports.split_once("nats://127.0.0.1:") {
            let (port, _) = port.split_once('"')?;
            return Some(format!("nats://127.0.0.1:{port}"));
        }
        thread::sleep(Duration::from_millis(5));
    }
    None
}
