//! A style sheet, script or picture of the theme.

use std::borrow::Cow;
use std::io;

use serde::{Deserialize, Serialize, Serializer};

use super::catalogue::{Catalogue, Material};
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use crate::digest::Digest;
use crate::plan::{Indexing, Planner, RouteRole};

/// An asset of the theme: its index in [`crate::theme::Theme::assets`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AssetFile(usize);

/// The bytes that are published.
pub struct Bytes<'e>(&'e [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Digest::of(self.0).serialize(serializer)
    }
}

impl PageKind for AssetFile {
    type Inputs<'e> = Bytes<'e>;

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        for (id, asset) in of.theme.assets.iter().enumerate() {
            planner.generated(
                asset.route.clone(),
                RouteRole::Asset(id),
                AssetFile(id),
                Indexing::Unlisted,
            );
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> Bytes<'e> {
        Bytes(&of.material.theme.assets[self.0].bytes)
    }

    fn make<'e>(Bytes(bytes): Bytes<'e>, _: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        Ok(Made::Bytes(Cow::Borrowed(bytes)))
    }
}
