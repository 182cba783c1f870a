//! `conaninfo.txt`, which Conan 1 leaves in every package that it builds: `[full_requires]` are the exact packages that
//! went into it (Conan 1's reference, "conaninfo.txt").

use super::{CONAN, Reference};
use crate::collect::SourceFile;
use crate::collect::packages::draft::Draft;
use crate::collect::packages::lines::lines;
use crate::model::Evidence;

/// Reads the file.
pub(in crate::collect::packages) fn read(file: &SourceFile<'_>, out: &mut Vec<Evidence>) {
    let mut draft = Draft::new(file, CONAN);
    // Conan's cache holds a package at `name/version/user/channel/package/id`, which the file does not repeat.
    let parts: Vec<&str> = file.path.as_str().rsplit('/').skip(1).collect();
    if let [_, "package", channel, user, version, name, ..] = parts[..]
        && let Some(own) = Reference::parse(&format!("{name}/{version}@{user}/{channel}"))
    {
        let mut package = draft.package(name, version, 0..0);
        package.purl = own.purl();
        package.direct = Some(true);
        draft.add(package);
    }
    let own = draft.packages.len();
    let mut listed = false;
    for (line, at) in lines(file.text()) {
        let line = line.trim();
        if line.starts_with('[') {
            listed = line == "[full_requires]";
        } else if listed && !line.is_empty() {
            match Reference::parse(line) {
                Some(reference) => {
                    let mut package = draft.package(reference.name, reference.version, at);
                    package.purl = reference.purl();
                    draft.add(package);
                }
                None => draft.note(at.start, "no reference of a package"),
            }
        }
    }
    if own == 1 {
        draft.packages[0].dependencies = (1..draft.packages.len()).collect();
    }
    if !draft.packages.is_empty() {
        draft.finish(out);
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::packages::testing::{edges, fixture, lock, with_text};

    #[test]
    fn what_went_into_a_package() {
        let evidence = fixture("conan-info", "plain/conaninfo.txt");
        let purls: Vec<_> = lock(&evidence).packages.iter().map(|p| p.purl.as_str()).collect();
        assert_eq!(
            purls,
            ["pkg:conan/bzip2@1.0.8", "pkg:conan/spdlog@1.11.0?channel=stable&rrev=1c3ab5c2&user=team"]
        );
    }

    #[test]
    fn the_place_in_the_cache_names_the_package() {
        let text = "[full_requires]\n    zlib/1.2.12:ab\n";
        let evidence = with_text("data/mfast/1.2.2/me/stable/package/9d1f/conaninfo.txt", text);
        assert_eq!(edges(lock(&evidence)), ["mfast 1.2.2 -> zlib 1.2.12"]);
        assert!(with_text("conaninfo.txt", "[settings]\n").is_empty());
    }
}
