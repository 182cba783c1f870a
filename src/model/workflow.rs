//! What was seen in the files that build, test and release a project.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;

/// One questionable thing in a workflow, or in another file that tells machines what to fetch and run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Audit {
    /// What was asked, in kebab-case. Where zizmor (<https://docs.zizmor.sh/audits>) asks the same question, its name.
    pub name: &'static str,
    /// Where to look first.
    pub place: Place,
    /// Further places, each with what it shows.
    pub related: Vec<(Place, String)>,
    /// What is wrong there, as a clause without a full stop.
    pub message: String,
    /// Who wants to know.
    pub persona: Persona,
    /// How much harm it can do.
    pub weight: Weight,
    /// How likely it is what it looks like.
    pub confidence: Confidence,
    /// The check of OpenSSF Scorecard that counts it.
    pub scorecard: Option<&'static str>,
    /// Whether zizmor has an audit of this name.
    pub zizmor: bool,
    /// Whether outsiders gain nothing by it: only those who may write to the repository choose what it is about, and what
    /// they could do with it, they can do without it; or its form has no room for code; or nothing that they
    /// could spoil is published.
    pub contained: bool,
    /// Whether the forge, or the builder, reads this file where it lies.
    pub active: bool,
}

/// Who wants to know of something questionable: the words are those of zizmor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Persona {
    /// Everybody.
    Regular,
    /// Those who want to leave nothing to chance.
    Pedantic,
    /// Those who look for everything that could be, for once.
    Auditor,
}

impl Persona {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Pedantic => "pedantic",
            Self::Auditor => "auditor",
        }
    }
}

/// How much harm something can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// None by itself.
    Informational,
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

/// How likely something is what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Perhaps: of a credential, a name that says so and a value that is not known to be anything else.
    Low,
    /// Probably: of a credential, the name of a service and a value of the form that its credentials have.
    Medium,
    /// Surely: of a credential, a form that nothing else has, a checksum, or a key that can be parsed.
    High,
}

/// What kind of file it is that was audited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PipelineKind {
    /// A workflow of GitHub Actions, or of Forgejo and Gitea, which read the same.
    GithubWorkflow,
    /// A composite or container action.
    GithubAction,
    /// GitLab CI.
    Gitlab,
    /// Azure Pipelines.
    Azure,
    /// CircleCI.
    Circle,
    /// Gitee Go.
    Gitee,
    /// A Jenkinsfile.
    Jenkins,
    /// Any other system whose commands were not looked into.
    OtherCi,
    /// A recipe of a container image.
    Dockerfile,
    /// A shell script.
    Script,
    /// Dependabot.
    Dependabot,
    /// Renovate.
    Renovate,
    /// Hooks of pre-commit.
    PreCommit,
}

/// A file that was audited, and what the rules that look at several files at once need of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pipeline {
    /// The file.
    pub place: Place,
    /// What it is.
    pub kind: PipelineKind,
    /// Whether the forge, or the builder, reads this file where it lies.
    pub active: bool,
    /// Commands that it runs, as far as they can be told apart: program and arguments, quotes removed.
    pub commands: Vec<Step>,
    /// What it runs by name: actions, orbs, templates, each as written.
    pub uses: Vec<Step>,
    /// What an update tool covers: ecosystem in its own words, and folder.
    pub covers: Vec<(String, String)>,
    /// Versions of runtimes that it names: ecosystem by its purl type, and version.
    #[serde(skip)]
    pub runtimes: Vec<(String, String)>,
}

/// One thing that a pipeline does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The command or the name.
    pub text: String,
    /// Where it is said.
    pub place: Place,
}

/// The owners of a path, by a rule of `CODEOWNERS`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OwnerRule {
    /// The pattern, by the rules of `.gitignore` without negation.
    pub pattern: String,
    /// Who owns what matches; nobody when the rule takes ownership away.
    pub owners: Vec<String>,
    /// The line.
    pub place: Place,
}
