//! The load generator's counts, held against the server's and against wrk's.

mod server;

use std::process::Command;

use server::{At, Server, in_time, output};

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
fn an_open_loop_asks_as_often_as_it_was_told() {
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
fn what_is_no_answer_is_an_error_and_a_status() {
    let server = Server::start("flags", &["--quiet"]);
    let address = server.address.to_string();
    let args = ["--http", &address, "--path", "/nothing", "--time", "60"];
    let (status, stdout, _) = output("load", &args);
    assert_eq!(status, Some(1));
    assert!(stdout.contains("; 64 errors"), "{stdout}");
}

#[test]
fn needs_wrk_which_counts_the_same() {
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
