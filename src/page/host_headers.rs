//! The `_headers` file of Cloudflare Pages, Netlify and GitLab.

use std::fmt::Write as _;
use std::io;

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Material};
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::route::Route;

/// The file `_headers`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HostHeaders;

impl PageKind for HostHeaders {
    /// Addresses of the theme's assets. Each by its name, which carries a hash of its content:
    /// other files may lie in the folder.
    type Inputs<'e> = Vec<String>;

    fn plan<P: From<Self>>(_: Material<'_>, planner: &mut Planner<'_, P>) {
        planner.generated(
            Route::exact("_headers").expect("a safe name"),
            RouteRole::Other,
            HostHeaders,
            Indexing::Unlisted,
        );
    }

    fn inputs(&self, of: Catalogue<'_>) -> Vec<String> {
        let assets = of.plan.routes.iter().filter(|(_, role)| matches!(role, RouteRole::Asset(_)));
        let base = &of.material.config.base;
        let rules = assets.filter_map(|(route, _)| base.rule_href(route).ok());
        // Named by what is in them as well.
        let search = of
            .material
            .config
            .search
            .is_on
            .then(|| format!("{}/search/data/*", escaped(base.path())));
        rules.chain(search).collect()
    }

    fn make<'e>(assets: Vec<String>, renderer: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        let config = renderer.config;
        let path = escaped(config.base.path());
        let mut out = format!(
            "{path}/*\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n"
        );
        if let Some(policy) = config.policy.header() {
            let _ = writeln!(out, "  Content-Security-Policy: {policy}");
        }
        for address in assets {
            let _ =
                writeln!(out, "{address}\n  Cache-Control: public, max-age=31536000, immutable");
        }
        Ok(Made::text(out))
    }
}

/// The path of the site itself may hold what hosts take for a pattern; a rule for other sites
/// beside it is none of ours.
fn escaped(path: &str) -> String {
    path.replace('*', "%2A").replace(':', "%3A")
}
