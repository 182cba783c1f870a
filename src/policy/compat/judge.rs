//! Whether one license, as a component's term, may be used in a work under another.
//!
//! The order: the same license or one that it may be turned into; relations in which nothing is combined; what an
//! exception frees; what is published about the pair; what the license withholds; how far its terms reach. What
//! none of these decides is unknown.

use super::facts::{self, LicenseFacts};
use super::pairs;
use super::term::Term;
use super::words::{Answer, Category, ExceptionKind, Relation, Scope};

/// The verdict on one license in a work under one other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermVerdict {
    /// The component's license, with its exception.
    pub inbound: String,
    /// The work's license, with its exception.
    pub outbound: String,
    /// The answer.
    pub answer: Answer,
    /// What has to be done, as words of `policies/facts/license-words.toml`.
    pub duties: Vec<String>,
    /// Why, as a clause; for [`Answer::Depends`], on what.
    pub reason: String,
    /// The facts that decided and where they come from.
    pub sources: Vec<String>,
}

/// What was found out, before the names are put to it.
struct Found {
    answer: Answer,
    duties: Vec<String>,
    reason: String,
    source: Option<String>,
}

impl Found {
    fn new(answer: Answer, reason: impl Into<String>) -> Self {
        Self { answer, duties: Vec::new(), reason: reason.into(), source: None }
    }

    /// A yes under these duties, or without any.
    fn yes(duties: Vec<String>, reason: impl Into<String>) -> Self {
        let answer = if duties.is_empty() { Answer::Yes } else { Answer::YesWithDuties };
        Self { answer, duties, reason: reason.into(), source: None }
    }
}

/// Judges a term of the component against a term of the work.
pub(super) fn judge(inbound: &Term, outbound: &Term, relation: Relation) -> TermVerdict {
    let mut verdict = TermVerdict {
        inbound: inbound.to_string(),
        outbound: outbound.to_string(),
        answer: Answer::Unknown,
        duties: Vec::new(),
        reason: String::new(),
        sources: Vec::new(),
    };
    let unknown = |id: &str| format!("nothing is known of the terms of {id}");
    let Some(theirs) = facts::license(&inbound.id) else {
        verdict.reason = unknown(&inbound.id);
        return verdict;
    };
    verdict.sources = theirs.sources();
    if let Some(exception) = &inbound.exception {
        verdict.sources.push(format!("policies/facts/license-exceptions.toml, row {exception}"));
    }
    let found = match (passed_by(theirs, inbound, outbound, relation), facts::license(&outbound.id)) {
        (Some(found), _) => found,
        (None, None) => Found::new(Answer::Unknown, unknown(&outbound.id)),
        (None, Some(ours)) => versions(inbound, theirs, outbound, ours, relation),
    };
    verdict.answer = found.answer;
    verdict.duties = found.duties;
    verdict.reason = found.reason;
    verdict.sources.extend(found.source);
    verdict
}

/// Relations in which the component's license is all that counts, whatever the work's is.
fn passed_by(theirs: &LicenseFacts, inbound: &Term, outbound: &Term, relation: Relation) -> Option<Found> {
    if theirs.category == Category::Unknown {
        return Some(Found::new(Answer::Unknown, format!("nothing is known of the terms of {}", theirs.id)));
    }
    match relation {
        Relation::BuildTool | Relation::Test => Some(if theirs.is_triggered_by("use") {
            Found::new(
                Answer::Depends,
                "on how it is used: its terms bind those who use it, not only those who pass it on",
            )
        } else if !theirs.limits.iter().all(|l| l == "no-derivatives") || theirs.category == Category::Proprietary {
            Found::new(
                Answer::Depends,
                format!("on whether your use stays within what it allows: it excludes {}", limits(theirs)),
            )
        } else {
            Found::new(Answer::Yes, "the tool is used and not passed on with the work")
        }),
        Relation::Process | Relation::Aggregate => Some(separate(theirs, relation)),
        Relation::DataInTrain => Some(match pairs::find(&inbound.id, &outbound.id, relation) {
            Some(pair) => published(pair, theirs, relation),
            None => trained_on(theirs),
        }),
        _ => None,
    }
}

