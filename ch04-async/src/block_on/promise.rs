//! A value that is not there yet: one side sets it, the other awaits it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

struct Shared<T> {
    value: Option<T>,
    // The setter is gone, so no value will come any more.
    abandoned: bool,
    waker: Option<Waker>,
}

type Place<T> = Arc<Mutex<Shared<T>>>;

/// A future for the value that its [`Setter`] sets.
///
/// Gives `None` if the setter is dropped without setting it.
pub struct Promise<T>(Place<T>);

/// The right to set a [`Promise`], once.
pub struct Setter<T>(Place<T>);

/// Makes a promise and the right to fulfil it.
pub fn promise<T>() -> (Setter<T>, Promise<T>) {
    let place = Arc::new(Mutex::new(Shared {
        value: None,
        abandoned: false,
        waker: None,
    }));
    (Setter(place.clone()), Promise(place))
}

impl<T> Setter<T> {
    /// Sets the value and wakes the task that awaits it.
    ///
    /// Python raises `InvalidStateError` the second time. Here the first time
    /// uses the setter up:
    ///
    /// ```compile_fail,E0382
    /// let (setter, promise) = ch04_async::block_on::promise();
    /// setter.set(1);
    /// setter.set(2);
    /// ```
    pub fn set(self, value: T) {
        lock(&self.0).value = Some(value);
        // Dropping `self` wakes.
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        let mut shared = lock(&self.0);
        shared.abandoned = true;
        let waker = shared.waker.take();
        // A waker is foreign code: it runs when the lock is free.
        drop(shared);
        waker.into_iter().for_each(Waker::wake);
    }
}

impl<T> Promise<T> {
    /// Takes the value if it is there, without waiting.
    pub fn try_take(&mut self) -> Option<T> {
        lock(&self.0).value.take()
    }
}

impl<T> Future for Promise<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        // Looking and leaving the waker happen under one lock: a value cannot
        // arrive between the two and find no waker.
        let mut shared = lock(&self.0);
        if shared.value.is_some() || shared.abandoned {
            return Poll::Ready(shared.value.take());
        }
        // Each poll's waker replaces the last: the future may have moved to
        // another task since.
        shared.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

fn lock<T>(place: &Place<T>) -> MutexGuard<'_, Shared<T>> {
    // Nothing under this lock can panic half-way.
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Counted(AtomicU32);

    impl Wake for Counted {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_value_that_is_set_first_is_there_at_the_first_poll() {
        let (setter, promise) = promise();
        setter.set(42);
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(pin!(promise).poll(&mut cx), Poll::Ready(Some(42)));
    }

    #[test]
    fn only_the_last_waker_is_woken() {
        let (setter, promise) = promise();
        let mut promise = pin!(promise);
        let [first, last] = [(); 2].map(|()| Arc::new(Counted::default()));
        for counted in [&first, &last] {
            let waker = Waker::from(counted.clone());
            let mut cx = Context::from_waker(&waker);
            assert_eq!(promise.as_mut().poll(&mut cx), Poll::Pending);
        }
        setter.set(());
        assert_eq!(first.0.load(Ordering::Relaxed), 0);
        assert_eq!(last.0.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_setter_that_is_dropped_ends_the_wait() {
        let (setter, promise) = promise::<u32>();
        drop(setter);
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(pin!(promise).poll(&mut cx), Poll::Ready(None));
    }
}
