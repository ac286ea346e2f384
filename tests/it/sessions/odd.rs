//! Sessions that no program of today would save: older, of content that is gone, broken.