/// A program of its own that is run, or lies beside the work.
fn separate(theirs: &LicenseFacts, relation: Relation) -> Found {
    let hosted = theirs.limits.iter().any(|l| l == "hosted-service");
    if theirs.is_open() || theirs.category == Category::NoDerivatives && theirs.limits == ["no-derivatives"] {
        if theirs.is_triggered_by("use") {
            return Found::new(
                Answer::Depends,
                "on how it is used: its terms bind those who use it, not only those who pass it on",
            );
        }
        let mut duties = duties(theirs, relation);
        if theirs.scope == Scope::None && relation == Relation::Process {
            duties.retain(|d| d != "state-changes");
        }
        return Found::yes(
            duties,
            "it stays a separate work under its own license; the duties are for passing on copies of it",
        );
    }
    let what = if hosted && relation == Relation::Process {
        "you offer it to others as a service"
    } else {
        "your use and that of whoever receives it stays within what it allows"
    };
    Found::new(Answer::Depends, format!("on whether {what}: it excludes {}", limits(theirs)))
}

/// A model that is trained on the work.
fn trained_on(theirs: &LicenseFacts) -> Found {
    if !theirs.is_open() {
        return Found::new(
            Answer::Depends,
            format!(
                "on whether training needs a license where you are, and stays within it: it excludes {}",
                limits(theirs)
            ),
        );
    }
    if theirs.duties.is_empty() {
        return Found::new(Answer::Yes, "it asks for nothing");
    }
    Found::new(
        Answer::Depends,
        "on whether training needs a license where you are, and whether the model is a copy or an adaptation of what it was trained on",
    )
}

/// Judges against every version of the work's license that its users may choose, and, where its terms allow to pass it
/// on under another license, against those.
fn versions(
    inbound: &Term,
    theirs: &LicenseFacts,
    outbound: &Term,
    ours: &LicenseFacts,
    relation: Relation,
) -> Found {
    if inbound.id == outbound.id && theirs.limits.iter().any(|l| l == "no-derivatives") {
        match relation {
            Relation::Copied => {
                return Found::new(
                    Answer::Depends,
                    "on passing it on as it is: what is adapted from it may not be shared, not even under the same license",
                );
            }
            Relation::WeightsDerived => return withheld(theirs, ours, relation),
            _ => {}
        }
    }
    // Whose rights are reserved is not said by the name that all such terms share.
    if inbound.id == outbound.id && theirs.category == Category::Proprietary {
        return withheld(theirs, ours, relation);
    }
    if inbound.id == outbound.id && (inbound.exception == outbound.exception || outbound.exception.is_none()) {
        return Found::yes(duties(theirs, relation), "both are under the same license");
    }
    if inbound.id == outbound.id
        && (relation == Relation::Copied || becomes_one(theirs, relation))
        && outbound.exception.is_some()
        && inbound.exception.is_none()
    {
        return Found::new(
            Answer::Depends,
            format!(
                "on dropping {} for the whole: it cannot be granted for code that comes without it",
                outbound.exception.as_deref().unwrap_or_default()
            ),
        );
    }
    if let Some(found) = alone(inbound, theirs, outbound, relation) {
        return found;
    }
    if let Some(found) = turned_into(theirs, &outbound.id, relation) {
        return found;
    }
    let choices = outbound.versions();
    let judged: Vec<(&LicenseFacts, Found)> = choices
        .iter()
        .filter_map(|id| facts::license(id))
        .map(|ours| {
            let found = turned_into(theirs, ours.id, relation).unwrap_or_else(|| {
                if inbound.id == ours.id {
                    Found::yes(duties(theirs, relation), "both are under the same license")
                } else {
                    combined(inbound, theirs, outbound, ours, relation)
                }
            });
            (ours, found)
        })
        .collect();
    let fits: Vec<&str> = judged.iter().filter(|(_, f)| f.answer.is_yes()).map(|(ours, _)| ours.id).collect();
    let mut judged: Vec<Found> = match judged.len() {
        0 => vec![combined(inbound, theirs, outbound, ours, relation)],
        _ if !fits.is_empty() && fits.len() < judged.len() => {
            let mut found = Found::new(
                Answer::Depends,
                format!("on passing the combination on under {} alone, as {} allows", fits.join(" or "), outbound.id),
            );
            found.source = judged.into_iter().find_map(|(_, f)| f.source.filter(|_| f.answer.is_yes()));
            return found;
        }
        _ => judged.into_iter().map(|(_, found)| found).collect(),
    };
    // All fit, and the one that asks most counts; or none does, and the one that is nearest to a yes is told.
    if judged.iter().all(|f| f.answer.is_yes()) {
        judged.sort_by_key(|f| std::cmp::Reverse((f.answer, f.duties.len())));
    } else {
        judged.sort_by_key(|f| f.answer);
    }
    let relicense = outbound.relicensed();
    let mut best = judged.swap_remove(0);
    if !best.answer.is_yes()
        && ["GPL-", "LGPL-"].iter().any(|gnu| inbound.id.starts_with(gnu))
        && let Some(under) = relicense.iter().find(|id| {
            facts::license(id).is_some_and(|ours| {
                inbound.id == ours.id
                    || turned_into(theirs, ours.id, relation).is_some()
                    || combined(inbound, theirs, outbound, ours, relation).answer.is_yes()
            })
        })
    {
        best = Found::new(
            Answer::Depends,
            format!("on passing the combination on under {under} instead, as {} allows", outbound.id),
        );
    }
    best
}

