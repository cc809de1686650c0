//! Collects what mdBook logs as a warning, and should refuse.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Runs `work` and returns what was logged as a warning or an error meanwhile,
/// on this thread.
pub fn collect<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let logged = Arc::new(Mutex::new(Vec::new()));
    let listener = Listener(Arc::clone(&logged));
    let result = tracing::subscriber::with_default(listener, work);
    let mut logged = logged.lock().unwrap_or_else(PoisonError::into_inner);
    (result, std::mem::take(&mut logged))
}

struct Listener(Arc<Mutex<Vec<String>>>);

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        logged.push(message.0);
    }

    // A span says where, and only the message counts here.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            // Writing to a string cannot fail.
            write!(self.0, "{value:?}").ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_collected_and_information_is_not() {
        let (result, logged) = collect(|| {
            tracing::info!("all is well");
            tracing::warn!("half of it is missing");
            3
        });
        assert_eq!((result, logged), (3, vec!["half of it is missing".into()]));
    }
}
