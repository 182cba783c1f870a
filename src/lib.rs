//! Openclause reads a checkout once, in parallel, turns it into evidence, and judges the evidence by policy packs.
//!
//! The folders, read from top to bottom, are the flow of data: [`walk`], [`collect`], [`policy`], [`report`], all of
//! them around [`model`].

pub mod collect;
pub mod model;
pub mod walk;
