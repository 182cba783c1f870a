//! What changed in an interface, from one release to the next.

use std::collections::{HashMap, HashSet};

use crate::model::Element;

/// What breaks those who relied on `old`, and which numbers mean something else in `new`.
pub(super) fn compare(old: &[Element], new: &[Element]) -> (Vec<String>, Vec<String>) {
    let then: HashMap<&str, &Element> = old.iter().map(|e| (e.name.as_str(), e)).collect();
    let now: HashMap<&str, &Element> = new.iter().map(|e| (e.name.as_str(), e)).collect();
    let labels: HashSet<(&str, &str)> =
        new.iter().filter_map(|e| Some((e.name.split_once('#')?.0, e.label.as_str()))).collect();
    let (mut broken, mut reused) = (Vec::new(), Vec::new());
    for element in old {
        let Some(found) = now.get(element.name.as_str()) else {
            if element.kept && !is_told_elsewhere(element, &now) {
                broken.push(format!("`{}` is gone", title(element)));
            }
            continue;
        };
        let differs = !element.shape.is_empty() && !found.shape.is_empty() && element.shape != found.shape;
        let numbered = element.name.split_once('#').filter(|(_, number)| *number != "reserved");
        if element.name.ends_with("#reserved") {
            continue;
        }
        if let Some((owner, number)) = numbered
            && element.label != found.label
        {
            let moved = labels.contains(&(owner, element.label.as_str()));
            let other = element.shape.is_empty() && !share_a_word(&element.label, &found.label);
            if differs || moved || other {
                reused.push(format!("{number} of `{owner}` was `{}` and is `{}`", element.label, found.label));
            }
        } else if differs && !element.shape.contains('|') && !found.shape.contains('|') {
            broken.push(format!("`{}` was {} and is {}", title(element), words(&element.shape), words(&found.shape)));
        }
        if found.required && !element.required {
            broken.push(format!("`{}` has to be given", title(found)));
        }
    }
    for element in new.iter().filter(|e| e.required && !then.contains_key(e.name.as_str())) {
        let parent = element.name.rfind(['.', '(', ':']).map_or("", |at| &element.name[..at]);
        if parent.is_empty() || then.contains_key(parent) || then.contains_key(format!("input {parent}").as_str()) {
            broken.push(format!("`{}` is new and has to be given", title(element)));
        }
    }
    broken.dedup();
    (broken, reused)
}

/// Whether what is gone is retired by `reserved`, or went with what it was part of.
fn is_told_elsewhere(element: &Element, now: &HashMap<&str, &Element>) -> bool {
    let Some((owner, number)) = element.name.split_once('#') else {
        let parent = element.name.rfind(['.', '(']).map_or("", |at| &element.name[..at]);
        let owners = ["type", "interface", "input", "enum", "schema"];
        let named = |word: &&str| now.contains_key(format!("{word} {parent}").as_str());
        // A property whose parent is gone is told by the parent, where the parent is an element at all.
        return !parent.is_empty()
            && element.name.contains('.')
            && !element.name.contains(' ')
            && !now.contains_key(parent)
            && !owners.iter().any(named);
    };
    if !now.contains_key(owner) {
        return true;
    }
    let Ok(number) = number.parse::<i64>() else { return true };
    let reserved = now.get(format!("{owner}#reserved").as_str());
    reserved.is_some_and(|r| {
        r.shape
            .split(',')
            .filter_map(|range| range.split_once(".."))
            .any(|(a, b)| a.parse::<i64>().is_ok_and(|a| a <= number) && b.parse::<i64>().is_ok_and(|b| number <= b))
    })
}

fn title(element: &Element) -> String {
    match element.name.split_once('#') {
        Some((owner, _)) => format!("{}.{}", owner.rsplit(' ').next().unwrap_or(owner), element.label),
        None => element.name.clone(),
    }
}

fn words(shape: &str) -> &str {
    shape.trim_start_matches('=')
}

/// Whether two names have a part in common, so that one may be another spelling of the other.
fn share_a_word(a: &str, b: &str) -> bool {
    let parts = |name: &str| -> HashSet<String> {
        name.split('_').filter(|p| p.len() > 2).map(str::to_ascii_lowercase).collect()
    };
    !parts(a).is_disjoint(&parts(b))
}
