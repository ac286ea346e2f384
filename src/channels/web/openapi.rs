//! `/openapi.json`: what `utoipa` reads off the routes, and the refusals of each.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, Modify, OpenApi, ToSchema,
    openapi::{
        Content, Ref, RefOr,
        response::{Response, ResponseBuilder},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{
    problem::{self, Kind, PROBLEM_JSON},
    words,
};

/// The document, before the routes are in it.
#[derive(OpenApi)]
#[openapi(
    info(title = "问办 wenban", description = "A desk that answers residents' questions about social insurance."),
    tags(
        (name = "conversations", description = "A resident and the desk."),
        (name = "certificates", description = "Papers with a check code."),
        (name = "guides", description = "How to get something done."),
        (name = "health", description = "For the operator."),
    ),
    components(schemas(problem::Body)),
    modifiers(&Bearer)
)]
pub(super) struct Document;

/// The security scheme.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The token that came with the conversation.")).build();
        document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// Kinds of refusal by status, each with its words.
fn refusals(kinds: &[&Kind]) -> BTreeMap<String, RefOr<Response>> {
    let mut titles: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for kind in kinds {
        titles.entry(kind.status.as_str().to_owned()).or_default().push(kind.title);
    }
    let describe = |(status, titles): (String, Vec<&str>)| {
        let content = Content::new(Some(Ref::from_schema_name(problem::Body::name())));
        let response = ResponseBuilder::new().description(titles.join("\n\n")).content(PROBLEM_JSON, content).build();
        (status, RefOr::T(response))
    };
    titles.into_iter().map(describe).collect()
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $($kind:ident)+;)*) => {
        $(
            $(#[$doc])*
            pub(super) struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    refusals(&[$(&words::$kind),+])
                }
            }
        )*
    };
}

refusals! {
    /// Of `open`.
    Opening: UNREADABLE OTHER_SITE SLOW TOO_LONG NOT_JSON CHANNEL BROKEN UNAVAILABLE LATE;
    /// Of `turn`.
    Turn: UNREADABLE NO_MESSAGE_ID NO_TOKEN OTHER_SITE NO_CONVERSATION SLOW REUSED ENDED TOO_LONG NOT_JSON INPUT NAME ID_SHAPE ID_DATE
        ID_CHECK OTP CARD BROKEN BUSY UNAVAILABLE LATE;
    /// Of `sign_in::begin`.
    SigningIn: NO_TOKEN OTHER_SITE NO_CONVERSATION NO_SIGN_IN ENDED BROKEN BUSY UNAVAILABLE SIGN_IN_DOWN LATE;
    /// Of `sign_in::back`.
    ComingBack: NO_SIGN_IN BROKEN UNAVAILABLE LATE;
    /// Of `events`.
    Existing: NO_TOKEN NO_CONVERSATION ENDED BROKEN UNAVAILABLE LATE;
    /// Of `end`.
    Ending: NO_TOKEN OTHER_SITE NO_CONVERSATION BROKEN BUSY UNAVAILABLE LATE;
    /// Of what is for all to read.
    Reading: BROKEN UNAVAILABLE LATE;
    /// Of `document`.
    OneDocument: NO_TOKEN NO_CONVERSATION NO_DOCUMENT ENDED BROKEN UNAVAILABLE LATE;
    /// Of `guide`.
    OneGuide: NO_GUIDE BROKEN LATE;
}
