//! Claims about the carriers that need no process; `tests/carriers.rs` has the
//! others.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// Fails a test that hangs.
fn in_time(test: impl FnOnce() + Send + 'static) {
    let (tx, rx) = std::sync::mpsc::channel();
    let test = std::thread::spawn(move || {
        test();
        tx.send(()).expect("the test waits for it");
    });
    let end = rx.recv_timeout(std::time::Duration::from_secs(60));
    assert_ne!(end, Err(std::sync::mpsc::RecvTimeoutError::Timeout));
    test.join().expect("the test passes");
}

/// Counts how often it was tidied up after.
struct TidyUp(&'static AtomicU32);

impl Drop for TidyUp {
    fn drop(&mut self) {
        // The thread is joined before anyone looks.
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn tidy(count: &'static AtomicU32) -> Result<Stage<'static>, Raised> {
    Coroutine::new(|co: Co<'static, (), String>| async move {
        let _tidy_up = TidyUp(count);
        python_lines(co).await
    })
    .primed()
}

#[test]
fn closing_and_dropping_reach_the_far_end_and_wait_for_it() {
    in_time(|| {
        static THREAD: AtomicU32 = AtomicU32::new(0);
        static SOCKET: AtomicU32 = AtomicU32::new(0);
        let thread = || thread::Thread::start(|| tidy(&THREAD));
        let socket = || socket::Socket::start(|| tidy(&SOCKET)).unwrap();

        run(["a".to_string()], carried(thread()).unwrap()).unwrap();
        assert_eq!(THREAD.load(Ordering::Relaxed), 1);
        drop(carried(thread()).unwrap());
        assert_eq!(THREAD.load(Ordering::Relaxed), 2);
        drop(thread());
        assert_eq!(THREAD.load(Ordering::Relaxed), 3);

        run(["a".to_string()], carried(socket()).unwrap()).unwrap();
        assert_eq!(SOCKET.load(Ordering::Relaxed), 1);
        drop(carried(socket()).unwrap());
        assert_eq!(SOCKET.load(Ordering::Relaxed), 2);
        drop(socket());
        assert_eq!(SOCKET.load(Ordering::Relaxed), 3);
    });
}

#[test]
fn error_of_a_far_stage_comes_back() {
    in_time(|| {
        for carrier in ["in line", "thread", "socket"] {
            // However many lines come after it: the sender does not hang.
            let lines = std::iter::once("poison".to_string())
                .chain(log::lines(1).take(10_000));
            let stage = behind(carrier, Command::new("unused")).unwrap();
            let raised = run(lines, stage).unwrap_err();
            assert_eq!(raised.to_string(), "poisoned", "{carrier}");
        }
    });
}

#[test]
fn a_frame_that_is_cut_or_too_long_is_an_error() {
    let mut bytes = Vec::new();
    frame::write(&mut bytes, "café\n").unwrap();
    for cut in 1..bytes.len() {
        let error = frame::read(&bytes[..cut]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{cut}");
    }
    assert_eq!(frame::read(&bytes[..]).unwrap().unwrap(), "café\n");
    assert!(frame::read(&bytes[..0]).unwrap().is_none());
    let error = frame::read(&b"HTTP/1.1 200 OK"[..]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

#[test]
fn a_far_end_whose_pipe_breaks_reports_nothing() {
    let mut answer = Vec::new();
    far_end(&b"\x05\0\0\0cut"[..], &mut answer, make).unwrap_err();
    assert!(answer.is_empty());
}
