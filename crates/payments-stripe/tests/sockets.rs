//! The real transport against a server in the same process.

use bytes::Bytes;
use http::Request;
use payments_stripe::{HyperTransport, RESPONSE_MAX_BYTES, Transport, TransportError};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Answers every request on every connection with `reply`, and counts the connections.
async fn server(reply: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let origin = format!("http://{}", listener.local_addr().expect("address"));
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(answer_all(stream, reply.clone()));
        }
    });
    (origin, connections)
}

async fn answer_all(mut stream: TcpStream, reply: Vec<u8>) {
    let mut seen = Vec::new();
    let mut chunk = [0; 4_096];
    while let Ok(read) = stream.read(&mut chunk).await {
        if read == 0 {
            return;
        }
        seen.extend_from_slice(&chunk[..read]);
        if seen.ends_with(b"\r\n\r\n") {
            seen.clear();
            if stream.write_all(&reply).await.is_err() {
                return;
            }
        }
    }
}

fn get(origin: &str) -> Request<Bytes> {
    Request::get(format!("{origin}/v1/payment_intents/pi_1")).body(Bytes::new()).expect("request")
}

#[tokio::test]
async fn a_second_call_uses_the_first_ones_connection() {
    let (origin, connections) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec()).await;
    let transport = HyperTransport::new();
    for _ in 0..3 {
        let reply = transport.send(get(&origin)).await.expect("reply");
        assert_eq!((reply.status().as_u16(), reply.body().as_ref()), (200, &b"{}"[..]));
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_reply_beyond_the_limit_is_refused_announced_or_not() {
    let body = vec![b' '; RESPONSE_MAX_BYTES + 1];
    let announced = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    let chunk =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", body.len()).into_bytes();
    for head in [announced, chunk] {
        let (origin, _) = server([head, body.clone()].concat()).await;
        let error = HyperTransport::new().send(get(&origin)).await.expect_err("too long");
        assert!(matches!(error, TransportError::TooLong), "{error}");
    }
}

#[tokio::test]
async fn a_refused_connection_and_an_answer_that_is_no_http_are_not_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let closed = format!("http://{}", listener.local_addr().expect("address"));
    drop(listener);
    let (garbage, _) = server(b"hello\r\n\r\n".to_vec()).await;
    for origin in [closed, garbage] {
        let error = HyperTransport::new().send(get(&origin)).await.expect_err("no answer");
        assert!(matches!(error, TransportError::NotAnswered(_)), "{error}");
    }
}

#[tokio::test]
async fn a_server_without_tls_does_not_get_a_request_meant_for_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let origin = format!("https://{}", listener.local_addr().expect("address"));
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("connection");
        let mut hello = [0; 4_096];
        let read = stream.read(&mut hello).await.expect("hello");
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("answers");
        hello[..read].to_vec()
    });
    let error = HyperTransport::new().send(get(&origin)).await.expect_err("no TLS");
    assert!(matches!(error, TransportError::NotAnswered(_)), "{error}");
    let hello = server.await.expect("server");
    assert!(!hello.windows(3).any(|bytes| bytes == b"GET" || bytes == b"pi_"));
}