/// Whether copyleft takes in the whole that code makes with the work.
fn becomes_one(theirs: &LicenseFacts, relation: Relation) -> bool {
    match relation {
        Relation::Copied => matches!(theirs.scope, Scope::Work | Scope::Library),
        Relation::Static | Relation::Dynamic => theirs.scope == Scope::Work,
        _ => false,
    }
}

/// Copyleft code that goes into a work which grants more than the code's own authors do: an exception, or later versions.
/// The whole can then be passed on without that alone.
fn alone(inbound: &Term, theirs: &LicenseFacts, outbound: &Term, relation: Relation) -> Option<Found> {
    if !becomes_one(theirs, relation) || !theirs.is_open() || inbound.exception.is_some() {
        return None;
    }
    let is_gnu = |id: &str| ["GPL-", "LGPL-", "AGPL-", "EUPL-"].iter().any(|start| id.starts_with(start));
    if let Some(exception) = &outbound.exception
        && is_gnu(&inbound.id)
        && theirs.upgrade.contains(&outbound.id)
    {
        let whole =
            format!("on dropping {exception} for the whole: it cannot be granted for code that comes without it");
        return Some(Found::new(Answer::Depends, whole));
    }
    let stem = inbound.id.strip_suffix("-only")?;
    (outbound.id.strip_suffix("-or-later") == Some(stem)).then(|| {
        let why = format!(
            "on passing the combination on under {} alone: its authors do not allow later versions",
            inbound.id
        );
        Found::new(Answer::Depends, why)
    })
}

/// Whether the component's own terms allow to pass it on under the work's license.
fn turned_into(theirs: &LicenseFacts, outbound: &str, relation: Relation) -> Option<Found> {
    theirs.upgrade.iter().any(|id| id == outbound).then(|| {
        let mut duties = duties(theirs, relation);
        duties.retain(|d| d != "relink" && d != "same-terms");
        Found::yes(duties, format!("the terms of {} allow to pass it on under {outbound}", theirs.id))
    })
}

/// A published answer, with the duties of the license.
fn published(pair: &pairs::Pair, theirs: &LicenseFacts, relation: Relation) -> Found {
    let mut duties = if pair.answer == Answer::YesWithDuties { duties(theirs, relation) } else { Vec::new() };
    duties.retain(|d| !pair.without.contains(d));
    // A yes with duties for a license without any is a plain yes.
    let answer = if pair.answer == Answer::YesWithDuties && duties.is_empty() { Answer::Yes } else { pair.answer };
    Found { answer, duties, reason: pair.reason.clone(), source: Some(pair.source.clone()) }
}

