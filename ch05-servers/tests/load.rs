//! The load generator's counts, held against the server's and against wrk's.

mod server;

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use server::{At, Server, eventually, in_time, output};

/// Returns how many answers the server has counted, and this one.
fn counted(server: &Server) -> u64 {
    let ask = b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let metrics = server.exchange(ask);
    let name = "http_requests_total{status=\"2xx\"} ";
    let line = metrics.lines().find_map(|line| line.strip_prefix(name));
    line.expect("a counter").parse().expect("a number")
}

fn first_number(text: &str) -> u64 {
    let number = text.split_whitespace().next().expect("a word");
    number.parse().expect("a number")
}

#[test]
fn it_counts_what_the_server_counts() {
    let server = Server::start("flags", &["--quiet"]);
    let before = counted(&server);
    let address = server.address.to_string();
    for rate in [&[][..], &["--rate", "200"]] {
        let mut args = vec!["--http", &address, "--path", "/health"];
        args.extend(["--connections", "8", "--time", "0.5"]);
        args.extend(rate);
        let (status, stdout, stderr) = output("load", &args);
        assert_eq!((status, stderr.as_str()), (Some(0), ""), "{stdout}");
        assert!(stdout.contains("p99.9"), "{stdout}");
    }
    let (_, stdout, _) = output(
        "load",
        &["--http", &address, "--path", "/health", "--time", "0.3"],
    );
    let answers = first_number(&stdout);
    assert!(answers > 0);
    // The other two as well, and what was asked here.
    assert!(counted(&server) > before + answers);
}

#[test]
fn open_loop_sends_at_the_given_rate() {
    let server = Server::start("flags", &["--quiet"]);
    let address = server.address.to_string();
    let args = ["--http", &address, "--path", "/health", "--rate", "200"];
    let before = counted(&server);
    let (_, stdout, _) =
        output("load", &[&args[..], &["--time", "0.5"]].concat());
    // On a machine that stands still for so long, some are given up.
    let unsent = stdout.split(" errors, ").nth(1).map(first_number);
    let answers = first_number(&stdout);
    assert_eq!(Some(100 - answers), unsent, "{stdout}");
    // And the question of `counted` itself, which counts itself last.
    assert_eq!(counted(&server), before + answers + 1);
}

#[test]
fn bytes_that_are_no_answer_are_an_error_and_a_status() {
    let server = Server::start("flags", &["--quiet"]);
    let address = server.address.to_string();
    let args = ["--http", &address, "--path", "/nothing", "--time", "0.3"];
    let (status, stdout, _) = output("load", &args);
    assert_eq!(status, Some(1));
    assert_eq!(first_number(&stdout), 0, "{stdout}");
    let errors = stdout.split("; ").nth(1).map(first_number);
    let by_kind = stdout.lines().find(|line| line.ends_with("status 404"));
    assert_eq!(errors, by_kind.map(first_number), "{stdout}");
    assert!(errors > Some(64), "{stdout}");
}

/// Starts a server that is not ours and waits until it listens.
fn peer(mut command: Command, address: SocketAddr) -> Peer {
    let process = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it is there");
    let peer = Peer(process);
    eventually("it listens", || TcpStream::connect(address).is_ok());
    peer
}

struct Peer(Child);

impl Drop for Peer {
    fn drop(&mut self) {
        // It has not ended by itself; if it has, there is nothing to end.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

/// Asks a server that closes connections, and returns how many answers came.
fn asks_and_connects_again(address: SocketAddr, path: &str) -> u64 {
    let address = address.to_string();
    let args = ["--http", &address, "--path", path, "--connections", "2"];
    let (status, stdout, stderr) =
        output("load", &[&args[..], &["--time", "1"]].concat());
    assert_eq!((status, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert!(stdout.contains("; 0 errors"), "{stdout}");
    assert!(stdout.contains(" × connected again"), "{stdout}");
    first_number(&stdout)
}

#[test]
fn needs_python3_server_that_closes_after_each_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("hi.txt"), "hi").expect("a file");
    let address = free_port();
    let port = address.port().to_string();
    let mut command = Command::new("python3");
    command
        .args(["-m", "http.server", "--bind", "127.0.0.1", &port])
        .current_dir(folder.path());
    let _peer = peer(command, address);
    let answers = asks_and_connects_again(address, "/hi.txt");
    // More than two, which was the end of the two connections.
    assert!(answers > 10, "{answers}");
}

#[test]
fn needs_nginx_that_closes_after_a_thousand_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = free_port();
    let root = folder.path().display();
    let config = format!(
        "pid {root}/pid; error_log {root}/error.log; daemon off;
        worker_processes 1; events {{}}
        http {{
            access_log off;
            client_body_temp_path {root}/a; proxy_temp_path {root}/b;
            fastcgi_temp_path {root}/c; uwsgi_temp_path {root}/d;
            scgi_temp_path {root}/e;
            server {{
                listen {address};
                # Nginx's own limit is 1,000, which a slow machine does not
                # reach in a second.
                keepalive_requests 10;
                location / {{ return 200 hi; }}
            }}
        }}"
    );
    let path = folder.path().join("nginx.conf");
    fs::write(&path, config).expect("a file");
    let mut command = Command::new("nginx");
    command.arg("-c").arg(&path).arg("-p").arg(folder.path());
    let _peer = peer(command, address);
    let answers = asks_and_connects_again(address, "/");
    assert!(answers > 20, "{answers}");
}

#[test]
fn needs_wrk_counts_as_our_load_generator_does() {
    let server = Server::start("flags", &["--quiet"]);
    let before = counted(&server);
    let url = format!("http://{}/health", server.address);
    let mut wrk = Command::new("wrk");
    wrk.args(["-t1", "-c8", "-d1s", &url]);
    let output = in_time(move || wrk.output()).expect("wrk ends");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let line = text.lines().find(|line| line.contains(" requests in "));
    let answers = first_number(line.unwrap_or_else(|| panic!("{text}")));
    let served = counted(&server) - before - 1;
    // Those under way when wrk stops are the server's and not wrk's.
    assert!(
        (answers..=answers + 8).contains(&served),
        "{answers} {served}"
    );
}
