"""Runs a function's binary under Lambda's Runtime API for one event, and prints its answer."""

import http.server
import os
import subprocess
import sys
import threading
import time

LIMIT_S = 30


class RuntimeApi(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    event = b""
    answer = None
    answered = threading.Event()

    def do_GET(self):
        if RuntimeApi.answer is not None:
            # The function is stopped while it waits for a second event.
            threading.Event().wait()
        self.send_response(200)
        self.send_header("lambda-runtime-aws-request-id", "00000000-0000-4000-8000-000000000001")
        self.send_header("lambda-runtime-deadline-ms", str(int((time.time() + LIMIT_S) * 1000)))
        self.send_header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:local")
        self.send_header("content-length", str(len(self.event)))
        self.end_headers()
        self.wfile.write(self.event)

    def do_POST(self):
        RuntimeApi.answer = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(202)
        self.send_header("content-length", "0")
        self.end_headers()
        RuntimeApi.answered.set()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A function that is stopped closes its connection."""


def main(binary, event):
    with open(event, "rb") as file:
        RuntimeApi.event = file.read()
    server = Server(("127.0.0.1", 0), RuntimeApi)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{server.server_address[1]}"
    environment = {**os.environ, "AWS_LAMBDA_RUNTIME_API": address}
    # A function logs to standard output.
    function = subprocess.Popen([binary], env=environment, stdout=sys.stderr)
    answered = RuntimeApi.answered.wait(LIMIT_S)
    function.kill()
    function.wait()
    if not answered:
        sys.exit(f"{binary} did not answer")
    print(RuntimeApi.answer.decode())


main(*sys.argv[1:])