/// Code, content or weights that become part of the work, whose license is taken in one version.
fn combined(
    inbound: &Term,
    theirs: &LicenseFacts,
    outbound: &Term,
    ours: &LicenseFacts,
    relation: Relation,
) -> Found {
    if let Some(found) = by_exception(inbound, theirs, outbound, ours, relation) {
        return found;
    }
    if let Some(pair) = pairs::find(theirs.id, ours.id, relation) {
        return published(pair, theirs, relation);
    }
    // The LGPL's terms on the library itself are those of the GPL: what is a further restriction there is one here.
    if relation == Relation::Copied
        && let Some(gpl) = gpl_of(ours.id)
        && let Some(pair) = pairs::find(theirs.id, gpl, relation)
        && !pair.answer.is_yes()
    {
        return published(pair, theirs, relation);
    }
    if ours.category == Category::Unknown {
        return Found::new(Answer::Unknown, format!("nothing is known of the terms of {}", ours.id));
    }
    if !theirs.is_open() {
        return withheld(theirs, ours, relation);
    }
    reach(theirs, ours, relation)
}

/// The version of the GPL whose terms on code that is copied into the work a version of the LGPL repeats.
fn gpl_of(id: &str) -> Option<&'static str> {
    match id {
        "LGPL-2.0-only" | "LGPL-2.1-only" => Some("GPL-2.0-only"),
        "LGPL-3.0-only" => Some("GPL-3.0-only"),
        _ => None,
    }
}

/// What the exceptions on either side free.
fn by_exception(
    inbound: &Term,
    theirs: &LicenseFacts,
    outbound: &Term,
    ours: &LicenseFacts,
    relation: Relation,
) -> Option<Found> {
    let linked = matches!(relation, Relation::Static | Relation::Dynamic | Relation::Plugin);
    if let Some((id, row)) = inbound.exception.as_deref().and_then(|id| Some((id, facts::exception(id)?))) {
        if row.frees.contains(&relation) {
            let mut duties = duties(theirs, relation);
            duties.retain(|d| d != "relink");
            return Some(Found::yes(duties, format!("{id} frees the other work from the terms of {}", theirs.id)));
        }
        // The joins of an exception for named works are those of a work that carries it: what it goes into need not be one.
        if row.kind != ExceptionKind::Named && row.joins.iter().any(|join| join == ours.id) {
            return Some(Found::yes(
                duties(theirs, relation),
                format!("{id} allows the combination with {}", ours.id),
            ));
        }
        if linked
            && row.kind == ExceptionKind::Foss
            && ours.is_open()
            && (ours.is_osi_approved() || ours.is_fsf_free())
        {
            return Some(Found::new(
                Answer::Depends,
                format!("on the conditions of {id}, which frees works under listed open licenses"),
            ));
        }
        if row.kind == ExceptionKind::Embed && relation == Relation::Static {
            return Some(Found::new(
                Answer::Depends,
                format!("on whether the work is a document that embeds it: {id} frees no other"),
            ));
        }
        let is_named = match row.kind {
            ExceptionKind::Named => linked,
            // What is linked into one program is not behind an interface.
            ExceptionKind::Interface => linked && relation != Relation::Static,
            _ => false,
        };
        if is_named && theirs.scope == Scope::Work {
            return Some(Found::new(Answer::Depends, format!("on whether the work is one that {id} names")));
        }
    }
    if let Some((id, row)) = outbound.exception.as_deref().and_then(|id| Some((id, facts::exception(id)?))) {
        if linked && row.joins.iter().any(|join| join == theirs.id) {
            return Some(Found::yes(duties(theirs, relation), format!("{id} allows to link with it")));
        }
        if linked
            && row.perhaps.iter().any(|perhaps| perhaps == theirs.id)
            && combined_without(inbound, theirs, ours, relation)
        {
            return Some(Found::new(
                Answer::Depends,
                format!("on whether it is a work that {id} names, which others under {} are not", theirs.id),
            ));
        }
        // Whoever wrote the work lets it be linked with anything; copyleft of the other side still wants its due.
        if linked
            && row.kind == ExceptionKind::Link
            && theirs.is_open()
            && !matches!(theirs.scope, Scope::Work | Scope::Derivative)
            && combined_without(inbound, theirs, ours, relation)
        {
            let why =
                format!("on whether it is an independent module: {id} lets those be linked, whatever their license");
            return Some(Found::new(Answer::Depends, why));
        }
        if linked
            && row.kind == ExceptionKind::Named
            && row.joins.is_empty()
            && combined_without(inbound, theirs, ours, relation)
        {
            return Some(Found::new(Answer::Depends, format!("on whether it is a work that {id} names")));
        }
    }
    None
}

