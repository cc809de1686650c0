//! The loop that is a person, played through a pipe.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Plays `typed`, and returns what was printed; fails if that never ends.
fn play(mut program: Command, typed: &[u8]) -> Option<String> {
    program.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child: Child = program.spawn().ok()?;
    let mut keyboard = child.stdin.take().expect("it is a pipe");
    let (typed, (tx, rx)) = (typed.to_vec(), mpsc::channel());
    thread::spawn(move || {
        // A player that has ended does not read on.
        keyboard.write_all(&typed).ok();
        drop(keyboard);
        tx.send(child.wait_with_output()).ok();
    });
    let ended = rx.recv_timeout(Duration::from_secs(60));
    let output = ended.expect("it ends").expect("it can be waited for");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("it prints UTF-8");
    Some(said.replace('\r', ""))
}

fn human(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch03-generators"));
    command.arg("human").args(args);
    command
}

fn twin(args: &[&str]) -> Command {
    let mut command = Command::new("python3");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/human/twin.py");
    command.arg(path).args(args);
    command
}

const GAMES: [&str; 6] = [
    "tea,laundry,wait,tea,wait,laundry,wait,tea,wait,laundry",
    "wait,wait,tea,tea,tea,wait,wait,wait,tea,wait,tea,wait,tea",
    "coffee,Tea,WAIT,tea",
    "laundry,wait,laundry,wait,laundry,wait,laundry,wait,laundry",
    "wait",
    "",
];

#[test]
fn typed_words_and_a_script_are_one_game() {
    for game in GAMES {
        let scripted = play(human(&["--script", game]), b"");
        let typed = game.replace(',', "\n\n ");
        let played = play(human(&["--play"]), typed.as_bytes());
        assert!(scripted.is_some());
        assert_eq!(played, scripted, "{game}");
    }
}

#[test]
fn python_plays_the_same_game() {
    for game in GAMES {
        let Some(theirs) = play(twin(&["--script", game]), b"") else {
            eprintln!("skipped: no python3");
            return;
        };
        let ours = play(human(&["--script", game]), b"");
        assert_eq!(ours.as_deref(), Some(&*theirs), "{game}");
    }
}

#[test]
fn the_end_of_input_is_the_end() {
    let said = play(human(&["--play"]), b"").expect("it starts");
    assert!(
        said.ends_with("The loop has ended. Tasks dropped: 2.\n"),
        "{said}"
    );
    let said = play(human(&["--play"]), b"tea").expect("it starts");
    assert!(
        said.ends_with("The loop has ended. Tasks dropped: 2.\n"),
        "{said}"
    );
}

#[test]
fn an_unknown_word_asks_again() {
    let mut typed = b"\xff\xfe\x1b[2J\n".to_vec();
    typed.extend([b'x'; 10_000]);
    typed.extend(b"\ntea\n");
    let said = play(human(&["--play"]), &typed).expect("it starts");
    assert!(!said.contains('\x1b'), "{said}");
    assert!(said.contains("tea: the kettle is on"), "{said}");
    assert!(said.lines().all(|line| line.len() < 200), "{said}");
}

#[test]
fn a_wrong_option_is_named() {
    for (args, named) in [
        (&["--script"][..], "--script"),
        (&["--plya"], "--plya"),
        (&["--play=1"], "--play"),
        (&["tea"], "tea"),
    ] {
        let run = human(args).output().expect("it starts");
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert!(run.stdout.is_empty());
        assert!(said.lines().next().unwrap_or_default().contains(named));
    }
}
