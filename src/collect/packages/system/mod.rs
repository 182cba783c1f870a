//! Databases of installed system packages that lie in a tree, such as the unpacked file system of an image.

pub(super) mod apk;
pub(super) mod dpkg;
pub(super) mod pacman;
pub(super) mod python;
pub(super) mod rpm;
