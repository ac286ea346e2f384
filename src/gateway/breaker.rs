//! Leaves a core system alone that fails (security.md GWY-03): 5 failures of the last 10 calls, or half of those of the
//! last 10 s, and for 10 s nobody is let through; then one call is, and its end decides.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Calls that count, however old.
const LAST: usize = 10;
/// Failures among them that are too many.
const TOO_MANY: usize = 5;
/// How far back the share of failures is taken.
const WINDOW: Duration = Duration::from_secs(10);
/// Fewer calls have no share worth the name.
const ENOUGH: usize = 5;
/// Calls remembered of the window, under any load.
const REMEMBERED: usize = 1_000;
/// How long nobody is let through.
const REST: Duration = Duration::from_secs(10);

/// Time is the caller's: every act is told the instant.
#[derive(Default)]
pub(super) struct Breaker(Mutex<State>);

enum State {
    /// Calls go through; when they ended, and whether well.
    Closed(VecDeque<(Instant, bool)>),
    /// None does until then.
    Open(Instant),
    /// One is on its way.
    Probing,
}

impl Default for State {
    fn default() -> Self {
        Self::Closed(VecDeque::new())
    }
}

/// The right to one call. Dropped without its end, a probe leaves room for the next.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    probe: bool,
}

impl Breaker {
    /// `None` while the core system is left alone.
    pub(super) fn admit(&self, now: Instant) -> Option<Pass<'_>> {
        let mut state = self.state();
        let probe = match *state {
            State::Closed(_) => false,
            State::Open(until) if now >= until => true,
            State::Open(_) | State::Probing => return None,
        };
        if probe {
            *state = State::Probing;
        }
        Some(Pass { breaker: self, probe })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// How the call ended.
    pub(super) fn end(mut self, well: bool, now: Instant) {
        let mut state = self.breaker.state();
        match &mut *state {
            State::Probing if self.probe => {
                self.probe = false;
                *state = if well {
                    tracing::info!("the core system answers again");
                    State::default()
                } else {
                    State::Open(now + REST)
                };
            }
            State::Closed(ended) => {
                ended.push_back((now, well));
                while ended.len() > REMEMBERED || (ended.len() > LAST && ended.front().is_some_and(|(at, _)| now - *at > WINDOW)) {
                    ended.pop_front();
                }
                if !well && is_failing(ended, now) {
                    tracing::warn!("the core system fails and is left alone for {} s", REST.as_secs());
                    *state = State::Open(now + REST);
                }
            }
            // It began before the breaker opened and says nothing new.
            State::Open(_) | State::Probing => {}
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probe {
            let mut state = self.breaker.state();
            if matches!(*state, State::Probing) {
                *state = State::Open(Instant::now());
            }
        }
    }
}

fn is_failing(ended: &VecDeque<(Instant, bool)>, now: Instant) -> bool {
    let of_last = ended.iter().rev().take(LAST).filter(|(_, well)| !well).count();
    let recent = || ended.iter().filter(|(at, _)| now - *at <= WINDOW);
    let (all, failed) = (recent().count(), recent().filter(|(_, well)| !well).count());
    of_last >= TOO_MANY || (all >= ENOUGH && failed * 2 >= all)
}

#[cfg(test)]
mod tests {
    use super::{Breaker, REST, WINDOW};
    use std::time::{Duration, Instant};

    const SECOND: Duration = Duration::from_secs(1);

    /// Calls with these ends, `apart` from one another; whether each was let through.
    fn calls(breaker: &Breaker, from: Instant, apart: Duration, ends: &str) -> String {
        let mut at = from;
        let mut let_through = String::new();
        for end in ends.chars() {
            let pass = breaker.admit(at);
            let_through.push(if pass.is_some() { end } else { '-' });
            if let Some(pass) = pass {
                pass.end(end == '+', at);
            }
            at += apart;
        }
        let_through
    }

    /// GWY-03
    #[test]
    fn five_failures_of_ten_calls_open_it_however_far_apart() {
        let now = Instant::now();
        assert_eq!(calls(&Breaker::default(), now, SECOND * 600, "x+x+x+x+x"), "x+x+x+x+x");
        let breaker = Breaker::default();
        assert_eq!(calls(&breaker, now, SECOND * 4, "x+x+x+x+x"), "x+x+x+x+x");
        assert!(breaker.admit(now + SECOND * 34).is_none());
        let seldom = Breaker::default();
        assert_eq!(calls(&seldom, now, SECOND * 6, "x++x++x++x++x++x++x++"), "x++x++x++x++x++x++x++", "four of ten never do");
    }

    /// GWY-03
    #[test]
    fn half_of_the_calls_of_ten_seconds_open_it_once_there_are_five() {
        let now = Instant::now();
        assert_eq!(calls(&Breaker::default(), now, SECOND, "++xxxx"), "++xxx-");
        assert_eq!(calls(&Breaker::default(), now, SECOND, "xxxx"), "xxxx", "four are too few");
        let apart = Breaker::default();
        assert_eq!(calls(&apart, now, SECOND * 3, "xxxx"), "xxxx", "so are four of ten seconds");
    }

    /// GWY-03
    #[test]
    fn after_its_rest_one_call_goes_through_and_its_end_decides() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        calls(&breaker, now, Duration::ZERO, "xxxxx");
        assert!(breaker.admit(now + SECOND * 9).is_none());
        let probe = breaker.admit(now + REST).unwrap();
        assert!(breaker.admit(now + REST).is_none(), "one at a time");
        probe.end(false, now + REST);
        assert!(breaker.admit(now + REST + SECOND * 9).is_none(), "it rests again");
        breaker.admit(now + REST * 2).unwrap().end(true, now + REST * 2);
        assert_eq!(calls(&breaker, now + REST * 2, WINDOW, "x+x"), "x+x", "what was before is forgotten");
    }

    #[test]
    fn a_call_that_was_dropped_leaves_room_for_the_next() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        let early = breaker.admit(now).unwrap();
        calls(&breaker, now, Duration::ZERO, "xxxxx");
        early.end(true, now + SECOND);
        assert!(breaker.admit(now + SECOND).is_none(), "a call from before does not close it");
        drop(breaker.admit(now + REST).unwrap());
        assert!(breaker.admit(now + REST).is_some());
    }
}
