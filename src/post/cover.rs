//! The picture that a post says it has.

use super::reader::PostReader;
use crate::diagnostic::Diagnostic;
use crate::front_matter::Scalar;
use chinese_markdown::html::{self, Unusable};
use chinese_text as text;

impl PostReader<'_> {
    /// Returns the address of a cover that can be shown; what cannot is told.
    pub(super) fn picture(&mut self, said: &Scalar) -> Option<String> {
        let address = text::one_line(&said.text);
        // Themes of Hexo take a colour too, or `false` for none.
        let is_none = matches!(
            address.to_ascii_lowercase().as_str(),
            "false" | "true" | "no" | "none" | "null" | "transparent"
        );
        if address.is_empty()
            || is_none
            || address.starts_with('#')
            || address.contains("gradient(")
        {
            return None;
        }
        match html::unusable_image(&address) {
            Some(Unusable::Disk) => {
                let diagnostic = Diagnostic::warning(
                    "image-lost",
                    say!("the cover lies on somebody's own disk and is not shown"),
                );
                let hint = say!("put the file into static/, and write its address from there");
                self.diagnostics.push(diagnostic.hint(hint).at(self.text, said.range.clone()));
            }
            Some(_) => {
                let diagnostic = Diagnostic::warning(
                    "image-lost",
                    say!("the cover has no address that a reader could follow"),
                );
                self.diagnostics.push(diagnostic.at(self.text, said.range.clone()));
            }
            None => return Some(address),
        }
        None
    }
}
