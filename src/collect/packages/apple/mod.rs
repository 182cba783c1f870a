//! Swift and Apple's platforms: Swift Package Manager, CocoaPods, Carthage.

pub(super) mod cartfile;
pub(super) mod package_swift;
pub(super) mod podfile;
pub(super) mod podfile_lock;
pub(super) mod resolved;

const SWIFT: &str = "swift";
const COCOAPODS: &str = "cocoapods";

/// The name of a Swift package by its repository: `github.com/owner/name`, as the purl type has it.
fn swift_name(location: &str) -> String {
    let location = location.trim().trim_end_matches('/');
    let rest = location.split_once("://").map_or(location, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    // `git@host:owner/name`, but not a port.
    let rest = match rest.split_once(':') {
        Some((host, path)) if !path.starts_with(|c: char| c.is_ascii_digit()) => format!("{host}/{path}"),
        _ => rest.to_owned(),
    };
    rest.trim_end_matches(".git").trim_start_matches("www.").to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn repositories_name_swift_packages() {
        use super::swift_name as of;
        assert_eq!(of("https://github.com/Alamofire/Alamofire.git"), "github.com/Alamofire/Alamofire");
        assert_eq!(of("git@github.com:a/b.git"), "github.com/a/b");
        assert_eq!(of("ssh://git@host.org:22/a/b"), "host.org:22/a/b");
    }
}
