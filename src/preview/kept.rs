//! Pages as they were when all was well.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::answer::{Answer, Body};
use crate::route::Route;

/// Pages that are kept, and how large they may be.
const KEPT: usize = 32;
const KEPT_BYTES: usize = 1 << 20;

/// Pages that were looked at, the last first: what is read of a post that is broken now is not what
/// its page showed.
#[derive(Default)]
pub(super) struct KeptPages(Mutex<VecDeque<(Route, Answer)>>);

impl KeptPages {
    /// Keeps a page that could be rendered, and hands it on.
    pub(super) fn keep(&self, route: &Route, answer: Answer) -> Answer {
        if let (200, Body::Bytes(bytes)) = (answer.head.status, &answer.body)
            && bytes.len() <= KEPT_BYTES
        {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.retain(|(other, _)| other != route);
            kept.truncate(KEPT - 1);
            kept.push_front((route.clone(), answer.clone()));
        }
        answer
    }

    /// Returns a page as it was, if it is one of the last that were looked at.
    pub(super) fn page(&self, route: &Route) -> Option<Answer> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(other, _)| other == route).map(|(_, answer)| answer.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(number: usize) -> Route {
        Route::root().below(&format!("{number}/"))
    }

    fn is_kept(kept: &KeptPages, number: usize) -> bool {
        kept.page(&route(number)).is_some()
    }

    #[test]
    fn the_last_pages_are_kept_and_no_more() {
        let kept = KeptPages::default();
        for number in 0..KEPT {
            kept.keep(&route(number), Answer::text(200, "一"));
        }
        kept.keep(&route(0), Answer::text(200, "二"));
        kept.keep(&route(KEPT), Answer::text(200, "三"));
        assert!(is_kept(&kept, 0) && !is_kept(&kept, 1) && is_kept(&kept, 2));
        let Some(Answer { body: Body::Bytes(bytes), .. }) = kept.page(&route(0)) else {
            panic!("a page")
        };
        assert_eq!(bytes, "二".as_bytes());
    }

    #[test]
    fn errors_and_large_pages_are_not_kept() {
        let kept = KeptPages::default();
        kept.keep(&route(1), Answer::text(404, "404"));
        kept.keep(&route(2), Answer::text(200, &"x".repeat(KEPT_BYTES + 1)));
        assert!(!is_kept(&kept, 1) && !is_kept(&kept, 2));
    }
}
