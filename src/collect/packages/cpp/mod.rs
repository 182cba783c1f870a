//! C and C++: Conan, vcpkg, CMake's downloads, Meson's wraps.

pub(super) mod cmake;
pub(super) mod conan_info;
pub(super) mod conan_lock;
pub(super) mod conanfile;
pub(super) mod vcpkg;
pub(super) mod wrap;

use super::purl::purl;

const CONAN: &str = "conan";

/// A Conan reference: `name/version@user/channel#recipe revision%time`.
struct Reference<'t> {
    name: &'t str,
    version: &'t str,
    user: &'t str,
    channel: &'t str,
    revision: &'t str,
}

impl<'t> Reference<'t> {
    /// Takes a reference apart; `None` when it has no name or no version.
    fn parse(text: &'t str) -> Option<Self> {
        let text = text.trim().split('%').next()?;
        let (text, revision) = text.split_once('#').unwrap_or((text, ""));
        // Version 1 put the id of the binary behind the recipe's revision.
        let revision = revision.split(':').next()?;
        let (text, place) = text.split_once('@').unwrap_or((text, ""));
        let (user, channel) = place.split_once('/').unwrap_or((place, ""));
        let (name, version) = text.split_once('/')?;
        let version = version.split(':').next()?;
        let channel = channel.split(':').next()?;
        let named = !name.is_empty() && !version.is_empty();
        // `_/_` stands for neither user nor channel.
        let stated = |word: &'t str| if word == "_" { "" } else { word };
        named.then_some(Self { name, version, user: stated(user), channel: stated(channel), revision })
    }

    fn purl(&self) -> String {
        let qualifiers = [("user", self.user), ("channel", self.channel), ("rrev", self.revision)];
        purl(CONAN, self.name, self.version, &qualifiers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let of = |text: &str| Reference::parse(text).map(|r| r.purl());
        assert_eq!(of("zlib/1.2.11#ffa7%1667.18").as_deref(), Some("pkg:conan/zlib@1.2.11?rrev=ffa7"));
        assert_eq!(of("a/1@u/c").as_deref(), Some("pkg:conan/a@1?channel=c&user=u"));
        assert_eq!(of("test/1.0:2ce0").as_deref(), Some("pkg:conan/test@1.0"));
        assert_eq!(of("a/1@_/_#r:p#q").as_deref(), Some("pkg:conan/a@1?rrev=r"));
        assert!(of("1.2.3").is_none() && of("/1").is_none() && of("").is_none());
    }
}
