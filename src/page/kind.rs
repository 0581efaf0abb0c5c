//! What every kind of page is: its routes, what it shows, and how it shows that.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use tera::Context;

use super::catalogue::{Catalogue, Material};
use super::renderer::Renderer;
use crate::digest::{Digest, Digester};
use crate::plan::Planner;
use crate::post::Post;
use crate::site::PostId;

/// A kind of page. One value is one page of it, as the plan holds it: small, and told from others
/// of its kind.
///
/// What a page shows is in its [`Inputs`](PageKind::Inputs), and it is made of nothing else:
/// [`PageKind::make`] reaches neither the site nor a file that is not among them, and the clock is
/// named nowhere in `page` (`tests/it/layers.rs`). The fingerprint is the digest of the inputs, of
/// the template and of all addresses, so a page cannot show what its fingerprint does not know.
pub(super) trait PageKind: Sized {
    /// All that such a page shows: cards, terms, numbers. Written down they are their digests.
    type Inputs<'e>: Serialize;

    /// The template that makes such pages, where no layout takes its place; none where they are
    /// made without one.
    const TEMPLATE: Option<&'static str> = None;

    /// Plans all pages of this kind.
    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>);

    /// Selects what the page shows.
    fn inputs<'e>(&self, of: Catalogue<'e>) -> Self::Inputs<'e>;

    /// Makes the page of its inputs. An error is the disk's.
    fn make<'e>(inputs: Self::Inputs<'e>, renderer: &mut Renderer<'e>) -> io::Result<Made<'e>>;

    /// Returns whether the page is made of cards, bodies and the layout alone, and shows none of
    /// these posts. Where nothing else has changed, its fingerprint is the one it had.
    fn shows_none_of(&self, _posts: &[PostId], _of: Catalogue<'_>) -> bool {
        false
    }

    /// Returns the layout that the page's own text asks for.
    fn layout<'e>(&self, _of: Material<'e>) -> Option<&'e str> {
        None
    }

    /// Returns the posts whose bodies the page shows, which are read when it is made.
    fn bodies<'e>(&self, _of: Material<'e>) -> Vec<&'e Post> {
        Vec::new()
    }

    /// Returns how long the page may take, about in words of text, so that a long one does not come
    /// last.
    fn weight(&self, _of: Material<'_>) -> u64 {
        1_000
    }
}

/// What a kind makes of its inputs.
pub(super) enum Made<'e> {
    /// The variables that its template sees, besides those of every page.
    View(Context),
    /// The page.
    Bytes(Cow<'e, [u8]>),
}

impl Made<'_> {
    /// Returns a page of text.
    pub(super) fn text(text: String) -> Self {
        Made::Bytes(Cow::Owned(text.into_bytes()))
    }
}

/// Returns the template of a page.
pub(super) fn template<K: PageKind>(page: &K, of: Material<'_>) -> Option<String> {
    K::TEMPLATE.map(|fallback| of.theme.layout(page.layout(of), fallback))
}

/// Returns the digest of all that a page can show.
pub(super) fn fingerprint<K: PageKind>(page: &K, of: Catalogue<'_>) -> Digest {
    let mut all = Digester::new();
    all.digest(of.addresses()).bytes(std::any::type_name::<K>());
    if let Some(template) = template(page, of.material) {
        all.bytes(&template).digest(of.template(&template).digest);
    }
    all.value(&page.inputs(of)).finish()
}

/// Returns the bytes of a page; none where its template failed.
pub(super) fn render<'e, K: PageKind>(
    page: &K,
    of: Catalogue<'e>,
    renderer: &mut Renderer<'e>,
) -> io::Result<Option<Cow<'e, [u8]>>> {
    Ok(match (K::make(page.inputs(of), renderer)?, template(page, of.material)) {
        (Made::Bytes(bytes), _) => Some(bytes),
        (Made::View(context), Some(template)) => renderer.fill(&template, &context).map(Cow::Owned),
        (Made::View(_), None) => unreachable!("{} has no template", std::any::type_name::<K>()),
    })
}
