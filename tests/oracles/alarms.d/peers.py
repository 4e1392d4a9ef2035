"""What the functions call - the table, Stripe, Secrets Manager, EventBridge - with faults on the way."""

import http.client
import http.server
import json
import threading
import urllib.parse

HOP_HEADERS = {"connection", "content-length", "transfer-encoding", "keep-alive", "host"}
LIMIT_S = 40


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        """A function that is stopped closes its connections."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A request's head and body would otherwise wait for each other's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    def body(self):
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve(handler):
    """Starts a server on a free port, and returns it with its address."""
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server, f"127.0.0.1:{server.server_address[1]}"


class Peer:
    """Passes requests on. A fault is called with each request (`method`, `path`, `headers`, `body`) and returns the status and
    the JSON of an answer, or `None` to pass it on; it may wait first."""

    def __init__(self, upstream):
        upstream = urllib.parse.urlsplit(upstream)
        self.fault = None
        self.seen = []
        peer, local = self, threading.local()

        class Passing(Handler):
            def handle_request(self):
                body = self.body()
                peer.seen.append((self.command, self.path, self.headers.get("x-amz-target")))
                reply = peer.fault(self.command, self.path, self.headers, body) if peer.fault else None
                if reply is not None:
                    status, answer = reply
                    # Stripe's word that repeating at once is of no use; AWS's SDK repeats all the same.
                    typed = [("content-type", "application/json"), ("stripe-should-retry", "false")]
                    return self.answer(status, json.dumps(answer).encode(), typed)
                headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_HEADERS}
                for attempt in (1, 2):
                    if getattr(local, "upstream", None) is None:
                        local.upstream = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=LIMIT_S)
                    try:
                        local.upstream.request(self.command, upstream.path + self.path, body, headers)
                        got = local.upstream.getresponse()
                        content = got.read()
                        break
                    except (ConnectionError, http.client.HTTPException):
                        # A connection that was kept open is closed by now.
                        local.upstream.close()
                        local.upstream = None
                        if attempt == 2:
                            raise
                kept = [(name, value) for name, value in got.getheaders() if name.lower() not in HOP_HEADERS]
                self.answer(got.status, content, kept)

            do_GET = do_POST = do_PUT = do_DELETE = handle_request

        self.server, self.address = serve(Passing)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def denied(*_):
    """What a policy that lacks the permission answers."""
    return 400, {"__type": "com.amazon.coral.service#AccessDeniedException", "Message": "not authorized"}


def down(*_):
    return 500, {"__type": "InternalServerError", "error": {"type": "api_error", "message": "down"}}
