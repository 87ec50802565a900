//! A surface that is reached by write(2): plain files, and devices whose driver refuses a mapping.
//!
//! Keeps a copy of the pixels, so that many small pieces become few large writes. Opens and checks nothing.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use crate::pixels::Shape;

/// The copy, and which bytes of each row are newer than what was written.
#[derive(Debug)]
pub struct Written {
    shape: Shape,
    /// Where the first visible pixel is.
    start_bytes: u64,
    copy: Vec<u8>,
    /// For each row the bytes to be written, counted from the first pixel of all.
    stale: Vec<Option<Range<usize>>>,
}

impl Written {
    /// For pixels of that shape which begin at `start_bytes` of a file or device.
    pub fn new(shape: Shape, start_bytes: u64) -> Written {
        let stale = vec![None; shape.size.height as usize];
        Written { shape, start_bytes, copy: vec![0; shape.extent_bytes()], stale }
    }

    /// Takes bytes of one row.
    pub fn write(&mut self, offset_bytes: usize, bytes: &[u8]) {
        let end = offset_bytes + bytes.len();
        self.copy[offset_bytes..end].copy_from_slice(bytes);
        let stale = &mut self.stale[offset_bytes / self.shape.stride_bytes];
        *stale = Some(match stale.take() {
            Some(known) => known.start.min(offset_bytes)..known.end.max(end),
            None => offset_bytes..end,
        });
    }

    /// Writes what is stale, rows next to each other at once.
    pub fn flush(&mut self, file: &File) -> io::Result<()> {
        // Between rows with padding lie bytes that are not ours.
        let is_dense = self.shape.stride_bytes == self.shape.row_bytes();
        let mut waiting: Option<Range<usize>> = None;
        for stale in self.stale.iter_mut().filter_map(Option::take) {
            waiting = match waiting {
                Some(span) if is_dense && stale.start - span.end < self.shape.stride_bytes => {
                    Some(span.start..stale.end)
                }
                Some(span) => {
                    write_span(file, &self.copy, self.start_bytes, span)?;
                    Some(stale)
                }
                None => Some(stale),
            };
        }
        waiting.map_or(Ok(()), |span| write_span(file, &self.copy, self.start_bytes, span))
    }
}

fn write_span(file: &File, copy: &[u8], start_bytes: u64, span: Range<usize>) -> io::Result<()> {
    file.write_all_at(&copy[span.clone()], start_bytes + span.start as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{Layout, Size};
    use std::io::Read;

    fn shape(stride_bytes: usize) -> Shape {
        Shape { size: Size { width: 4, height: 4 }, stride_bytes, layout: Layout::Rgb565 }
    }

    fn contents(mut file: File) -> Vec<u8> {
        let mut bytes = Vec::new();
        io::Seek::rewind(&mut file).expect("rewound");
        file.read_to_end(&mut bytes).expect("read");
        bytes
    }

    #[test]
    fn rows_without_padding_keep_what_lies_between_the_pieces() {
        let file = tempfile::tempfile().expect("a file");
        let mut written = Written::new(shape(8), 2);
        for row in 0..4 {
            written.write(row * 8, &[1; 8]);
        }
        written.flush(&file).expect("written");
        written.write(12, &[2; 2]);
        written.write(18, &[3; 2]);
        written.flush(&file).expect("written");
        let mut expected = vec![1; 34];
        expected[..2].fill(0);
        expected[14..16].fill(2);
        expected[20..22].fill(3);
        assert_eq!(contents(file), expected);
    }

    #[test]
    fn padding_between_rows_is_never_written() {
        let file = tempfile::tempfile().expect("a file");
        file.write_all_at(&[9; 38], 0).expect("filled");
        let mut written = Written::new(shape(10), 0);
        for row in 0..4 {
            written.write(row * 10, &[1; 8]);
        }
        written.flush(&file).expect("written");
        let row = [1, 1, 1, 1, 1, 1, 1, 1, 9, 9];
        assert_eq!(contents(file), [&row[..], &row, &row, &row[..8]].concat());
    }
}
