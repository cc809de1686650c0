//! Claims about pipelines that push.

use std::cell::RefCell;

use super::*;
use crate::coroutine::{Misuse, State};

async fn collector<'a>(
    co: Co<'_, (), &'a str>,
    lines: &RefCell<Vec<&'a str>>,
) -> Result<(), Raised> {
    loop {
        match co.yield_(()).await {
            Ok(line) => lines.borrow_mut().extend(line),
            Err(Raised::Exit) => {
                lines.borrow_mut().push("closed");
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
}

async fn fails_at(co: Co<'_, (), &str>, word: &str) -> Result<(), Raised> {
    loop {
        match co.yield_(()).await {
            Ok(line) if line == Some(word) => {
                return Err(Raised::message("full"));
            }
            Ok(_) => {}
            Err(Raised::Exit) if word == "exit" => {
                return Err(Raised::message("no last flush"));
            }
            Err(end) => return Err(end),
        }
    }
}

#[test]
fn the_end_of_the_stream_reaches_every_sink() {
    let lines = RefCell::new(Vec::new());
    let sink = || Coroutine::new(|co| collector(co, &lines)).primed().unwrap();
    let mut all = Coroutine::new(|co| broadcast(co, vec![sink(), sink()]))
        .primed()
        .unwrap();
    push(["a"], &mut all).unwrap();
    assert_eq!(*lines.borrow(), ["a", "a", "closed", "closed"]);
    assert_eq!(all.state(), State::Finished);
}

#[test]
fn a_dropped_pipeline_closes_its_sink() {
    let lines = RefCell::new(Vec::new());
    let sink = Coroutine::new(|co| collector(co, &lines)).primed().unwrap();
    drop(Coroutine::new(|co| grep(co, "", sink)).primed().unwrap());
    assert_eq!(*lines.borrow(), ["closed"]);
}

#[test]
fn a_line_with_two_matches_arrives_twice_in_a_shared_sink() {
    let lines = RefCell::new(Vec::new());
    let sink = Coroutine::new(|co| collector(co, &lines)).primed().unwrap();
    let sink = Shared::new(sink);
    let branch = |pattern: &'static str| {
        let sink = sink.clone();
        Coroutine::new(move |co| grep(co, pattern, sink))
            .primed()
            .unwrap()
    };
    let branches = vec![branch("a"), branch("b")];
    let mut all = Coroutine::new(|co| broadcast(co, branches))
        .primed()
        .unwrap();
    push(["ab", "b", "c"], &mut all).unwrap();
    assert_eq!(*lines.borrow(), ["ab", "ab", "b", "closed"]);
}

#[test]
fn error_of_a_sink_reaches_the_source() {
    for word in ["b", "exit"] {
        let sink = Coroutine::new(|co| fails_at(co, word)).primed().unwrap();
        let mut filter =
            Coroutine::new(|co| grep(co, "", sink)).primed().unwrap();
        assert!(push(["a", "b", "c"], &mut filter).is_err(), "{word}");
        assert_eq!(filter.state(), State::Finished);
    }
}

#[test]
fn a_ring_is_refused() {
    let raised = ring_broken().unwrap().send("a").yielded().unwrap_err();
    assert_eq!(raised.misuse(), Some(Misuse::AlreadyExecuting));
}

#[test]
fn the_stages_call_each_other_on_one_stack() {
    let lines = RefCell::new(Vec::new());
    let mut stage =
        Coroutine::new(|co| collector(co, &lines)).primed().unwrap();
    for _ in 0..100 {
        stage = Coroutine::new(|co| grep(co, "", stage)).primed().unwrap();
    }
    push(["deep"], &mut stage).unwrap();
    assert_eq!(*lines.borrow(), ["deep", "closed"]);
}
