//! Zombies and orphans: a child that has ended before its parent waits for it,
//! and a child whose parent has ended.

use std::env;
use std::error::Error;
use std::io;
use std::os::unix::process::parent_id;
use std::process::{self, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::pool::group::wait_for_exit;

/// Returns what `ps` shows of a process: `Z` is a zombie.
fn state(id: u32) -> io::Result<String> {
    let id = id.to_string();
    let shown = Command::new("ps")
        .args(["-o", "stat=", "-p", &id])
        .output()?;
    let shown = String::from_utf8_lossy(&shown.stdout).trim().to_string();
    // Further letters say whether it is in the foreground, and the like.
    Ok(match shown.get(..1) {
        Some(letter) => letter.to_string(),
        None => "not there".to_string(),
    })
}

/// Kills a child, and looks at it in the process table before and after `wait`.
///
/// # Errors
///
/// Any I/O error, or there is no `ps`.
pub fn zombie() -> Result<(), Box<dyn Error>> {
    let mut child = Command::new(env::current_exe()?)
        .args(["worker", "--child"])
        .stdin(Stdio::piped())
        .spawn()?;
    child.kill()?;
    // Returns when the child has ended, and leaves it in the process table.
    wait_for_exit(child.id());
    println!("killed, before wait: {}", state(child.id())?);
    let status = child.wait()?;
    println!("wait returned: {status}");
    println!("killed, after wait: {}", state(child.id())?);
    Ok(())
}

/// Starts a parent that ends at once, and prints what its child prints then.
///
/// # Errors
///
/// Any I/O error.
pub fn orphan() -> Result<(), Box<dyn Error>> {
    // To the end of stdout: the parent and its child both write to this pipe.
    let output = Command::new(env::current_exe()?)
        .args(["kill", "--parent"])
        .stdin(Stdio::piped())
        .output()?;
    print!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// Starts a child and does not wait for it.
///
/// # Errors
///
/// Any I/O error.
pub fn parent() -> Result<(), Box<dyn Error>> {
    Command::new(env::current_exe()?)
        .args(["kill", "--orphan-of", &process::id().to_string()])
        .stdin(Stdio::piped())
        .spawn()?;
    println!("parent: started a child, and ends");
    Ok(())
}

/// Waits until `parent` is no longer the parent of this process.
pub fn outlive(parent: u32) {
    while parent_id() == parent {
        thread::sleep(Duration::from_millis(1));
    }
    println!("orphan: my parent has ended, and I go on");
}
