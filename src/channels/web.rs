//! HTTP: the API of `contracts.md`, its description, and the kiosk page.

mod address;
mod certificates;
mod connections;
mod conversations;
mod extract;
mod guides;
mod health;
mod layers;
mod openapi;
mod pages;
mod paper;
mod problem;
mod requests;
mod words;

use std::{io, path::Path, sync::Arc};

use axum::{Json, Router, extract::DefaultBodyLimit, middleware::from_fn, routing::get};
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::desk::Desk;

/// What every route works with.
#[derive(Clone)]
struct App {
    desk: Arc<Desk>,
    /// Whose word on where a request comes from is taken.
    proxies: Arc<[IpNet]>,
    /// Ends event streams, which would else hold the server open.
    stop: CancellationToken,
}

/// Serves on `listener` until `stop`; turns under way are finished, event streams end. What stands in `proxies` says in
/// `X-Forwarded-For` whom it speaks for.
pub async fn serve(desk: Arc<Desk>, listener: TcpListener, proxies: Vec<IpNet>, stop: CancellationToken) -> io::Result<()> {
    let router = routed(App { desk, proxies: proxies.into(), stop: stop.clone() });
    connections::serve(router, listener, stop).await
}

/// Whether certificates can be printed with a font; says why not.
pub fn can_print(font: &Path) -> Result<(), String> {
    paper::pdf::can_print(font)
}

/// Every route with all that surrounds it, for a server that never stops.
pub fn router(desk: Arc<Desk>) -> Router {
    routed(App { desk, proxies: Arc::default(), stop: CancellationToken::new() })
}

fn routed(app: App) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(conversations::open))
        .routes(routes!(conversations::turn))
        .routes(routes!(conversations::events))
        .routes(routes!(conversations::end))
        .routes(routes!(certificates::document))
        .routes(routes!(certificates::verify))
        .routes(routes!(guides::catalogue))
        .routes(routes!(guides::guide))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .split_for_parts();
    let document = Arc::new(document);
    let router = router
        .route("/openapi.json", get(async move || Json(document)))
        .method_not_allowed_fallback(async || problem::Problem::from(&words::METHOD))
        .fallback(pages::fallback)
        .with_state(app);
    surrounded(router)
}

fn surrounded(router: Router) -> Router {
    router.layer(DefaultBodyLimit::max(extract::LARGEST_BODY)).layer(from_fn(layers::around))
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::{Body, to_bytes},
        http::Request,
        routing::get,
    };
    use tower::ServiceExt as _;

    use super::surrounded;

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_words() {
        let router = surrounded(Router::new().route("/", get(async || -> () { panic!("张小明") })));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let body = String::from_utf8(to_bytes(response.into_body(), 4096).await.unwrap().to_vec()).unwrap();
        assert!(body.contains("urn:wenban:problem:broken") && !body.contains("张小明"), "{body}");
    }
}
