//! The built-in content is without fault, and its schemas are those of the types.

use wenban::dialogue::load::{built_in, load};

#[test]
fn the_built_in_content_has_no_fault() {
    let (script, problems) = load(built_in());
    assert_eq!(problems, []);
    assert_eq!((script.topics.len(), script.content.guides.len()), (67, 36));
}

#[test]
fn the_schemas_are_those_of_the_types() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    for (name, text) in wenban::dialogue::schema::all() {
        let kept = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(kept == text, "schema/{name} is out of date: run `wenban schema`");
    }
}
