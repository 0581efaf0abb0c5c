//! The pages of a site: one file for each kind.
//!
//! A kind of page says its addresses, what it shows, and how it is made of that
//! ([`kind::PageKind`]). A new kind is a new file here, its line in the list below, a template
//! where it has one, and its section in `docs/themes.md`.

mod address;
mod card;
mod catalogue;
mod digests;
mod head;
mod kind;
mod listing;
mod renderer;
mod site;
mod source_bytes;
mod taxonomy;
mod text;
mod values;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io;

use serde::{Deserialize, Serialize};

pub use catalogue::{Catalogue, CatalogueCache, Material, Templates};
use kind::PageKind;
pub use renderer::{RenderResources, Renderer};
pub use site::globals;

use crate::digest::Digest;
use crate::plan::Planner;
use crate::post::Post;
use crate::site::PostId;

macro_rules! kinds {
    ($($(#[$doc:meta])* $module:ident::$kind:ident,)*) => {
        $(pub mod $module;)*

        /// What stands at a route.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub enum Page {
            $($(#[$doc])* $kind($module::$kind),)*
        }

        $(impl From<$module::$kind> for Page {
            fn from(page: $module::$kind) -> Page {
                Page::$kind(page)
            }
        })*

        /// Returns the templates that every theme has, itself or by the built-in ones.
        pub fn templates() -> BTreeSet<&'static str> {
            [$(<$module::$kind as PageKind>::TEMPLATE,)*].into_iter().flatten().collect()
        }

        /// Plans all pages, kind by kind.
        pub fn plan(of: Material<'_>, planner: &mut Planner<'_, Page>) {
            $($module::$kind::plan(of, planner);)*
        }

        impl Page {
            /// Returns the digest of all that it can show.
            pub fn fingerprint(&self, of: Catalogue<'_>) -> Digest {
                match self {
                    $(Page::$kind(page) => kind::fingerprint(page, of),)*
                }
            }

            /// Returns whether its fingerprint is the one it had, where none but these posts have
            /// changed.
            pub fn shows_none_of(&self, posts: &[PostId], of: Catalogue<'_>) -> bool {
                match self {
                    $(Page::$kind(page) => page.shows_none_of(posts, of),)*
                }
            }

            /// Its bytes; none where its template failed. An error is the disk's.
            pub fn render<'e>(&self, of: Catalogue<'e>, renderer: &mut Renderer<'e>) -> io::Result<Option<Cow<'e, [u8]>>> {
                match self {
                    $(Page::$kind(page) => kind::render(page, of, renderer),)*
                }
            }

            /// Returns the posts whose bodies it shows, which are read when it is rendered.
            pub fn bodies<'e>(&self, of: Material<'e>) -> Vec<&'e Post> {
                match self {
                    $(Page::$kind(page) => page.bodies(of),)*
                }
            }

            /// Returns how long it may take, so that a long one does not come last.
            pub fn weight(&self, of: Material<'_>) -> u64 {
                match self {
                    $(Page::$kind(page) => page.weight(of),)*
                }
            }
        }
    };
}

// In the order in which they take addresses: what the keeper wrote comes first.
kinds! {
    article::ArticlePage,
    standalone::Standalone,
    file::FilePage,
    section::Section,
    home::Home,
    archive::Archive,
    search::Search,
    period::PeriodPage,
    terms::Terms,
    term::TermPage,
    feed::FeedPage,
    asset::AssetFile,
    not_found::NotFound,
    robots::Robots,
    redirect::Redirect,
    host_headers::HostHeaders,
    host_redirects::HostRedirects,
    sitemap::Sitemap,
}
