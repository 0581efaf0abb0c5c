//! A file that is published as it is.

use std::borrow::Cow;
use std::io;

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Material};
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use super::source_bytes::SourceBytes;
use crate::plan::{Indexing, Planner, RouteRole};

/// A file that is published as it is: its index in [`crate::site::Site::files`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FilePage(usize);

impl PageKind for FilePage {
    type Inputs<'e> = SourceBytes<'e>;

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        for (id, (_, route)) in of.site.files.iter().enumerate() {
            planner.add(route.clone(), RouteRole::File(id), FilePage(id), Indexing::Unlisted);
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> SourceBytes<'e> {
        SourceBytes::new(&of.material.site.files[self.0].0)
    }

    fn make<'e>(file: SourceBytes<'e>, renderer: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        renderer.bytes(&file).map(|bytes| Made::Bytes(Cow::Owned(bytes)))
    }
}
