//! An old address of a post or page, which leads on to the new one.

use std::cell::LazyCell;
use std::io;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};
use tera::Context;

use super::catalogue::{Catalogue, Material};
use super::head::PageHead;
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use crate::diagnostic::Diagnostic;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::route::{NameCase, Route};
use crate::site::{Owner, asked_for};
use crate::source::SourcePath;
use crate::words::Argument;

/// The page at an old address, which leads to another route.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Redirect(Route);

/// What the page of an old address shows.
#[derive(Serialize)]
pub struct RedirectInputs {
    to: Route,
}

impl PageKind for Redirect {
    type Inputs<'e> = RedirectInputs;
    const TEMPLATE: Option<&'static str> = Some("redirect.html");

    /// One that is in use already is reported, unless it is the post's own.
    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        let Material { site, config, .. } = of;
        let asked_for = asked_for(config);
        // Hosts follow a redirect before they look for a file, and `/LICENSE` is the
        // address of `LICENSE`, not of `LICENSE.html`.
        let files: LazyCell<HashMap<&str, &SourcePath>, _> = LazyCell::new(|| {
            site.files.iter().map(|(entry, route)| (route.path(), &entry.path)).collect()
        });
        let made: LazyCell<HashMap<String, usize>, _> = {
            let routes: Vec<String> =
                planner.routes().map(|route| route.path().to_owned()).collect();
            LazyCell::new(|| {
                routes
                    .into_iter()
                    .enumerate()
                    .map(|(index, path)| (path, index))
                    .filter(|(path, _)| !path.ends_with('/'))
                    .collect()
            })
        };
        for post in site.posts.iter().chain(&site.pages) {
            for alias in &post.aliases {
                if alias.file() == post.route.file() {
                    continue;
                }
                if config.case == NameCase::Insensitive
                    && alias.collision_key() == post.route.collision_key()
                {
                    // One file on some disks, so there can be no page; hosts that read `_redirects`
                    // still lead on.
                    planner.redirects.push((alias.clone(), post.route.clone()));
                    continue;
                }
                let at_alias = |found: Diagnostic| {
                    Diagnostic { place: planner.places.place(&post.source, Some(alias)), ..found }
                        .in_file(post.source.as_str())
                };
                // `/CNAME` may be asked for as well, though its page were `CNAME.html`.
                let is_asked_for = || {
                    Route::exact(alias.path())
                        .ok()
                        .and_then(|exact| asked_for.owner(&exact).cloned())
                };
                if let Some(name) = asked_for.owner(alias).cloned().or_else(is_asked_for) {
                    let message = say!(
                        "the old address {} was left out: hosts, robots or readers ask for {}",
                        alias.path(),
                        name
                    );
                    let found = at_alias(
                        Diagnostic::error("collision", message)
                            .hint(say!("remove it from the post")),
                    );
                    planner.diagnostics.push(found);
                    continue;
                }
                let owner = files.get(alias.path()).map(|path| Owner::Source((*path).clone()));
                let owner =
                    owner.or_else(|| made.get(alias.path()).map(|index| Owner::Page(*index)));
                let claimed = owner.map_or_else(
                    || {
                        planner
                            .claims
                            .claim(alias, Owner::Redirect(post.source.clone()))
                            .map_err(|taken| taken.owner)
                    },
                    Err,
                );
                match claimed {
                    Ok(()) => {
                        planner.add(
                            alias.clone(),
                            RouteRole::Redirect(post.route.clone()),
                            Redirect(post.route.clone()),
                            Indexing::Unlisted,
                        );
                        planner.redirects.push((alias.clone(), post.route.clone()));
                    }
                    Err(owner) => {
                        let owner: Argument = match owner {
                            Owner::Page(page) => say!("the page {}", planner.path(page)).into(),
                            owner => planner.places.named(owner, Some(alias)),
                        };
                        let message = say!(
                            "the old address {} was left out: it belongs to {}",
                            alias.path(),
                            owner
                        );
                        let found = at_alias(
                            Diagnostic::error("collision", message)
                                .hint(say!("remove it from one of them")),
                        );
                        planner.diagnostics.push(found);
                    }
                }
            }
        }
    }

    fn inputs(&self, _: Catalogue<'_>) -> RedirectInputs {
        RedirectInputs { to: self.0.clone() }
    }

    fn make<'e>(
        RedirectInputs { to }: RedirectInputs,
        renderer: &mut Renderer<'e>,
    ) -> io::Result<Made<'e>> {
        let head =
            PageHead::new("redirect", renderer.theme.word("moved"), renderer.route, renderer);
        let mut context = Context::new();
        context.insert("page", &PageHead { noindex: true, ..head });
        context.insert("target", &renderer.config.base.href(&to));
        context.insert("target_url", &renderer.config.base.absolute(&to));
        Ok(Made::View(context))
    }
}
