//! The `_redirects` file of Cloudflare Pages, Netlify and GitLab: old address, new address, status.
//! An old address that hosts would take for a pattern is left out; the page there leads on.

use std::io;

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Material};
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::route::Route;

/// The file `_redirects`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HostRedirects;

impl PageKind for HostRedirects {
    /// The rules.
    type Inputs<'e> = Vec<String>;

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        if planner.redirects.iter().any(|(from, to)| of.config.base.redirect_rule(from, to).is_ok())
        {
            planner.generated(
                Route::exact("_redirects").expect("a safe name"),
                RouteRole::Other,
                HostRedirects,
                Indexing::Unlisted,
            );
        }
    }

    fn inputs(&self, of: Catalogue<'_>) -> Vec<String> {
        let (plan, base) = (of.plan, &of.material.config.base);
        // Hosts read so many lines and no more: those without a page of their own come first.
        let has_page = |from: &Route| matches!(plan.get(from), Some(RouteRole::Redirect(_)));
        let (with, without): (Vec<_>, Vec<_>) =
            plan.redirects.iter().partition(|(from, _)| has_page(from));
        without
            .into_iter()
            .chain(with)
            .filter_map(|(from, to)| base.redirect_rule(from, to).ok())
            .collect()
    }

    fn make<'e>(rules: Vec<String>, _: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        Ok(Made::text(rules.into_iter().map(|rule| rule + "\n").collect()))
    }
}
