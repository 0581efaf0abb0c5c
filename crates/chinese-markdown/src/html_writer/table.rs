//! Tables, whose cells know their column.

use pulldown_cmark::Alignment;

use super::Writer;

/// The table being written; tables do not nest.
#[derive(Default)]
pub(super) struct Table {
    pub(super) alignments: Vec<Alignment>,
    pub(super) column: usize,
    pub(super) in_head: bool,
}

impl Writer<'_> {
    /// Alignment is a class: a strict content-security policy forbids `style`, and so does the
    /// sanitiser.
    pub(super) fn open_cell(&mut self) {
        self.out.push_str(if self.table.in_head { "<th scope=\"col\"" } else { "<td" });
        match self.table.alignments.get(self.table.column) {
            Some(Alignment::Right) => self.out.extend([" class=\"", &self.seal, "align-right\">"]),
            Some(Alignment::Center) => {
                self.out.extend([" class=\"", &self.seal, "align-center\">"]);
            }
            _ => self.out.push('>'),
        }
    }
}
