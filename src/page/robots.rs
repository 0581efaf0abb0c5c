//! `robots.txt`: everybody may read everything; the sitemap is named where its address is known.

use std::fmt::Write as _;
use std::io;

use serde::{Deserialize, Serialize};

use super::address;
use super::catalogue::{Catalogue, Material};
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::route::Route;

/// The file `robots.txt`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Robots;

impl PageKind for Robots {
    type Inputs<'e> = ();

    fn plan<P: From<Self>>(_: Material<'_>, planner: &mut Planner<'_, P>) {
        planner.generated(
            Route::root().below("robots.txt"),
            RouteRole::Other,
            Robots,
            Indexing::Unlisted,
        );
    }

    fn inputs(&self, _: Catalogue<'_>) {}

    fn make<'e>((): (), renderer: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        let base = &renderer.config.base;
        let mut out = "User-agent: *\nAllow: /\n".to_owned();
        if base.is_absolute() {
            let _ = writeln!(out, "Sitemap: {}", base.absolute(&address::sitemap()));
        }
        Ok(Made::text(out))
    }
}
