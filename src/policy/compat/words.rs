//! The words in which facts and verdicts on licenses speak.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

static WORDS: &str = include_str!("../../../policies/facts/license-words.toml");

/// The sentence for a word of a kind (`duty`, `limit`, `trigger`, `relation`, `category`, `patent`).
pub fn explain(kind: &str, word: &str) -> Option<&'static str> {
    static TABLE: OnceLock<BTreeMap<String, BTreeMap<String, String>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| toml::from_str(WORDS).unwrap_or_default());
    table.get(kind)?.get(word).map(String::as_str)
}

/// Declares an enumeration of words, with the word of each.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every word, in order.
            pub const NAMES: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)*];

            /// The word.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}

words! {
    /// How open a license is, and whether it is copyleft.
    Category {
        /// No conditions.
        PublicDomain = "public-domain",
        /// Open; derived works may be under any license.
        Permissive = "permissive",
        /// Open; its own files or library stay under its license.
        WeakCopyleft = "weak-copyleft",
        /// Open; works that contain it stay under its license.
        StrongCopyleft = "strong-copyleft",
        /// Open; users over a network have a right to the source.
        NetworkCopyleft = "network-copyleft",
        /// Open content or data; adaptations stay under its license.
        ShareAlikeData = "share-alike-data",
        /// Not open: restricts what it may be used for.
        UseRestricted = "use-restricted",
        /// Not open: the source can be read, commercial use is limited.
        SourceAvailable = "source-available",
        /// Not open: commercial use is excluded.
        Noncommercial = "noncommercial",
        /// Not open: changed versions may not be shared.
        NoDerivatives = "no-derivatives",
        /// Not open: all rights are reserved.
        Proprietary = "proprietary",
        /// Nothing is known of its terms.
        Unknown = "unknown",
    }
}

impl Category {
    /// Whether licenses of this category are open.
    pub fn is_open(self) -> bool {
        self <= Self::ShareAlikeData
    }

    /// Whether licenses of this category bind derived works.
    pub fn is_copyleft(self) -> bool {
        matches!(self, Self::WeakCopyleft | Self::StrongCopyleft | Self::NetworkCopyleft | Self::ShareAlikeData)
    }
}

words! {
    /// How far the terms of a license reach.
    Scope {
        /// Nothing but the work itself.
        None = "none",
        /// Its files and changes to them.
        File = "file",
        /// The library; what links with it is free.
        Library = "library",
        /// Derivative works; whether linking makes one is unsettled.
        Derivative = "derivative",
        /// Every work that contains it or is linked with it.
        Work = "work",
        /// Databases derived from it.
        Dataset = "dataset",
        /// Models derived from it.
        Model = "model",
    }
}

words! {
    /// What a license says of patents.
    Patent {
        /// They are licensed.
        Grant = "grant",
        /// They are licensed, and the license ends for those who sue.
        GrantRetaliation = "grant-retaliation",
        /// It does not mention them.
        Implicit = "implicit",
        /// It gives no patent license.
        Denied = "denied",
    }
}

words! {
    /// What sort of permission an exception gives.
    ExceptionKind {
        /// Independent code may be linked.
        Link = "link",
        /// Material of headers may be built in.
        Headers = "headers",
        /// What the tool writes is free.
        Output = "output",
        /// Fewer notices have to be kept.
        NoticeRelief = "notice-relief",
        /// It may be embedded.
        Embed = "embed",
        /// Programs behind the named interface stand alone.
        Interface = "interface",
        /// It may be linked with the named works.
        Named = "named",
        /// It may be combined with works under listed open licenses.
        Foss = "foss",
        /// Unmodified binaries are free.
        Unmodified = "unmodified",
        /// Patents.
        Patent = "patent",
        /// Time to cure a breach.
        Cure = "cure",
        /// Hardware.
        Hardware = "hardware",
    }
}

words! {
    /// How a component meets the work that it is used in.
    Relation {
        /// Its code is copied into files of the work.
        Copied = "copied",
        /// It is linked or bundled into the work.
        Static = "static",
        /// The work loads it as a separate library.
        Dynamic = "dynamic",
        /// It and the work call each other as plug-in and host.
        Plugin = "plugin",
        /// The work runs it as a separate program.
        Process = "process",
        /// The work is built with it.
        BuildTool = "build-tool",
        /// The work is tested with it.
        Test = "test",
        /// Both lie on one medium, image or package.
        Aggregate = "aggregate",
        /// A model is trained on it.
        DataInTrain = "data-in-train",
        /// The model's weights are derived from it.
        WeightsDerived = "weights-derived",
    }
}

words! {
    /// Whether a license may be used in a work under another. The order is from good to bad.
    Answer {
        /// Yes, and nothing has to be done.
        Yes = "yes",
        /// Yes, for those who do what it asks.
        YesWithDuties = "yes-with-duties",
        /// It depends on a fact that the licenses do not tell.
        Depends = "depends",
        /// It is not known. This is never a yes.
        Unknown = "unknown",
        /// No.
        No = "no",
    }
}

impl Answer {
    /// Whether the use is allowed.
    pub fn is_yes(self) -> bool {
        matches!(self, Self::Yes | Self::YesWithDuties)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_sentences() {
        let all: [(&str, Vec<&str>); 3] = [
            ("category", Category::NAMES.iter().map(|n| n.0).collect()),
            ("relation", Relation::NAMES.iter().map(|n| n.0).collect()),
            ("patent", Patent::NAMES.iter().map(|n| n.0).collect()),
        ];
        for (kind, words) in all {
            for word in words {
                assert!(explain(kind, word).is_some(), "{kind} {word}");
            }
        }
    }
}
