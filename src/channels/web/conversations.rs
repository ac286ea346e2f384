//! Conversations: opened, one turn, what happens beside the turns, ended.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{
        AppendHeaders, IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream::{Stream, unfold};
use serde::Serialize;
use tokio::{
    select,
    sync::broadcast::{Receiver, error::RecvError},
    time::interval,
};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::{
    App,
    address::Calling,
    extract::{Json, Key},
    openapi,
    problem::Problem,
    requests::{OpenRequest, TurnRequest},
};
use crate::{
    desk::{Desk, DeskError, Notice},
    domain::{
        clock::china,
        message::{Incoming, Peer},
        reply::Reply,
    },
};

/// How often a page that listens is noted: three times within the silence after which a terminal is wiped.
const BEAT: Duration = Duration::from_secs(30);

/// How often an idle event stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// security.md SES-16: the browser forgets what the conversation left.
const CLEAR: (HeaderName, HeaderValue) =
    (HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""));

/// security.md SES-01: who was checked goes on under another token.
const TOKEN: HeaderName = HeaderName::from_static("x-wenban-token");

/// nginx would hold events back.
const UNBUFFERED: (HeaderName, HeaderValue) = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// A new conversation.
#[derive(Serialize, ToSchema)]
pub(super) struct Conversation {
    /// Its address.
    id: String,
    /// The bearer token of all that follows.
    token: String,
}

/// Opens a conversation.
#[utoipa::path(
    post, path = "/api/v1/conversations", tag = "conversations", request_body = OpenRequest,
    responses((status = 201, description = "A new conversation.", body = Conversation), openapi::Opening),
)]
pub(super) async fn open(State(app): State<App>, Json(request): Json<OpenRequest>) -> Result<(StatusCode, Answer<Conversation>), Problem> {
    let opened = app.desk.open(request.channel.into()).await?;
    Ok((StatusCode::CREATED, Answer(Conversation { id: opened.id, token: opened.token })))
}

/// One turn: a message and the reply to it.
#[utoipa::path(
    post, path = "/api/v1/conversations/{id}/turns", tag = "conversations", request_body = TurnRequest,
    params(("id" = String, Path, description = "The conversation.")), security(("token" = [])),
    responses(
        (
            status = 200, description = "The reply.", body = Reply,
            headers(("x-wenban-token" = String, description = "When this turn found out who somebody is: the bearer of all that follows.")),
        ),
        openapi::Turn,
    ),
)]
pub(super) async fn turn(
    State(app): State<App>,
    key: Key,
    Calling(caller): Calling,
    Json(request): Json<TurnRequest>,
) -> Result<impl IntoResponse, Problem> {
    let from = Peer { caller, ..app.desk.admit_to_turn(&key.id, &key.token).await? };
    let at = app.desk.now();
    let (id, input) = request.parse(china(at))?;
    let message = Incoming { from, id, input, at };
    // A task of its own: a caller who goes away must not leave a turn committed and its code unsent.
    let turn = tokio::spawn(async move { app.desk.turned(&message).await });
    // What a panic says stays out of the log: it may quote a resident.
    let turned = turn.await.unwrap_or_else(|_| Err(DeskError::Broken("a turn panicked".to_owned())))?;
    Ok((turned.token.map(|token| AppendHeaders([(TOKEN, token)])), Answer(turned.reply)))
}

/// What happens beside the turns: replies from staff, notices, the end.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/events", tag = "conversations",
    params(("id" = String, Path, description = "The conversation.")), security(("token" = [])),
    responses(
        (
            status = 200, content_type = "text/event-stream", body = String,
            description = "Events `reply` with a Reply as data, and a last `ended`; a comment every 15 seconds.",
        ),
        openapi::Existing,
    ),
)]
pub(super) async fn events(State(app): State<App>, key: Key) -> Result<impl IntoResponse, Problem> {
    let peer = app.desk.admit(&key.id, &key.token).await?;
    let stream = notices(app.desk.watch(&peer), beats(app.desk, peer), app.stop);
    Ok(([UNBUFFERED], Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))))
}

/// Tells the desk again and again that the page is there, as long as it listens.
async fn beats(desk: Arc<Desk>, peer: Peer) {
    let mut beats = interval(BEAT);
    loop {
        beats.tick().await;
        if let Err(error) = desk.see(&peer).await {
            tracing::warn!(%error, "that a page is there could not be noted");
        }
    }
}

/// Notices as events, until the conversation or the server ends; `beats` go on meanwhile.
fn notices(
    watch: Receiver<Notice>,
    beats: impl Future<Output = ()> + Send,
    stop: CancellationToken,
) -> impl Stream<Item = Result<Event, axum::Error>> {
    unfold(Some((watch, Box::pin(beats))), move |state| {
        let stop = stop.clone();
        async move {
            let (mut watch, mut beats) = state?;
            loop {
                let notice = select! {
                    () = stop.cancelled() => return None,
                    () = beats.as_mut() => return None,
                    notice = watch.recv() => notice,
                };
                match notice {
                    Ok(Notice::Reply(reply)) => return Some((Event::default().event("reply").json_data(reply), Some((watch, beats)))),
                    // An event without data would not be dispatched.
                    Ok(Notice::Ended) => return Some((Ok(Event::default().event("ended").data("{}")), None)),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                }
            }
        }
    })
}

/// Ends a conversation and wipes what it held; one that is over already stays so.
#[utoipa::path(
    delete, path = "/api/v1/conversations/{id}", tag = "conversations",
    params(("id" = String, Path, description = "The conversation.")), security(("token" = [])),
    responses((status = 204, description = "It is over."), openapi::Ending),
)]
pub(super) async fn end(State(app): State<App>, key: Key) -> Result<impl IntoResponse, Problem> {
    let ended = match app.desk.admit(&key.id, &key.token).await {
        Ok(peer) => app.desk.end(&peer).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(()) | Err(DeskError::Ended) => Ok((StatusCode::NO_CONTENT, [CLEAR])),
        Err(error) => Err(Problem::from(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::{
        body::to_bytes,
        response::{IntoResponse, Sse},
    };
    use tokio::sync::broadcast;
    use tokio_util::sync::CancellationToken;

    use super::notices;
    use crate::{
        desk::Notice,
        domain::reply::{Reply, Status},
    };

    #[tokio::test]
    async fn replies_become_events_and_nothing_follows_the_end() {
        let (desk, watch) = broadcast::channel(2);
        // The first is lost to the one that reads too slowly; the stream goes on.
        for notice in [Notice::Ended, Notice::Reply(Reply::new(Status::HandedOver)), Notice::Ended] {
            desk.send(notice).unwrap();
        }
        let response = Sse::new(notices(watch, pending(), CancellationToken::new())).into_response();
        let events = String::from_utf8(to_bytes(response.into_body(), 4096).await.unwrap().to_vec()).unwrap();
        let (reply, ended) = events.split_once("\n\n").unwrap();
        let data = reply.strip_prefix("event: reply\ndata: ").unwrap();
        assert_eq!(serde_json::from_str::<Reply>(data).unwrap().status, Status::HandedOver);
        assert_eq!(ended, "event: ended\ndata: {}\n\n");
    }

    #[tokio::test]
    async fn a_stop_ends_the_stream() {
        let (_desk, watch) = broadcast::channel(2);
        let stop = CancellationToken::new();
        stop.cancel();
        let response = Sse::new(notices(watch, pending(), stop)).into_response();
        assert!(to_bytes(response.into_body(), 4096).await.unwrap().is_empty());
    }
}
