"""Lambda for the real binaries: the Runtime API for each, the Invoke API for the local stack, and the metrics that AWS counts of
both, of the gateway in front of them, and of the stream behind them."""

import json
import os
import queue
import re
import subprocess
import threading
import time
import urllib.parse

import deployed
import peers
from cloudwatch import Metric



def binary_name(function):
    words = re.findall("[A-Z][a-z]+", function.removesuffix("Function"))
    return "-".join(words).lower()


class Failed(Exception):
    """The function failed; its error is Lambda's answer."""


class Throttled(Exception):
    """Lambda did not invoke the function."""


class Function:
    """A function with one environment. Its processes are started when they are needed."""

    def __init__(self, name, folder, variables, limit_s, stage):
        self.name, self.stage, self.limit_s = name, stage, limit_s
        self.physical = deployed.resource_name(name)
        self.binary = os.path.join(folder, binary_name(name))
        self.version = deployed.NEW_VERSION
        self.variables = variables
        self.throttled = False
        # Called before each invocation with its event.
        self.before = None
        self.process = None
        # A function writes its lines before it answers, and they are read then.
        self.output = open(os.path.join(stage.directory, name), "w+b")
        self.invocations, self.answers = queue.Queue(), queue.Queue()
        self.turn = threading.Lock()
        self.number = 0
        function = self

        class RuntimeApi(peers.Handler):
            def do_GET(self):
                event = function.invocations.get()
                if event is None:
                    return self.close_connection_now()
                function.number += 1
                self.answer(200, event, [
                    ("lambda-runtime-aws-request-id", f"00000000-0000-4000-8000-{function.number:012}"),
                    ("lambda-runtime-deadline-ms", str(int((time.time() + function.limit_s) * 1000))),
                    ("lambda-runtime-invoked-function-arn", f"arn:aws:lambda:us-east-1:0:function:{function.name}"),
                ])

            def close_connection_now(self):
                self.close_connection = True

            def do_POST(self):
                body = self.body()
                self.answer(202)
                function.answers.put((self.path.endswith("/error"), body))

        self.server, self.runtime_api = peers.serve(RuntimeApi)

    def start(self):
        environment = {
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": deployed.REGION,
            "AWS_LAMBDA_FUNCTION_NAME": self.physical,
            "AWS_LAMBDA_FUNCTION_VERSION": self.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_LOG_GROUP_NAME": self.name,
            "AWS_LAMBDA_LOG_STREAM_NAME": self.name,
            "AWS_LAMBDA_RUNTIME_API": self.runtime_api,
            **self.stage.clock.variables,
            **self.variables,
        }
        self.invocations, self.answers = queue.Queue(), queue.Queue()
        with open(self.output.name, "ab") as output:
            self.process = subprocess.Popen([self.binary], env=environment, stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=self.stage.log)
        threading.Thread(target=self.watch, args=(self.process, self.answers), daemon=True).start()

    @staticmethod
    def watch(process, answers):
        process.wait()
        answers.put((True, b'{"errorType": "Runtime.ExitError"}'))

    def read_lines(self):
        for line in self.output.readlines():
            with self.stage.metrics_lock:
                self.stage.metrics.put_line(line)

    def stop(self):
        """The next invocation meets a new process, as after a deployment."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.invocations.put(None)
            self.process = None

    def restart(self, version):
        """Lets a new process of a version answer from now on."""
        with self.turn:
            self.stop()
            self.version = version

    def invoke(self, event):
        """Invokes the function, and counts it as AWS does."""
        text = json.dumps(event).encode() if isinstance(event, dict) else event
        event = json.loads(text)
        if self.throttled:
            self.count("Throttles", 1)
            self.stage.count_request(event, 503)
            raise Throttled
        with self.turn:
            self.age(event)
            if self.before:
                self.before(event)
            if self.process is None or self.process.poll() is not None:
                self.start()
            began = time.monotonic()
            self.invocations.put(text)
            try:
                failed, answer = self.answers.get(timeout=self.limit_s)
            except queue.Empty:
                failed, answer = True, b'{"errorMessage": "Task timed out"}'
            self.read_lines()
            if failed and (self.process.poll() is not None or b"timed out" in answer):
                self.stop()
        self.count("Invocations", 1)
        self.count("Errors", int(failed))
        self.count("Duration", (time.monotonic() - began) * 1000)
        self.stage.count_request(event, 500 if failed else status_of(answer))
        if failed:
            raise Failed(answer)
        return answer

    def count(self, name, value):
        """A value for the function, for its alias, and for its version."""
        alias = {"FunctionName": self.physical, "Resource": f"{self.physical}:live"}
        for dimensions in ({"FunctionName": self.physical}, alias, {**alias, "ExecutedVersion": self.version}):
            self.stage.put("AWS/Lambda", name, value, **dimensions)

    def age(self, event):
        """Of a batch of the stream: how long ago its last record was written."""
        records = event.get("Records")
        if records:
            written = records[-1]["dynamodb"]["ApproximateCreationDateTime"]
            age_ms = max(0, self.stage.clock.now() - written) * 1000
            self.stage.put("AWS/Lambda", "IteratorAge", age_ms, FunctionName=self.physical)

    def close(self):
        self.stop()
        self.output.close()
        self.server.shutdown()
        self.server.server_close()


def status_of(answer):
    try:
        return json.loads(answer).get("statusCode", 200)
    except (ValueError, AttributeError):
        return 200


def invoke_api(functions):
    """Lambda's Invoke API, for the local stack's gateway and stream."""

    class InvokeApi(peers.Handler):
        def do_POST(self):
            name = urllib.parse.urlsplit(self.path).path.split("/")[3]
            event = self.body()
            try:
                self.answer(200, functions[name].invoke(event))
            except Failed as failed:
                self.answer(200, failed.args[0], [("x-amz-function-error", "Unhandled")])
            except Throttled:
                self.answer(429, b'{"Type": "User", "message": "Rate Exceeded."}')

    return peers.serve(InvokeApi)


def request_metrics(event, status):
    """What an HTTP API counts of a request: for the stage, and for the one route with metrics of its own."""
    if "routeKey" not in event:
        return []
    stage = {"ApiId": deployed.resource_name("HttpApi"), "Stage": "$default"}
    sets = [stage]
    if event["routeKey"] == "POST /v1/stripe/webhooks":
        sets.append({**stage, "Method": "POST", "Resource": "/v1/stripe/webhooks"})
    values = {"Count": 1, "5xx": int(status >= 500), "4xx": int(400 <= status < 500)}
    return [(Metric.of("AWS/ApiGateway", name, **dimensions), value)
            for dimensions in sets for name, value in values.items()]
