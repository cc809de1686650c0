//! Records the spans and events of a section as its timeline.
//!
//! A section says with [`tracing`] what its threads and tasks do. Without a
//! subscriber that prints nothing and costs next to nothing. A chapter's
//! `examples/timelines.rs` calls [`record`] and then the section's own
//! function; every change of state becomes a line on stderr, which
//! `cargo xtask record` keeps:
//!
//! ```text
//! @clock real
//! @0.3 cow waits asks
//! @203.7 cow holds types
//! ```
//!
//! What counts:
//!
//! - A span named `runs`, `waits`, `holds` or `blocks` is a lane's state, from
//!   the span's creation until its last handle is dropped. Its message is the
//!   label. Then the enclosing state of the same lane goes on, if there is one;
//!   otherwise the lane ends.
//! - An event with a field `state`, one of those words or `ends`, begins that
//!   state; it lasts until the lane's next change.
//! - An event with a field `lane` and no state is a mark: a moment.
//! - A span of any other name with a field `lane` says whose everything inside
//!   it is, and ends that lane.
//! - The lane is the field `lane`, one word; without it the lane of the nearest
//!   enclosing span, and without that the name of the thread.
//!
//! Everything else, such as a server's log, is left out.
//!
//! ```
//! use tracing::{trace, trace_span};
//!
//! # use std::sync::Mutex;
//! fn type_line(animal: &str, screen: &Mutex<String>) {
//!     trace!(lane = animal, state = "waits", "for the lock");
//!     let mut screen = screen.lock().expect("typing does not panic");
//!     // Dropped before the guard: the state ends while the lock is still held.
//!     let _holds = trace_span!("holds", lane = animal, "types").entered();
//!     screen.push_str(animal);
//! }
//! # type_line("cow", &Mutex::default());
//! ```

use std::collections::HashSet;
use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry, SpanRef};

/// The names of spans that are states.
const STATES: [&str; 4] = ["runs", "waits", "holds", "blocks"];
const ENDS: &str = "ends";
const MARK: &str = "mark";

/// The clock by which a timeline's times are told.
pub enum Clock {
    /// The real one: every run has other times.
    Real,
    /// A runtime's paused one, which the function reads: every run is alike.
    ///
    /// With tokio: `|| tokio::time::Instant::now().into_std()`.
    Paused(fn() -> Instant),
}

/// Writes the timeline of this program on stderr from now on.
///
/// # Panics
///
/// The program has a subscriber already.
pub fn record(clock: Clock) {
    let subscriber =
        Registry::default().with(Recorder::new(clock, io::stderr()));
    tracing::subscriber::set_global_default(subscriber)
        .expect("a program records one timeline");
}

/// A layer that writes each change of a lane as a line.
struct Recorder<W> {
    now: fn() -> Instant,
    // Held from the look at the clock until the line is written, so that lines
    // are in the order of their times.
    told: Mutex<Told<W>>,
}

struct Told<W> {
    out: W,
    /// When the first event was. A paused clock can only be read in its runtime.
    start: Option<Instant>,
    /// The lanes that have not ended.
    open: HashSet<String>,
}

/// What a span stands for.
struct Stretch {
    lane: String,
    /// Its state and label; `None` if it only says whose the inside is.
    state: Option<(&'static str, String)>,
}

impl<W: Write> Recorder<W> {
    fn new(clock: Clock, mut out: W) -> Recorder<W> {
        let (name, now): (_, fn() -> Instant) = match clock {
            Clock::Real => ("real", Instant::now),
            Clock::Paused(now) => ("virtual", now),
        };
        writeln!(out, "@clock {name}").ok();
        let told = Told {
            out,
            start: None,
            open: HashSet::new(),
        };
        Recorder {
            now,
            told: Mutex::new(told),
        }
    }