/// Whether the combination is refused without the exception of the work.
fn combined_without(inbound: &Term, theirs: &LicenseFacts, ours: &LicenseFacts, relation: Relation) -> bool {
    let bare = Term { exception: None, ..Term::new(ours.id) };
    !combined(inbound, theirs, &bare, ours, relation).answer.is_yes()
}

/// A license that withholds freedoms.
fn withheld(theirs: &LicenseFacts, ours: &LicenseFacts, relation: Relation) -> Found {
    if theirs.category == Category::Proprietary {
        return match relation {
            Relation::Dynamic | Relation::Plugin if ours.scope == Scope::None && ours.is_open() => Found::new(
                Answer::Depends,
                "on whether its terms allow to pass it on, and on telling users that they need it",
            ),
            _ if ours.is_open() => {
                Found::new(Answer::No, format!("all rights are reserved, and {} grants them to everybody", ours.id))
            }
            _ => Found::new(Answer::Depends, "on what its owner allows"),
        };
    }
    if ours.is_open() {
        return Found::new(
            Answer::No,
            format!("it excludes {}, and {} withholds nothing of the kind", limits(theirs), ours.id),
        );
    }
    let becomes_part = matches!(relation, Relation::Copied | Relation::WeightsDerived);
    let passed_on = theirs.duties.iter().any(|duty| duty == "use-policy") && ours.category != Category::Proprietary;
    if (theirs.scope == Scope::Work || passed_on) && becomes_part {
        return Found::new(Answer::No, format!("what is derived from it stays under {}", theirs.id));
    }
    if (becomes_part || relation == Relation::Static)
        && ours.category != Category::Proprietary
        && let Some(limit) = theirs.limits.iter().find(|limit| !keeps(ours, limit))
    {
        let what = super::words::explain("limit", limit).unwrap_or(limit);
        return Found::new(Answer::No, format!("it excludes {what}, and {} does not", ours.id));
    }
    Found::new(
        Answer::Depends,
        format!("on whether the use stays within what it allows: it excludes {}", limits(theirs)),
    )
}

/// Whether a license withholds what another one does, by itself or with more: who may not use a work for commerce
/// may not sell it as a service.
fn keeps(ours: &LicenseFacts, limit: &str) -> bool {
    let commerce = ["noncommercial", "no-sale", "user-count", "hosted-service", "production-use", "competing-use"];
    ours.limits.iter().any(|own| {
        own == limit || commerce.contains(&limit) && ["noncommercial", "research-only"].contains(&own.as_str())
    })
}

/// How far the terms of an open license reach.
fn reach(theirs: &LicenseFacts, ours: &LicenseFacts, relation: Relation) -> Found {
    // Copyleft that takes in the whole program, and forbids further terms on it.
    let copied = matches!(relation, Relation::Copied | Relation::WeightsDerived);
    // Where linking makes no derivative, or may not, it is for the work's authors to link with what they like.
    let strong = ours.is_open() && (ours.scope == Scope::Work || ours.scope == Scope::Derivative && copied);
    let both =
        || Found::new(Answer::No, format!("{} and {} each want the whole under themselves", theirs.id, ours.id));
    match theirs.scope {
        Scope::None | Scope::Model => permissive(theirs, ours, relation, strong),
        Scope::File if strong && ours.category == Category::ShareAlikeData => unclear(theirs, ours),
        Scope::File if strong => Found::new(
            Answer::No,
            format!("its files have to stay under {}, and {} wants the whole under itself", theirs.id, ours.id),
        ),
        Scope::File if ours.id.starts_with("EUPL-") && copied => {
            Found::new(Answer::Depends, format!("on keeping its files apart: they stay under {}", theirs.id))
        }
        Scope::File if ours.scope == Scope::Library && copied => Found::new(
            Answer::No,
            format!("its files have to stay under {}, and {} wants the library under itself", theirs.id, ours.id),
        ),
        Scope::File => Found::yes(
            duties(theirs, relation),
            format!("its files stay under {}, and the rest of the work is free", theirs.id),
        ),
        Scope::Library if copied => Found::new(
            Answer::No,
            format!("a work that code of it is copied into is derived from it, and stays under {}", theirs.id),
        ),
        Scope::Library if strong && !theirs.id.starts_with("LGPL-") => both(),
        Scope::Library => Found::yes(
            duties(theirs, relation),
            format!("{} leaves works that link with it their own license", theirs.id),
        ),
        Scope::Derivative if copied || strong => both(),
        Scope::Derivative => Found::new(
            Answer::Depends,
            "on whether linking makes the work a derivative of it, which its authors leave to the law",
        ),
        Scope::Work if theirs.category == Category::ShareAlikeData && !copied => Found::new(
            Answer::Depends,
            "on whether the work is an adaptation of it, which stays under its license, or a collection that holds it unchanged",
        ),
        Scope::Work if relation == Relation::Plugin => Found::new(
            Answer::Depends,
            "on how the two call each other: with shared data structures they are one program, over a command line or a pipe they are two",
        ),
        Scope::Work if ours.category.is_copyleft() && strong => both(),
        Scope::Work => Found::new(
            Answer::No,
            format!(
                "a work that contains it or is linked with it has to be passed on under {} as a whole",
                theirs.id
            ),
        ),
        Scope::Dataset if copied => {
            Found::new(Answer::No, format!("a database derived from it stays under {}", theirs.id))
        }
        Scope::Dataset => Found::new(
            Answer::Depends,
            "on whether the work is a database derived from it, a collection that holds it, or a work produced from it",
        ),
    }
}

