//! Conda: environments, what conda-lock and pixi fix, and the records of installed packages.

pub(super) mod environment;
pub(super) mod explicit;
pub(super) mod lock;
pub(super) mod manifest;
pub(super) mod meta;
pub(super) mod pixi;

use super::purl::purl;

const CONDA: &str = "conda";

/// What the address of an archive tells: `<channel>/<subdir>/<name>-<version>-<build>.conda`.
struct Archive<'t> {
    name: &'t str,
    version: &'t str,
    build: &'t str,
    channel: &'t str,
    subdir: &'t str,
}

impl<'t> Archive<'t> {
    fn parse(url: &'t str) -> Option<Self> {
        let url = url.split(['#', '?']).next()?;
        let (rest, file) = url.rsplit_once('/')?;
        let stem = file.strip_suffix(".conda").or_else(|| file.strip_suffix(".tar.bz2"))?;
        let (rest, subdir) = rest.rsplit_once('/').unwrap_or(("", rest));
        let channel = rest.rsplit('/').next().unwrap_or_default();
        let (stem, build) = stem.rsplit_once('-')?;
        let (name, version) = stem.rsplit_once('-')?;
        Some(Self { name, version, build, channel, subdir })
    }
}

/// The purl of a package of a channel; what is not known is empty.
fn conda_purl(name: &str, version: &str, build: &str, channel: &str, subdir: &str) -> String {
    // An address of a channel ends with its name.
    let channel = channel.trim_end_matches('/').rsplit('/').next().unwrap_or(channel);
    purl(CONDA, name, version, &[("build", build), ("channel", channel), ("subdir", subdir)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_name_what_they_hold() {
        let found = Archive::parse(
            "https://conda.anaconda.org/conda-forge/linux-64/ca-certificates-2024.2.2-hbcca054_0.conda",
        )
        .unwrap();
        assert_eq!((found.name, found.version, found.build), ("ca-certificates", "2024.2.2", "hbcca054_0"));
        assert_eq!((found.channel, found.subdir), ("conda-forge", "linux-64"));
        assert!(Archive::parse("x.conda").is_none() && Archive::parse("https://h/a.zip").is_none());
    }
}
