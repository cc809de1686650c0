//! `Waker`: how a future says that it is worth polling again.
//!
//! cargo run -p ch04-async -- waker

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// A letter that may have come, and the waker of the task that waits for it.
#[derive(Default)]
pub struct Mailbox {
    letter: Option<&'static str>,
    reader: Option<Waker>,
}

/// A mailbox that a reader and a postman share.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<Mailbox>>);

impl Shared {
    /// Puts a letter in, and wakes the reader.
    pub fn post(&self, letter: &'static str) {
        let mut mailbox = self.lock();
        mailbox.letter = Some(letter);
        let reader = mailbox.reader.take();
        // A waker may run any code: it is called without the lock.
        drop(mailbox);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Mailbox> {
        // A mailbox is never left half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for a letter.
pub struct Letter(pub Shared);

impl Future for Letter {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<&'static str> {
        let mut mailbox = self.0.lock();
        match mailbox.letter.take() {
            Some(letter) => Poll::Ready(letter),
            None => {
                mailbox.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Waits for a letter, but leaves no waker.
pub struct LetterBroken(pub Shared);

impl Future for LetterBroken {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<&'static str> {
        match self.0.lock().letter.take() {
            Some(letter) => Poll::Ready(letter),
            None => Poll::Pending,
        }
    }
}

/// Counts how often it is rung.
#[derive(Default)]
pub struct Bell(AtomicU32);

impl Bell {
    /// Returns how often it was rung.
    pub fn rung(&self) -> u32 {
        self.0.load(SeqCst)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// Polls by hand, and counts how often each waker is called.
pub fn demo() {
    println!("one reader");
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(Arc::clone(&bell));
    let mut cx = Context::from_waker(&waker);
    let mailbox = Shared::default();
    let mut letter = pin!(Letter(mailbox.clone()));
    println!("  poll: {:?}", letter.as_mut().poll(&mut cx));
    mailbox.post("hello");
    println!("  posted: the bell was rung {} times", bell.rung());
    println!("  poll: {:?}", letter.as_mut().poll(&mut cx));

    println!("two wakers, one after the other");
    let bells = [Arc::new(Bell::default()), Arc::new(Bell::default())];
    let mut letter = pin!(Letter(mailbox.clone()));
    for bell in &bells {
        let waker = Waker::from(Arc::clone(bell));
        let mut cx = Context::from_waker(&waker);
        println!("  poll: {:?}", letter.as_mut().poll(&mut cx));
    }
    mailbox.post("hello again");
    let rung = bells.map(|bell| bell.rung());
    println!("  posted: the bells were rung {rung:?} times");

    println!("a future that leaves no waker");
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(Arc::clone(&bell));
    let mut cx = Context::from_waker(&waker);
    let mailbox = Shared::default();
    let mut letter = pin!(LetterBroken(mailbox.clone()));
    println!("  poll: {:?}", letter.as_mut().poll(&mut cx));
    mailbox.post("is there anybody?");
    println!("  posted: the bell was rung {} times", bell.rung());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on::block_on;
    use crate::limit::within_limit;

    #[test]
    fn a_letter_from_another_thread_wakes_the_reader() {
        let letter = within_limit(|| {
            let mailbox = Shared::default();
            let postman = mailbox.clone();
            std::thread::spawn(move || postman.post("hello"));
            block_on(Letter(mailbox))
        });
        assert_eq!(letter, "hello");
    }

    #[test]
    fn a_waker_is_called_once_for_a_letter() {
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        let mut cx = Context::from_waker(&waker);
        let mailbox = Shared::default();
        let mut letter = pin!(Letter(mailbox.clone()));
        assert!(letter.as_mut().poll(&mut cx).is_pending());
        mailbox.post("one");
        mailbox.post("two");
        assert_eq!(bell.rung(), 1);
    }
}
