//! What the web finder is measured beside, each a process of its own.
//!
//! `sh ch05-servers/benches/peers/setup.sh` installs those of Python; a
//! server that is missing is named and left out.

#![allow(dead_code, reason = "each bench uses its part")]

use std::convert::Infallible;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use ch05_servers::load::clients::{Http, connect};
use ch05_servers::load::{Arrivals, Plan, Report, run};
use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

use crate::serving::resident;

pub const TARGET: &str = "/search?q=cat+smiling";
const BODY: &str = r#"{"total":3,"start":0,"stop":3,"chars":[{"code":"U+1F638","char":"😸","name":"GRINNING CAT FACE WITH SMILING EYES"},{"code":"U+1F63A","char":"😺","name":"SMILING CAT FACE WITH OPEN MOUTH"},{"code":"U+1F63B","char":"😻","name":"SMILING CAT FACE WITH HEART-SHAPED EYES"}]}"#;

/// As an argument, makes a bench the bare hyper.
pub const HYPER: &str = "--hyper";
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers");

/// A server, ended when it is dropped.
pub struct Peer {
    /// In the record: one word.
    pub key: &'static str,
    pub label: &'static str,
    pub address: SocketAddr,
    process: Child,
    /// Its files, if it has any.
    _folder: Option<tempfile::TempDir>,
}

impl Peer {
    /// Starts the bare hyper and the finder.
    pub fn both() -> Vec<Peer> {
        let this = std::env::current_exe().expect("it runs");
        let mut bare = Command::new(this);
        bare.arg(HYPER);
        let mut finder = Command::new(env!("CARGO_BIN_EXE_ch05-servers"));
        finder.args(["web", "--port", "0", "--quiet"]);
        finder.args(["--max-conns", "20000", "--idle-timeout", "3600"]);
        finder.args(["--header-timeout", "3600"]);
        let both = [
            Peer::start("hyper", "bare hyper, the same body", bare),
            Peer::start("finder", "the web finder", finder),
        ];
        both.map(|peer| peer.expect("cargo has built it")).into()
    }

    /// Starts these two and all others that are here.
    pub fn all() -> Vec<Peer> {
        let python = |file: &str| {
            let mine = format!("{ROOT}/target/peers/bin/python");
            let mine = Path::new(&mine).exists().then_some(mine);
            let mut python = Command::new(mine.as_deref().unwrap_or("python3"));
            python.arg(format!("{PEERS}/{file}"));
            python
        };
        let mut node = Command::new("node");
        node.args([&format!("{PEERS}/repeat.mjs"), BODY]);
        let aiohttp = python("aiohttp_finder.py");
        let fastapi = python("fastapi_finder.py");
        let mut all = Peer::both();
        for (key, label, command) in [
            ("aiohttp", "the twin on aiohttp", aiohttp),
            ("fastapi", "the finder on FastAPI and uvicorn", fastapi),
            ("node", "node alone, the same body", node),
        ] {
            match Peer::start(key, label, command) {
                Some(peer) => all.push(peer),
                None => eprintln!("skipped, not here: {label}"),
            }
        }
        match Peer::nginx() {
            Some(peer) => all.push(peer),
            None => eprintln!("skipped, not here: nginx"),
        }
        all
    }

    /// Starts a program that says where it listens, if it can be had here.
    fn start(
        key: &'static str,
        label: &'static str,
        mut command: Command,
    ) -> Option<Peer> {
        let command = command.current_dir(ROOT).stdout(Stdio::piped());
        let mut process = command.spawn().ok()?;
        let stdout = process.stdout.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("UTF-8");
        let address = line.trim_end().strip_prefix("listening on ");
        let address = address.and_then(|address| address.parse().ok());
        let Some(address) = address else {
            process.wait().expect("it has ended, without its module");
            return None;
        };
        let peer = Peer {
            key,
            label,
            address,
            process,
            _folder: None,
        };
        peer.wait();
        Some(peer)
    }

    /// Starts an nginx that has the body as a file.
    fn nginx() -> Option<Peer> {
        let names = ["nginx", "/usr/sbin/nginx"];
        let program = names.into_iter().find(|name| {
            let mut version = Command::new(name);
            version.arg("-v").stderr(Stdio::null()).status().is_ok()
        })?;
        let folder = tempfile::tempdir().expect("a folder");
        // It takes no port 0: a free one is asked for and given back.
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("it is bound");
        drop(free);
        let root = folder.path();
        fs::write(root.join("body.json"), BODY).expect("a file");
        fs::write(root.join("nginx.conf"), nginx_conf(root, address))
            .expect("a file");
        let process = Command::new(program)
            .args(["-e", "stderr", "-p"])
            .arg(root)
            .arg("-c")
            .arg(root.join("nginx.conf"))
            .spawn()
            .ok()?;
        let peer = Peer {
            key: "nginx",
            label: "nginx, the same body as a file",
            address,
            process,
            _folder: Some(folder),
        };
        peer.wait();
        Some(peer)
    }

    /// Asks until there is an answer: the index may be late, and so may all.
    fn wait(&self) {
        let start = Instant::now();
        let moment = Duration::from_millis(50);
        while TcpStream::connect(self.address).is_err()
            || load(self.address, 1, moment).response.is_empty()
        {
            assert!(start.elapsed() < Duration::from_secs(60), "{}", self.key);
            thread::sleep(moment);
        }
    }

    /// Returns how many bytes of it are in memory, where that can be read.
    pub fn resident(&self) -> Option<f64> {
        resident(self.process.id())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // To be asked and not killed is what nginx needs to end its workers;
        // it may have ended, which the measurement will have noticed.
        let id = self.process.id().to_string();
        Command::new("kill").arg(id).status().ok();
        self.process.wait().ok();
    }
}

fn nginx_conf(root: &Path, address: SocketAddr) -> String {
    let root: PathBuf = root.into();
    let root = root.display();
    format!(
        "daemon off;
worker_processes 2;
pid {root}/pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {root}/a; proxy_temp_path {root}/b;
    fastcgi_temp_path {root}/c; uwsgi_temp_path {root}/d;
    scgi_temp_path {root}/e;
    open_file_cache max=10;
    default_type application/json;
    server {{
        listen {address} backlog=1024;
        root {root};
        location / {{ try_files /body.json =404; }}
    }}
}}
"
    )
}

/// Is a hyper without anything around it: as many threads as the finder, and
/// a process of its own as the others are.
#[tokio::main]
pub async fn hyper() {
    let at = ([127, 0, 0, 1], 0).into();
    let listener = ch05_servers::serve::program::listen(at, false);
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("an address");
    println!("listening on {address}");
    loop {
        let (stream, _) = listener.accept().await.expect("accepts");
        stream.set_nodelay(true).expect("a socket");
        let service = service_fn(async |_| {
            let body = Bytes::from_static(BODY.as_bytes());
            let mut response = Response::new(Full::new(body));
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
            Ok::<_, Infallible>(response)
        });
        let connection = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service);
        // A client that goes ends its connection, as it should.
        tokio::spawn(async { connection.await.ok() });
    }
}

#[tokio::main(flavor = "current_thread")]
pub async fn load(
    address: SocketAddr,
    connections: usize,
    time: Duration,
) -> Report {
    let plan = Plan {
        connections,
        time,
        arrivals: Arrivals::Closed,
    };
    let client =
        move || async move { Ok(Http::new(connect(address).await?, TARGET)) };
    run(plan, client).await.expect("the server is there")
}
