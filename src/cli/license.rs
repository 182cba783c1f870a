//! `openclause license`: what files say of their license, and nothing else; `openclause explain FILE`: why.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use openclause::model::{Detection, DetectionKind, FileRecord, Folder, Inventory, Place};
use openclause::{ConfigSource, Progress, ScanRequest};

use super::args::{GlobalArgs, LicenseArgs, LicenseUnit, ListingFormat};
use super::{Exit, output};

/// Runs the command.
///
/// # Errors
/// When a path does not exist, or standard output cannot be written.
pub(crate) fn run(args: LicenseArgs, global: &GlobalArgs) -> miette::Result<Exit> {
    let inventory = read(args.files)?;
    if args.by == LicenseUnit::Folder {
        folders(&inventory, args.format)?;
        return Ok(Exit::Clean);
    }
    output::print(|out| match args.format {
        ListingFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &openclause::report::files_json(&inventory))
                .map_err(io::Error::from)?;
            writeln!(out)
        }
        ListingFormat::Human => {
            for file in &inventory.files {
                writeln!(out, "{}: {}", shown(file.path.as_str()), answer(file))?;
                if global.verbose > 0 {
                    detections(file, out)?;
                }
            }
            Ok(())
        }
    })?;
    Ok(Exit::Clean)
}

/// Explains what is known of one file's license.
///
/// # Errors
/// As [`run`].
pub(crate) fn explain(path: &Path) -> miette::Result<Exit> {
    let inventory = read(vec![path.to_path_buf()])?;
    output::print(|out| {
        for file in &inventory.files {
            writeln!(out, "{}: {}", shown(file.path.as_str()), answer(file))?;
            if file.licenses.is_empty() {
                writeln!(out, "  no license text, notice, field, tag or mention was found")?;
            }
            detections(file, out)?;
        }
        for skipped in &inventory.skipped {
            writeln!(out, "{}: not read: {}", shown(skipped.path.as_str()), shown(&skipped.reason))?;
        }
        let (stretches, known) = openclause::collect::license::memory();
        writeln!(out, "\n{stretches} stretches of text were read, {known} of them known from before")
    })?;
    Ok(Exit::Clean)
}

/// The evidence of some files, read by the same collectors as in a scan, whatever ignore files say.
fn read(paths: Vec<PathBuf>) -> miette::Result<Inventory> {
    let request = ScanRequest { paths, no_ignore: true, config: ConfigSource::None, ..ScanRequest::default() };
    Ok(openclause::inventory(&request, &|_: Progress| ())?)
}

/// The licenses of folders: a line for each, as `src: MIT by Cargo.toml; 2 of 3 files state a license: MIT 2`.
fn folders(inventory: &Inventory, format: ListingFormat) -> miette::Result<()> {
    output::print(|out| match format {
        ListingFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &openclause::report::folders_json(inventory))
                .map_err(io::Error::from)?;
            writeln!(out)
        }
        ListingFormat::Human => inventory.folders.iter().try_for_each(|folder| writeln!(out, "{}", line(folder))),
    })?;
    Ok(())
}

fn line(folder: &Folder) -> String {
    let path = if folder.path.as_str().is_empty() { "." } else { folder.path.as_str() };
    let declared = match (&folder.declared, &folder.declared_by) {
        (Some(license), Some(by)) => format!("{} by {}", shown(license), shown(by.as_str())),
        _ => "nothing declared".to_owned(),
    };
    let stated: Vec<String> =
        folder.licenses.iter().map(|(license, files)| format!("{} {files}", shown(license))).collect();
    let stated = if stated.is_empty() { String::new() } else { format!(": {}", stated.join(", ")) };
    let (licensed, files) = (folder.licensed, folder.files);
    format!("{}: {declared}; {licensed} of {files} files state a license{stated}", shown(path))
}

fn answer(file: &FileRecord) -> String {
    file.license.as_deref().map_or_else(|| "no license".to_owned(), shown)
}

/// Text of the checkout without anything that a terminal would obey.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn detections(file: &FileRecord, out: &mut dyn Write) -> io::Result<()> {
    for found in &file.licenses {
        detection(found, file, out)?;
    }
    Ok(())
}

fn detection(found: &Detection, file: &FileRecord, out: &mut dyn Write) -> io::Result<()> {
    let from = if found.place.path == file.path {
        String::new()
    } else {
        format!(" in {}", shown(found.place.path.as_str()))
    };
    writeln!(out, "  {:<13} {:<9} {}{from}", lines(&found.place), kind(found.kind), shown(&found.expression))?;
    writeln!(out, "      {}", shown(&found.reason))?;
    if let Some(invalid) = &found.invalid {
        writeln!(out, "      wrong: {}", shown(invalid))?;
    }
    if let Some(text) = &found.text {
        if !text.exact && !text.nearest.is_empty() {
            writeln!(out, "      nearest: {}", text.nearest)?;
        }
        for missing in &text.missing {
            writeln!(out, "      - {missing}")?;
        }
        for (sign, places) in [("+", &text.added), ("field", &text.placeholders), ("rider", &text.riders)] {
            for place in places {
                let excerpt = place.region.as_ref().map_or("", |region| &region.excerpt);
                let words: Vec<&str> = excerpt.split_whitespace().take(24).collect();
                writeln!(out, "      {sign} {}: {}", lines(place), shown(&words.join(" ")))?;
            }
        }
    }
    Ok(())
}

fn lines(place: &Place) -> String {
    match &place.region {
        Some(region) if region.start_line == region.end_line => format!("line {}", region.start_line),
        Some(region) => format!("lines {}-{}", region.start_line, region.end_line),
        None => "whole file".to_owned(),
    }
}

fn kind(kind: DetectionKind) -> &'static str {
    match kind {
        DetectionKind::Tag => "tag",
        DetectionKind::Text => "text",
        DetectionKind::Notice => "notice",
        DetectionKind::Reference => "reference",
        DetectionKind::Field => "field",
        DetectionKind::Clue => "clue",
    }
}
