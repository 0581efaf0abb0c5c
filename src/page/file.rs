//! A file that is published as it is.

use std::borrow::Cow;
use std::io;

use serde::Serialize;

use super::catalogue::{Catalogue, Material};
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::source::{SourcePath, Stamp};

/// A file that is published as it is: its index in [`crate::site::Site::files`].
#[derive(Clone, Debug)]
pub struct FilePage(usize);

/// What is published: the bytes that the disk holds, known by their stamp.
#[derive(Serialize)]
pub struct FileInputs<'e> {
    path: &'e SourcePath,
    stamp: Stamp,
}

impl PageKind for FilePage {
    type Inputs<'e> = FileInputs<'e>;

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        for (id, (_, route)) in of.site.files.iter().enumerate() {
            planner.add(route.clone(), RouteRole::File(id), FilePage(id), Indexing::Unlisted);
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> FileInputs<'e> {
        let (entry, _) = &of.material.site.files[self.0];
        FileInputs { path: &entry.path, stamp: entry.stamp }
    }

    fn make<'e>(
        FileInputs { path, .. }: FileInputs<'e>,
        renderer: &mut Renderer<'e>,
    ) -> io::Result<Made<'e>> {
        renderer.read(path).map(|bytes| Made::Bytes(Cow::Owned(bytes)))
    }
}
