//! JSON Schemas of the files of `dialogs/`, for editors.

use schemars::{Schema, schema_for};

use super::{
    script::{Flow, Outside, Phrases, Topic},
    style::Style,
};
use crate::{
    domain::{document::Documents, guide::Guide},
    services::{offices::Directory, rules::Rules},
    understanding::Words,
};

/// Every schema's file name and text.
pub fn all() -> Vec<(&'static str, String)> {
    let schemas: [(&str, Schema); 10] = [
        ("topic.json", schema_for!(Topic)),
        ("flow.json", schema_for!(Flow)),
        ("guide.json", schema_for!(Guide)),
        ("rules.json", schema_for!(Rules)),
        ("words.json", schema_for!(Words)),
        ("phrases.json", schema_for!(Phrases)),
        ("documents.json", schema_for!(Documents)),
        ("offices.json", schema_for!(Directory)),
        ("outside.json", schema_for!(Outside)),
        ("style.json", schema_for!(Style)),
    ];
    schemas.into_iter().map(|(name, schema)| (name, format!("{:#}\n", schema.to_value()))).collect()
}
