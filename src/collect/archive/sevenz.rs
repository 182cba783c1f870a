//! 7-Zip, by the crate `sevenz-rust2`: LZMA, LZMA2 and stored members.

use std::borrow::Cow;
use std::io::Cursor;

use sevenz_rust2::{ArchiveReader, Password};

use super::{Budget, Member, Target, stream};

/// The members of a 7-Zip file.
pub(super) fn members<'a>(bytes: &'a [u8], budget: &mut Budget) -> (Vec<Member<'a>>, Option<String>) {
    let mut out = Vec::new();
    let mut reader = match ArchiveReader::new(Cursor::new(bytes), Password::empty()) {
        Ok(reader) => reader,
        Err(e) => return (out, Some(e.to_string())),
    };
    let result = reader.for_each_entries(|entry, data| {
        if entry.is_directory() {
            return Ok(true);
        }
        if !budget.member() {
            return Ok(false);
        }
        let content = stream::read(data, budget).map(Cow::Owned).map_err(|(_, why)| why);
        let goes_on = content.is_ok();
        out.push(Member { name: entry.name().to_owned(), content, doubt: None });
        Ok(goes_on)
    });
    (out, result.err().map(|e| e.to_string()))
}

/// The names of the members of a 7-Zip file.
pub(super) fn targets(bytes: &[u8], budget: &mut Budget) -> Vec<Target> {
    let Ok(reader) = ArchiveReader::new(Cursor::new(bytes), Password::empty()) else { return Vec::new() };
    let files = reader.archive().files.iter().take_while(|_| budget.member());
    files.map(|entry| Target { name: entry.name().to_owned(), link: None }).collect()
}
