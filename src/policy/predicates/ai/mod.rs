//! Models and datasets: what comes with weights and data.

mod bases;
mod cards;
mod croissant;
mod data;
mod disclosure;
mod license;
mod weights;

pub(super) use bases::{ATTRIBUTION, BASE_UNDECLARED, NOT_PASSED_ON, USE_POLICY};
pub(super) use croissant::{CHECKSUM, INCOMPLETE};
pub(super) use data::{CARD_MISSING as DATASET_CARD_MISSING, CONFLICT, LEAK, OPT_OUT, PERSONAL_UNSTATED};
pub(super) use disclosure::{COPYRIGHT_POLICY, ENERGY, EVALUATION, LIMITATIONS, TRAINING_DATA, TRAINING_SUMMARY};
pub(super) use license::{COMPONENTS, FAMILY, MISMATCH, MISSING, OPEN_CLAIM};
pub(super) use weights::{CARD_MISSING, INTEGRITY};
