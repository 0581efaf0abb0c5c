//! What stands for asking other sites where the program was built without a network.

use super::{Checked, CheckedLinks};
use crate::diagnostic::{Diagnostic, Failure};
use crate::edition::Edition;
use crate::sink::SiteFolder;

/// Says that other sites cannot be asked.
pub fn check_external(
    _: &Edition,
    _: &Checked,
    _: &SiteFolder,
    _: &(dyn Fn(usize, usize) + Sync),
) -> Result<CheckedLinks, Failure> {
    let diagnostic = Diagnostic::error(
        "network-absent",
        say!("this sitegen was built without a network, and cannot ask other sites"),
    );
    Err(Failure::Unusable(vec![diagnostic.hint(say!("build it with the feature `network`"))]))
}
