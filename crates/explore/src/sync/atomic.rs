//! Atomics. Here all orderings are as strong as `SeqCst`: a schedule says who
//! is first, not what else is seen.

use std::panic::Location;

pub use std::sync::atomic::Ordering;

use artifacts::schedules::Op;

use crate::trace::Id;

macro_rules! atomic {
    ($name:ident, $value:ty, $std:literal) => {
        #[doc = concat!("A value that threads share; see [`", $std, "`].")]
        #[derive(Debug)]
        pub struct $name {
            inner: shuttle::sync::atomic::$name,
            id: Id,
        }

        impl Default for $name {
            fn default() -> $name {
                $name::new(<$value>::default())
            }
        }

        impl $name {
            /// Makes one with this value.
            pub fn new(value: $value) -> $name {
                $name {
                    id: Id::new(value.to_string()),
                    inner: shuttle::sync::atomic::$name::new(value),
                }
            }

            /// Reads it.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                let seen = self.inner.load(order);
                let op = Op::Load(seen.to_string());
                self.id.step(op, Location::caller(), None);
                seen
            }

            /// Writes it.
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                self.inner.store(value, order);
                let value = value.to_string();
                let op = Op::Store(value.clone());
                self.id.step(op, Location::caller(), Some(value));
            }

            /// Writes it and returns what was there, in one step.
            #[track_caller]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                let was = self.inner.swap(value, order);
                let value = value.to_string();
                let op = Op::Swap(was.to_string(), value.clone());
                self.id.step(op, Location::caller(), Some(value));
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
                let current = current.to_string();
                let (op, value) = match done {
                    Ok(_) => {
                        let new = new.to_string();
                        (Op::Swap(current, new.clone()), Some(new))
                    }
                    Err(seen) => {
                        (Op::Mismatch(seen.to_string(), current), None)
                    }
                };
                self.id.step(op, Location::caller(), value);
                done
            }

            /// Returns the value: its owner needs no atomic step.
            pub fn into_inner(self) -> $value {
                self.inner.into_inner()
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
                let op = Op::Add(n.to_string(), was.to_string());
                let sum = was.wrapping_add(n).to_string();
                self.id.step(op, Location::caller(), Some(sum));
                was
            }

            /// Subtracts and returns what was there, in one step.
            #[track_caller]
            pub fn fetch_sub(&self, n: $value, order: Ordering) -> $value {
                let was = self.inner.fetch_sub(n, order);
                let op = Op::Subtract(n.to_string(), was.to_string());
                let rest = was.wrapping_sub(n).to_string();
                self.id.step(op, Location::caller(), Some(rest));
                was
            }
        }
    };
}

atomic!(AtomicBool, bool, "std::sync::atomic::AtomicBool");
number!(AtomicUsize, usize, "std::sync::atomic::AtomicUsize");
number!(AtomicU64, u64, "std::sync::atomic::AtomicU64");