    fn tell(&self, lane: &str, state: &str, label: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if state == ENDS {
            // It may have been told by an event, or by a span inside.
            if !told.open.remove(lane) {
                return;
            }
        } else if state != MARK {
            told.open.insert(lane.to_string());
        }
        let now = (self.now)();
        let start = *told.start.get_or_insert(now);
        let at = (now - start).as_secs_f64() * 1000.0;
        let line = format!("@{at:.1} {lane} {state} {label}");
        // Without a reader there is no timeline to be kept.
        writeln!(told.out, "{}", line.trim_end()).ok();
    }
}

impl<S, W> Layer<S> for Recorder<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Write + 'static,
    Recorder<W>: Send + Sync,
{
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        let has = |name| metadata.fields().field(name).is_some();
        let is_state = metadata.is_span() && STATES.contains(&metadata.name());
        is_state || has("lane") || (metadata.is_event() && has("state"))
    }

    fn on_new_span(
        &self,
        attributes: &Attributes<'_>,
        id: &Id,
        context: Context<'_, S>,
    ) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let lane = fields.lane.or_else(|| lane_of(span.parent()));
        let lane = lane.unwrap_or_else(thread_name);
        let name = attributes.metadata().name();
        let state = STATES.contains(&name).then_some((name, fields.label));
        if let Some((state, label)) = &state {
            self.tell(&lane, state, label);
        }
        span.extensions_mut().insert(Stretch { lane, state });
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let lane = fields.lane.or_else(|| lane_of(context.event_span(event)));
        let lane = lane.unwrap_or_else(thread_name);
        let state = fields.state.as_deref().unwrap_or(MARK);
        self.tell(&lane, state, &fields.label);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        let extensions = span.extensions();
        let Some(Stretch { lane, .. }) = extensions.get() else {
            return;
        };
        // The enclosing state goes on, unless it is another lane's.
        let outer = span.scope().skip(1).find_map(|outer| {
            let extensions = outer.extensions();
            let outer = extensions.get::<Stretch>()?;
            outer.state.clone().filter(|_| outer.lane == *lane)
        });
        match outer {
            Some((state, label)) => self.tell(lane, state, &label),
            None => self.tell(lane, ENDS, ""),
        }
    }
}

/// Returns the lane of a span; each has one, its own or an enclosing one's.
fn lane_of<'a, R: LookupSpan<'a>>(
    span: Option<SpanRef<'a, R>>,
) -> Option<String> {
    let span = span?;
    let extensions = span.extensions();
    extensions.get::<Stretch>().map(|s| s.lane.clone())
}

fn thread_name() -> String {
    thread::current().name().unwrap_or("unnamed").to_string()
}

