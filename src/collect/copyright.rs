//! Copyright statements.
