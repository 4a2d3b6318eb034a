//! Pages as soon as they are there: a stream of futures, of which so many run at once, gives what is done first.
//! The client keeps a task for each of its connections, which end soon after it is dropped; nobody joins them. A program
//! would take reqwest, which is this client with TLS, proxies and cookies, and a call that is one line; what it pulls in is
//! more than all that is measured here.

use std::net::SocketAddr;

use futures::{StreamExt as _, stream};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use shared::pools::as_completed::{DELAY, DownloadError, HOST, MOST, Outcome, Plan};
use tokio::time::timeout;

/// Downloads all pages from this origin, so many at once.
pub async fn idiom(plan: &Plan, origin: SocketAddr) -> Outcome {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let get = |page| {
        let request = Request::get(format!("http://{origin}/page{page}")).header("host", HOST);
        let request = request.header(DELAY, plan.network.as_nanos().to_string()).body(Empty::<Bytes>::new());
        let request = request.expect("an address and two headers are a request");
        let content = timeout(plan.network + plan.patience, download(client.clone(), request));
        async move { (page, content.await.unwrap_or(Err(DownloadError::Slow))) }
    };
    let (mut contents, mut completed) = (vec![Err(DownloadError::Broken); plan.pages], Vec::new());
    let mut pages = stream::iter((0..plan.pages).map(get)).buffer_unordered(plan.workers);
    while let Some((page, content)) = pages.next().await {
        contents[page] = content;
        completed.push(page);
    }
    Outcome { contents, completed }
}

async fn download(
    client: Client<HttpConnector, Empty<Bytes>>,
    request: Request<Empty<Bytes>>,
) -> Result<String, DownloadError> {
    let reply = client.request(request).await.map_err(|_| DownloadError::Broken)?;
    if reply.status() != 200 {
        return Err(DownloadError::Status(reply.status().as_u16()));
    }
    let body = Limited::new(reply.into_body(), MOST).collect().await;
    let body = body.map_err(|error| {
        if error.is::<LengthLimitError>() { DownloadError::Oversized } else { DownloadError::Broken }
    })?;
    String::from_utf8(body.to_bytes().into()).map_err(|_| DownloadError::Broken)
}