/// Licenses that let the whole be under any other, as long as that one has room for their duties.
fn permissive(theirs: &LicenseFacts, ours: &LicenseFacts, relation: Relation, strong: bool) -> Found {
    let duties = duties(theirs, relation);
    if duties.is_empty() {
        return Found::yes(duties, "it asks for nothing");
    }
    let gnu_library =
        ["LGPL-", "EUPL-"].iter().any(|start| ours.id.starts_with(start)) && relation == Relation::Copied;
    if (strong || gnu_library) && ours.category == Category::ShareAlikeData {
        return unclear(theirs, ours);
    }
    if strong || gnu_library {
        let more = |duty: &&String| {
            ["advertise", "credit", "rename", "attribution", "link", "notice-file", "not-alone"]
                .contains(&duty.as_str())
        };
        if let Some(duty) = duties.iter().find(more) {
            let words = super::words::explain("duty", duty).unwrap_or(duty);
            return Found::new(
                Answer::Unknown,
                format!(
                    "{} forbids further restrictions, and nobody of weight has said whether this is one: {words}",
                    ours.id
                ),
            );
        }
        let early = ["GPL-1", "GPL-2", "LGPL-2"].iter().any(|old| ours.id.starts_with(old));
        if early && theirs.patent == super::words::Patent::GrantRetaliation {
            return Found::new(
                Answer::Unknown,
                format!(
                    "{} forbids further restrictions, and nobody of weight has said whether its patent termination is one",
                    ours.id
                ),
            );
        }
    }
    Found::yes(duties, "it lets the whole be under any license")
}

fn unclear(theirs: &LicenseFacts, ours: &LicenseFacts) -> Found {
    Found::new(Answer::Unknown, format!("nobody of weight has said whether {} fits into {}", theirs.id, ours.id))
}

/// The duties that fall due in a relation.
fn duties(theirs: &LicenseFacts, relation: Relation) -> Vec<String> {
    let keep = |duty: &str| match duty {
        "relink" => matches!(relation, Relation::Static),
        "text-in-source" | "state-changes" => {
            !matches!(relation, Relation::Static | Relation::Dynamic | Relation::Plugin) || duty == "text-in-source"
        }
        "same-terms" => relation != Relation::Process && relation != Relation::Aggregate,
        _ => true,
    };
    theirs.duties.iter().filter(|d| keep(d)).cloned().collect()
}

/// What a license excludes, in words.
fn limits(theirs: &LicenseFacts) -> String {
    let words = |limit: &String| super::words::explain("limit", limit).unwrap_or("some uses").to_owned();
    let all: Vec<String> = theirs.limits.iter().map(words).collect();
    if all.is_empty() { "what it does not grant".to_owned() } else { all.join(", ") }
}
