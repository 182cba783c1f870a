//! Who supplies a component (NTIA's minimum elements: who creates, defines and identifies it), where the checkout says so.

use crate::model::{Component, Party};

/// The owner of the namespace that the purl names, where the registry gives namespaces to accounts; else the first of the
/// authors that the package's own manifest names. Nobody where neither is known.
pub(super) fn of(component: &Component) -> Option<Party> {
    component.supplier.clone().or_else(|| owner(component.purl.as_deref()?)).or_else(|| {
        // With an address, they can be asked, which is what the field is for.
        let reachable = component.authors.iter().find(|party| party.email.is_some() || party.url.is_some());
        reachable.or(component.authors.first()).cloned()
    })
}

/// The account that a purl's namespace belongs to, and its page.
fn owner(purl: &str) -> Option<Party> {
    let (kind, rest) = purl.strip_prefix("pkg:")?.split_once('/')?;
    let path = rest.split(['@', '?', '#']).next()?;
    let mut parts = path.split('/');
    let (first, second) = (parts.next()?, parts.next()?);
    let (page, name) = match (kind, first) {
        ("github" | "githubactions", name) => ("https://github.com/", name),
        ("golang" | "swift", "github.com") => ("https://github.com/", second),
        ("golang" | "swift", "gitlab.com") => ("https://gitlab.com/", second),
        ("gitlab", name) => ("https://gitlab.com/", name),
        ("bitbucket", name) => ("https://bitbucket.org/", name),
        ("huggingface", "datasets") => {
            // Data sets of the first days have no owner.
            parts.next()?;
            ("https://huggingface.co/", second)
        }
        ("huggingface", name) => ("https://huggingface.co/", name),
        ("composer", name) => ("https://packagist.org/packages/", name),
        ("terraform", name) => ("https://registry.terraform.io/namespaces/", name),
        _ => return None,
    };
    // An account's name needs no encoding; what does is none.
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) && !name.is_empty();
    plain.then(|| Party { name: name.to_owned(), url: Some(format!("{page}{name}")), ..Party::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_of_namespaces() {
        let url = |purl: &str| owner(purl).and_then(|party| party.url);
        assert_eq!(url("pkg:githubactions/actions/checkout@v4").as_deref(), Some("https://github.com/actions"));
        assert_eq!(
            url("pkg:golang/github.com/burntsushi/toml@v1.0.0").as_deref(),
            Some("https://github.com/burntsushi")
        );
        assert_eq!(url("pkg:huggingface/datasets/a/b").as_deref(), Some("https://huggingface.co/a"));
        for none in ["pkg:cargo/serde@1.0.0", "pkg:golang/gopkg.in/yaml.v2@v2.4.0", "pkg:huggingface/gpt2", "x"] {
            assert_eq!(url(none), None, "{none}");
        }
    }

    #[test]
    fn authors_who_can_be_asked_come_first() {
        let party = |name: &str, email: Option<&str>| Party {
            name: name.to_owned(),
            person: true,
            email: email.map(str::to_owned),
            url: None,
        };
        let mut component =
            Component { authors: vec![party("a", None), party("b", Some("b@example.org"))], ..Default::default() };
        assert_eq!(of(&component).unwrap().name, "b");
        component.authors.pop();
        assert_eq!(of(&component).unwrap().name, "a");
        component.authors.clear();
        assert_eq!(of(&component), None);
    }
}
