//! What an article asks of the site, remembered with the answers.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, btree_map};

use chinese_markdown::gap::Answers;
use chinese_markdown::reference::has_scheme;

use super::{AnsweredQuestion, NamedPost, Question, SiteLinks};
use crate::digest::Digest;
use crate::post::Post;

/// Passes questions on and remembers them.
pub(super) struct Asking<'a> {
    post: &'a Post,
    links: &'a dyn SiteLinks,
    asked: RefCell<BTreeMap<Question, Digest>>,
    /// An article may show one picture a thousand times.
    sizes: RefCell<HashMap<String, Option<(usize, usize)>>>,
}

impl<'a> Asking<'a> {
    pub(super) fn new(post: &'a Post, links: &'a dyn SiteLinks) -> Asking<'a> {
        Asking { post, links, asked: RefCell::default(), sizes: RefCell::default() }
    }

    fn note(&self, question: Question) {
        // A post may ask the same a hundred thousand times.
        if let btree_map::Entry::Vacant(place) = self.asked.borrow_mut().entry(question) {
            let answer = place.key().answer(self.post, self.links);
            place.insert(answer);
        }
    }

    pub(super) fn resolve(&self, reference: &str) -> Option<String> {
        let answer = self.links.resolve(self.post, reference);
        // Addresses of other sites are as they are, whatever stands on this one.
        if !has_scheme(reference)
            && !reference.starts_with(['#', '?'])
            && !reference.starts_with("//")
        {
            self.note(Question::Resolve(reference.to_owned()));
        }
        answer
    }

    pub(super) fn post_named(&self, name: &str) -> Option<NamedPost> {
        self.note(Question::PostNamed(name.to_owned()));
        self.links.post_named(name)
    }

    fn size(&self, reference: &str) -> Option<(usize, usize)> {
        if has_scheme(reference) || reference.starts_with("//") {
            return None;
        }
        if let Some(known) = self.sizes.borrow().get(reference) {
            return *known;
        }
        self.note(Question::Image(reference.to_owned()));
        let file = self.links.file(self.post, reference);
        let size = file.and_then(|file| self.links.image_size(file));
        self.sizes.borrow_mut().insert(reference.to_owned(), size);
        size
    }

    pub(super) fn include(&self, name: &str) -> Option<String> {
        self.note(Question::Include(name.to_owned()));
        self.links.include(name)
    }

    pub(super) fn finish(self) -> Vec<AnsweredQuestion> {
        let asked = |(question, answer)| AnsweredQuestion {
            post: self.post.source.clone(),
            question,
            answer,
        };
        self.asked.into_inner().into_iter().map(asked).collect()
    }
}

impl Answers for Asking<'_> {
    fn address(&self, reference: &str) -> Option<String> {
        self.resolve(reference)
    }

    fn image_size(&self, reference: &str) -> Option<(usize, usize)> {
        self.size(reference)
    }
}
