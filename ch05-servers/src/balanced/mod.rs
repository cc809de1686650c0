//! A load balancer asks another process, if it may ask twice.
//!
//! Three processes behind nginx, and one is killed under load. Which orders
//! are lost is decided by two lines of nginx's configuration.
//!
//! cargo run -p ch05-servers -- balanced

#![cfg_attr(
    not(unix),
    expect(dead_code, unused_imports, reason = "only Unix shares a port")
)]

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep;
use tour::parent;

pub mod demo;
pub mod orders;
pub mod program;

/// How long nginx may take to listen; it takes some milliseconds.
const START: Duration = Duration::from_secs(20);

/// What nginx does when a process does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Tells the client, and asks the same process again next time.
    NoOther,
    /// Asks the next one, unless the request may have done something; leaves
    /// the silent one alone for ten seconds. That is nginx's default.
    TheNext,
    /// Asks the next one whatever the request may have done.
    TheNextAnyway,
}

impl Policy {
    /// Returns what follows a process's address, and what follows
    /// `proxy_next_upstream`.
    fn words(self) -> (&'static str, &'static str) {
        let ten_seconds = "max_fails=1 fail_timeout=10s";
        match self {
            Policy::NoOther => ("max_fails=0", "off"),
            Policy::TheNext => (ten_seconds, "error timeout"),
            Policy::TheNextAnyway => {
                (ten_seconds, "error timeout non_idempotent")
            }
        }
    }
}

/// Returns the configuration of an nginx that needs no rights and leaves
/// nothing outside its folder.
pub fn configuration(
    port: u16,
    processes: &[SocketAddr],
    policy: Policy,
) -> String {
    let (watch, next) = policy.words();
    let servers = processes
        .iter()
        .map(|address| format!("        server {address} {watch};\n"));
    let servers: String = servers.collect();
    format!(
        "# One process in the foreground: its end is the end of nginx.
daemon off;
master_process off;
pid nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path temp;
    proxy_temp_path temp;
    fastcgi_temp_path temp;
    uwsgi_temp_path temp;
    scgi_temp_path temp;
    upstream shop {{
{servers}    }}
    server {{
        listen 127.0.0.1:{port} reuseport;
        proxy_next_upstream {next};
        location / {{ proxy_pass http://shop; }}
    }}
}}
"
    )
}

/// Runs a program, and ends it when standard input ends.
///
/// nginx does not look whether its parent is there. A shell can, by a `read`
/// that nothing ever answers.
#[cfg(unix)]
const WATCHED: &str = r#"
    exec 3<&0
    "$@" 3<&- </dev/null & watched=$!
    { read -r _ <&3; kill $watched; } 2>/dev/null &
    exec 3<&-
    wait $watched
"#;

/// An nginx of our own; it ends when this is dropped, or with this process.
pub struct Nginx(Child);

impl Nginx {
    /// Starts one in `folder`, on a free port, and waits until it listens.
    ///
    /// # Errors
    ///
    /// It cannot be started, or ends at once; then what it logged.
    #[cfg(unix)]
    pub async fn start(
        program: &str,
        folder: &Path,
        processes: &[SocketAddr],
        policy: Policy,
    ) -> io::Result<(Nginx, SocketAddr)> {
        // nginx cannot ask for any free port. So we take one, share it with
        // nginx and do not listen: no other program can have it meanwhile.
        let reserved = TcpSocket::new_v4()?;
        reserved.set_reuseport(true)?;
        reserved.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let address = reserved.local_addr()?;

        let text = configuration(address.port(), processes, policy);
        fs::write(folder.join("nginx.conf"), text)?;
        let mut command = Command::new("sh");
        command.args(["-c", WATCHED, "sh", program]).arg("-p");
        command
            .arg(folder)
            .args(["-c", "nginx.conf", "-e", "error.log"]);
        command.stdout(Stdio::null());
        let mut nginx = Nginx(parent::tie(&mut command).spawn()?);
        let start = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            let ended = nginx.0.try_wait()?.is_some();
            if ended || start.elapsed() > START {
                let log = fs::read_to_string(folder.join("error.log"))?;
                return Err(io::Error::other(format!("nginx: {log}")));
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok((nginx, address))
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // `wait` closes its stdin first, which ends it. It may be gone already.
        self.0.wait().ok();
    }
}

/// Returns the name of an nginx that runs here.
///
/// Debian has it where only root looks for programs.
pub fn program_name() -> Option<&'static str> {
    ["nginx", "/usr/sbin/nginx"].into_iter().find(|name| {
        let version = Command::new(name).arg("-v").output();
        version.is_ok_and(|version| version.status.success())
    })
}