/// The fields that count.
#[derive(Default)]
struct Fields {
    lane: Option<String>,
    state: Option<String>,
    label: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "lane" => self.lane = Some(format!("{value:?}")),
            "state" => self.state = Some(format!("{value:?}")),
            // Writing to a string does not fail.
            "message" => write!(self.label, "{value:?}").unwrap_or_default(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use artifacts::timeline::{State, Trace};
    use tokio::runtime;
    use tracing::{Instrument, info, trace, trace_span};

    use super::*;

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Returns what is recorded while `run` runs, as the runner reads it.
    fn recorded(clock: Clock, run: impl FnOnce()) -> Trace {
        let buffer = Buffer::default();
        let recorder = Recorder::new(clock, buffer.clone());
        let subscriber = Registry::default().with(recorder);
        tracing::subscriber::with_default(subscriber, run);
        let text = String::from_utf8(buffer.0.lock().unwrap().clone());
        Trace::told(&text.unwrap()).unwrap()
    }

    /// Returns lanes, states and labels.
    fn events(trace: &Trace) -> Vec<String> {
        let line = |event: &artifacts::timeline::Event| {
            format!("{} {} {}", event.lane, event.state.word(), event.label)
        };
        trace.events.iter().map(line).collect()
    }

    #[test]
    fn inner_state_is_followed_by_the_enclosing_one_of_the_same_lane() {
        let trace = recorded(Clock::Real, || {
            let _outer = trace_span!("waits", lane = "a", "outer").entered();
            trace_span!("runs", "inner {}", 1).in_scope(|| {
                let _other = trace_span!("holds", lane = "b").entered();
            });
        });
        assert!(!trace.virtual_time);
        assert_eq!(
            events(&trace),
            [
                "a waits outer",
                "a runs inner 1",
                "b holds ",
                "b ends ",
                "a waits outer",
                "a ends "
            ]
        );
    }

    #[test]
    fn events_begin_states_and_the_span_of_the_lane_ends_the_last() {
        let trace = recorded(Clock::Real, || {
            let name = String::from("worker-1");
            let _worker = trace_span!("worker", lane = %name).entered();
            trace!(state = "waits", "for {}", "it");
            trace!(state = "runs");
            trace!(lane = "other", "seen");
        });
        assert_eq!(
            events(&trace),
            [
                "worker-1 waits for it",
                "worker-1 runs ",
                "other mark seen",
                "worker-1 ends "
            ]
        );
    }

    #[test]
    fn end_already_recorded_is_not_recorded_again() {
        let trace = recorded(Clock::Real, || {
            let _lane = trace_span!("lane", lane = "a").entered();
            let _waits = trace_span!("waits").entered();
            trace!(state = "ends");
        });
        assert_eq!(events(&trace), ["a waits ", "a ends "]);
    }

    #[test]
    fn span_without_lane_and_state_is_left_out() {
        let trace = recorded(Clock::Real, || {
            let _request = trace_span!("request", path = "/").entered();
            info!(status = 200, "answered");
        });
        assert!(trace.events.is_empty());
    }

    #[test]
    fn thread_without_a_lane_is_its_own_and_times_are_in_order() {
        let trace = recorded(Clock::Real, || {
            let dispatch = tracing::dispatcher::get_default(Clone::clone);
            thread::scope(|scope| {
                for i in 0..4 {
                    let dispatch = dispatch.clone();
                    let work = move || {
                        tracing::dispatcher::with_default(&dispatch, || {
                            for _ in 0..100 {
                                trace_span!("runs").in_scope(|| {});
                            }
                        });
                    };
                    let builder = thread::Builder::new();
                    let builder = builder.name(format!("worker-{i}"));
                    builder.spawn_scoped(scope, work).unwrap();
                }
            });
        });
        assert_eq!(trace.events.len(), 800);
        assert!(trace.events.is_sorted_by_key(|event| event.at));
        let spans = trace.spans().unwrap();
        assert_eq!(spans.iter().filter(|s| s.lane == "worker-3").count(), 100);
    }

    #[test]
    fn span_of_a_future_lasts_from_its_creation_to_its_drop_on_a_paused_clock()
    {
        let now = || tokio::time::Instant::now().into_std();
        let run = || {
            let runtime = runtime::Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .unwrap();
            let sleep = async |seconds, lane| {
                tokio::time::sleep(Duration::from_secs(seconds))
                    .instrument(trace_span!("waits", lane))
                    .await;
            };
            runtime.block_on(async {
                let other = tokio::time::timeout(
                    Duration::from_secs(1_500),
                    sleep(3_600, "long"),
                );
                let ((), other) = tokio::join!(sleep(1_000, "short"), other);
                assert!(other.is_err());
            });
        };
        let trace = recorded(Clock::Paused(now), run);
        assert!(trace.virtual_time);
        let told: Vec<_> = trace
            .events
            .iter()
            .map(|event| (event.at, event.lane.as_str(), event.state))
            .collect();
        assert_eq!(
            told,
            [
                (0.0, "short", State::Waits),
                (0.0, "long", State::Waits),
                (1_000_000.0, "short", State::Off),
                (1_500_000.0, "long", State::Off),
            ]
        );
    }
}
