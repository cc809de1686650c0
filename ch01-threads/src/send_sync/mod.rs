//! `Send` and `Sync` say which types may cross from thread to thread.
//!
//! `Send`: the value may move to another thread. `Sync`: several threads may
//! have references to it at once. The compiler works out both for each type.
//!
//! cargo run -p ch01-threads -- send-sync

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard};

/// Asks the compiler about `T`: its constants say "yes" where `T` qualifies.
struct Ask<T>(PhantomData<T>);

impl<T: Send> Ask<T> {
    const SEND: &str = "yes";
}

impl<T: Sync> Ask<T> {
    const SYNC: &str = "yes";
}

/// Answers for all other types.
trait Otherwise {
    const SEND: &str = "no";
    const SYNC: &str = "no";
}

impl<T> Otherwise for Ask<T> {}

/// Prints a line for each type: its name, whether it is `Send`, and `Sync`.
macro_rules! table {
    ($($of:ty),+ $(,)?) => {
        $(println!(
            "{:<19} {:<5} {}",
            stringify!($of),
            Ask::<$of>::SEND,
            Ask::<$of>::SYNC,
        );)+
    };
}

/// Prints what the compiler says about thirteen types.
pub fn demo() {
    println!("{:<19} {:<5} Sync", "type", "Send");
    table![
        u64,
        String,
        Vec<String>,
        Rc<String>,
        Arc<String>,
        Cell<u64>,
        RefCell<String>,
        Arc<RefCell<u64>>,
        Mutex<u64>,
        Arc<Mutex<u64>>,
        MutexGuard<u64>,
        Sender<u64>,
        Receiver<u64>,
    ];
}
