//! Pages as soon as they are there: a stream of futures, of which so many run at once, gives what is done first.

use std::net::SocketAddr;

use futures::{StreamExt as _, stream};
use http_body_util::{BodyExt as _, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use shared::pools::as_completed::{DELAY, DownloadError, HOST, Outcome, Plan};

/// Downloads all pages from this origin, so many at once.
pub async fn idiom(plan: &Plan, origin: SocketAddr) -> Outcome {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let get = |page| {
        let request = Request::get(format!("http://{origin}/page{page}")).header("host", HOST);
        let request = request.header(DELAY, plan.network.as_nanos().to_string()).body(Empty::<Bytes>::new());
        let reply = client.request(request.expect("an address and two headers are a request"));
        async move {
            let body = reply.await.ok()?.into_body().collect().await.ok()?;
            Some((page, String::from_utf8(body.to_bytes().into()).ok()?))
        }
    };
    let (mut contents, mut completed) = (vec![Err(DownloadError::Broken); plan.pages], Vec::new());
    let mut pages = stream::iter((0..plan.pages).map(get)).buffer_unordered(plan.workers);
    while let Some(done) = pages.next().await {
        let Some((page, content)) = done else { continue };
        contents[page] = Ok(content);
        completed.push(page);
    }
    drop(pages);
    Outcome { contents, completed }
}
