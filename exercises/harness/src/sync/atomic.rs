//! Atomics. Here all orderings are as strong as `SeqCst`: a schedule says who
//! is first, not what else is seen.

use std::panic::Location;

pub use std::sync::atomic::Ordering;

use crate::record::note;

macro_rules! atomic {
    ($name:ident, $value:ty, $std:literal) => {
        #[doc = concat!("A value that threads share; see [`", $std, "`].")]
        #[derive(Debug, Default)]
        pub struct $name {
            inner: shuttle::sync::atomic::$name,
        }

        impl $name {
            /// Makes one with this value.
            pub const fn new(value: $value) -> $name {
                $name {
                    inner: shuttle::sync::atomic::$name::new(value),
                }
            }

            /// Reads it.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                let seen = self.inner.load(order);
                note(format!("loads {seen}"), Some(Location::caller()));
                seen
            }

            /// Writes it.
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                self.inner.store(value, order);
                note(format!("stores {value}"), Some(Location::caller()));
            }

            /// Writes it and returns what was there, in one step.
            #[track_caller]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                let was = self.inner.swap(value, order);
                let what = format!("swaps {was} for {value}");
                note(what, Some(Location::caller()));
                was
            }

            /// Writes `new` if `current` is there, in one step.
            ///
            /// # Errors
            ///
            /// What else was there.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let done =
                    self.inner.compare_exchange(current, new, success, failure);
                let what = match done {
                    Ok(_) => format!("swaps {current} for {new}"),
                    Err(seen) => format!("finds {seen}, not {current}"),
                };
                note(what, Some(Location::caller()));
                done
            }
        }
    };
}

macro_rules! number {
    ($name:ident, $value:ty, $std:literal) => {
        atomic!($name, $value, $std);

        impl $name {
            /// Adds and returns what was there, in one step.
            #[track_caller]
            pub fn fetch_add(&self, n: $value, order: Ordering) -> $value {
                let was = self.inner.fetch_add(n, order);
                let what = format!("adds {n} to {was}");
                note(what, Some(Location::caller()));
                was
            }

            /// Subtracts and returns what was there, in one step.
            #[track_caller]
            pub fn fetch_sub(&self, n: $value, order: Ordering) -> $value {
                let was = self.inner.fetch_sub(n, order);
                let what = format!("takes {n} from {was}");
                note(what, Some(Location::caller()));
                was
            }
        }
    };
}

atomic!(AtomicBool, bool, "std::sync::atomic::AtomicBool");
number!(AtomicUsize, usize, "std::sync::atomic::AtomicUsize");
number!(AtomicU64, u64, "std::sync::atomic::AtomicU64");
