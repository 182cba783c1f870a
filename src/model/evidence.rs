//! One observed fact, as a collector hands it over.

use super::{
    Artifact, Audit, BillDocument, Certificate, Copyright, Detection, Document, Handling, Interface, Locale, Lock,
    Manifest, Metadata, ModelFile, Origin, OwnerRule, Patch, Pipeline, RelPath, Remark, ReuseAnnotation, Secret,
    Skipped, Split, VexStatement,
};

/// One observed fact of the file that is being read. Where it stands is inside each kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// A statement about the license of the file.
    License(Detection),
    /// A copyright statement of the file.
    Copyright(Copyright),
    /// A statement about the license of another file (a REUSE side file).
    LicenseOf(RelPath, Detection),
    /// A copyright statement about another file (a REUSE side file).
    CopyrightOf(RelPath, Copyright),
    /// A rule that gives many files a license.
    Reuse(ReuseAnnotation),
    /// What a manifest declares.
    Manifest(Box<Manifest>),
    /// What a lock file fixes.
    Lock(Lock),
    /// A document for people.
    Document(Box<Document>),
    /// What a build or packaging file does with license texts, notices and source.
    Handling(Box<Handling>),
    /// A file of a model, and what loading it does.
    Model(Box<ModelFile>),
    /// Something questionable in a file that tells machines what to run.
    Audit(Box<Audit>),
    /// A file that tells machines what to run.
    Pipeline(Box<Pipeline>),
    /// Who owns a path.
    Owner(OwnerRule),
    /// Something said in passing.
    Remark(Remark),
    /// Texts of a program in one language.
    Locale(Box<Locale>),
    /// An interface document.
    Interface(Box<Interface>),
    /// A change to the code of others.
    Patch(Patch),
    /// Digests of a vendored copy.
    Origin(Origin),
    /// A description in a machine-readable standard.
    Metadata(Box<Metadata>),
    /// A program, key material, hidden characters.
    Artifact(Artifact),
    /// A credential, redacted.
    Secret(Secret),
    /// A certificate, which tells what a private key beside it is for.
    Certificate(Box<Certificate>),
    /// A bill of materials.
    Bill(Box<BillDocument>),
    /// A statement about a vulnerability.
    Vex(Box<VexStatement>),
    /// Records of a part of a dataset.
    Split(Box<Split>),
    /// The file, or a part of it, could not be understood; never silently gone.
    Unread(Skipped),
}
