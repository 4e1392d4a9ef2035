"""One stage: the local stack as gateway, table, Stripe and stream, the real binaries behind it, and CloudWatch."""

import collections
import hashlib
import hmac
import itertools
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import clock
import cloudwatch
import deployed
import functions
import peers
from cloudwatch import Metric

ROOT = deployed.ROOT
READY_WITHIN_S, WAIT_S = 60, 30
SIGNING_SECRET = "whsec_local"
Answer = collections.namedtuple("Answer", "status json")
# The variables by which a function finds its peers.
PEERS = {"DYNAMODB_ENDPOINT": "table", "STRIPE_API_BASE": "stripe", "SECRETS_MANAGER_ENDPOINT": "secrets",
         "EVENTBRIDGE_ENDPOINT": "bus"}


class Stage:
    """`template` is shared between stages. `flags` go to the local stack, `variables` to the functions."""

    def __init__(self, template, built, flags=(), **variables):
        self.template, self.built = template, built
        self.directory = tempfile.mkdtemp(prefix="alarms-")
        shutil.copy(os.path.join(built, "clock.so"), self.directory)
        self.clock = clock.Clock(self.directory)
        self.log = open(os.path.join(self.directory, "log"), "ab")
        self.metrics, self.metrics_lock = cloudwatch.Metrics(), threading.Lock()
        self.synthesised = set()
        self.functions, self.peers = {}, []
        server, address = functions.invoke_api(self.functions)
        self.servers = [server]
        command = [local_binary(), "--ephemeral", "--reconcile-every", "0", "--lambda-endpoint", f"http://{address}"]
        for port in ("api", "stripe", "dynamodb"):
            setattr(self, port, f"http://127.0.0.1:{free_port()}")
            command += [f"--{port}-port", getattr(self, port).rsplit(":", 1)[1]]
        hidden = ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET", "DYNAMODB_ENDPOINT")
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        environment.update(self.clock.variables)
        self.add_functions(variables)
        self.process = subprocess.Popen([*command, *flags], cwd=ROOT, env=environment, stdout=self.log, stderr=self.log)
        wait_until("the stack is ready", self.is_ready, READY_WITHIN_S)
        self.operator = {"sub": "otto", "scope": "payments:admin"}
        # What the stack's own start did is before the test.
        self.pass_minutes(1)
        self.began = self.clock.now()

    def add_functions(self, variables):
        local = json.loads((ROOT / "events/local.env.json").read_text())["Parameters"]
        upstream = {"table": self.dynamodb, "stripe": self.stripe, "secrets": f"{self.api}/local/secrets-manager",
                    "bus": f"{self.api}/local/eventbridge"}
        for name, definition in self.template.functions.items():
            if name == "DeploymentHook":
                continue
            declared = {key: str(value) for key, value in definition["Environment"]["Variables"].items()}
            declared.update({key: value for key, value in local.items() if key in declared})
            own = {}
            for variable, kind in PEERS.items():
                if variable in declared:
                    own[kind] = peers.Peer(upstream[kind])
                    declared[variable] = f"http://{own[kind].address}"
            declared.update({key: value for key, value in variables.items() if key in declared})
            function = functions.Function(name, self.built_functions(), declared, definition["Timeout"], self)
            for kind in PEERS.values():
                setattr(function, kind, own.get(kind))
            self.peers += own.values()
            self.functions[name] = function

    def built_functions(self):
        return os.environ.get("FUNCTIONS") or str(target() / "debug")

    def is_ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the local stack ended: {self.log_text()[-2000:]}")
        try:
            return call("GET", f"{self.api}/local/health").status == 200
        except OSError:
            return False

    def log_text(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def close(self):
        self.process.kill()
        self.process.wait()
        for each in (*self.functions.values(), *self.peers):
            each.close()
        for server in self.servers:
            server.shutdown()
            server.server_close()
        self.log.close()
        shutil.rmtree(self.directory)

    # --- CloudWatch -----------------------------------------------------------------------------------------------------

    def put(self, namespace, name, value, **dimensions):
        with self.metrics_lock:
            self.metrics.put(Metric.of(namespace, name, **dimensions), self.clock.now(), value)

    def synthesise(self, namespace, name, value, **dimensions):
        """A data point of AWS alone, that nothing here causes."""
        self.synthesised.add(f"{namespace} {name}")
        self.put(namespace, name, value, **dimensions)

    def count_request(self, event, status):
        for metric, value in functions.request_metrics(event, status):
            with self.metrics_lock:
                self.metrics.put(metric, self.clock.now(), value)

    def rang(self, later_s=0):
        """The alarms that rang since the stage began, and those that still do when nothing has happened for that long."""
        with self.metrics_lock:
            alarms = [cloudwatch.Alarm(name, properties) for name, properties in self.template.alarms.items()]
            end = self.clock.now()
            histories = {each.name: cloudwatch.history(each, self.metrics, self.began, end, later_s) for each in alarms}
        return ({name for name, history in histories.items() if history.rang},
                {name for name, history in histories.items() if history.later == cloudwatch.ALARM})

    # --- Time -----------------------------------------------------------------------------------------------------------

    def pass_minutes(self, minutes):
        """Goes on to five seconds after a full minute: what follows is in that minute, however slow this machine is."""
        self.clock.advance(60 * minutes + 5 - self.clock.now() % 60)
        self.count_dead_letters()

    def count_dead_letters(self):
        self.put("AWS/SQS", "ApproximateNumberOfMessagesVisible", len(self.dead_letters()),
                 QueueName=deployed.resource_name("StreamFailuresQueue"))

    def dead_letters(self):
        return call("GET", f"{self.api}/local/dead-letters").json["items"]

    def reconcile(self):
        """What the schedule does."""
        self.put("AWS/Events", "Invocations", 1,
                 RuleName=deployed.resource_name("ReconcilePaymentsFunctionOnSchedule"))
        event = {"version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}
        try:
            self.functions["ReconcilePaymentsFunction"].invoke(event)
        except (functions.Failed, functions.Throttled):
            pass

    def reconcile_for(self, hours, every_minutes=60):
        for _ in range(int(hours * 60 / every_minutes)):
            self.pass_minutes(every_minutes)
            self.reconcile()

    # --- Callers --------------------------------------------------------------------------------------------------------

    def request(self, method, path, subject, body=None, **headers):
        token = call("POST", f"{self.api}/local/token", subject).json["token"]
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return call(method, self.api + path, body, {"authorization": f"Bearer {token}", **headers})

    def pay(self, sender="sam", key=None, creator="ana", amount=1000):
        body = {"creator_id": creator, "amount": amount, "currency": "usd"}
        return self.request("POST", "/v1/payments", {"sub": sender}, body, idempotency_key=key or f"key-{time.time_ns()}")

    def paid(self, sender="sam", card="pm_card_visa", **order):
        """A payment whose card is charged."""
        payment = self.pay(sender, **order)
        assert payment.status == 201, payment
        confirmed = self.at_stripe(f"/v1/payment_intents/{payment.json['stripe_payment_intent_id']}/confirm", payment_method=card)
        return payment.json, confirmed

    def settled(self, sender="sam", **order):
        """A payment that is paid, here too, and of which every event is delivered: nothing writes its items any more."""
        payment, _ = self.paid(sender, **order)
        self.wait_for_status(payment, "succeeded", sender)
        undelivered = "/v1/events?limit=1&delivery_success=false"
        wait_until("every event is delivered", lambda: not self.at_stripe(undelivered, "GET")["data"])
        return payment

    def counted(self, **order):
        """A settled payment whose records of the stream are read: nothing reads its items any more."""
        payment = self.settled(**order)
        wait_until("it is counted as it is", lambda: self.counted_version(payment) == self.version(payment))
        return payment

    def version(self, payment):
        return next(item["version"]["N"] for item in self.items(f"PAYMENT#{payment['payment_id']}") if item["SK"]["S"] == "STATE")

    def counted_version(self, payment):
        marks = self.items(f"COUNTED#PAYMENT#{payment['payment_id']}")
        return marks[0]["counted_version"]["N"] if marks else None

    def wait_for_status(self, payment, status, sender="sam"):
        path = f"/v1/payments/{payment['payment_id']}"
        wait_until(status, lambda: self.request("GET", path, {"sub": sender}).json.get("status") == status)

    def at_stripe(self, path, method="POST", **form):
        body = urllib.parse.urlencode(form).encode() if form else b""
        headers = {"authorization": "Bearer sk_test_alarms", "content-type": "application/x-www-form-urlencoded"}
        return call(method, self.stripe + path, body if method == "POST" else None, headers).json

    def charge_of(self, payment):
        return self.at_stripe(f"/v1/payment_intents/{payment['stripe_payment_intent_id']}", "GET")["latest_charge"]

    def chaos(self, **faults):
        assert call("PUT", f"{self.api}/local/chaos", faults).status == 200

    def deliver(self, event, secret=SIGNING_SECRET):
        """Delivers an event as Stripe does."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        at = int(self.clock.now())
        signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return call("POST", f"{self.api}/v1/stripe/webhooks", body, {"stripe-signature": f"t={at},v1={signed}"})

    def table(self, operation, **request):
        headers = {"x-amz-target": f"DynamoDB_20120810.{operation}", "content-type": "application/x-amz-json-1.0",
                   "authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, "
                                    "SignedHeaders=host, Signature=0", "x-amz-date": "20260101T000000Z"}
        answer = call("POST", self.dynamodb, {"TableName": deployed.TABLE, **request}, headers)
        assert answer.status == 200, answer
        return answer.json

    def items(self, start):
        """The items whose partition key begins so."""
        found = self.table("Scan", ConsistentRead=True)["Items"]
        return [item for item in found if item["PK"]["S"].startswith(start)]

    @staticmethod
    def wait_for(what, condition):
        wait_until(what, condition)


def call(method, url, body=None, headers=()):
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json", **dict(headers)}
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as got:
            status, text = got.status, got.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            status, text = refusal.code, refusal.read()
    try:
        return Answer(status, json.loads(text) if text else {})
    except ValueError:
        return Answer(status, {"text": text.decode(errors="replace")})


def wait_until(what, condition, limit_s=WAIT_S):
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"never: {what}")
        time.sleep(0.02)


PORTS = itertools.count(random.randrange(20_000, 31_000))


def free_port():
    """A port below those that the system hands out by itself, so that nothing takes it before the stack does."""
    for port in PORTS:
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def target():
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def local_binary():
    return os.environ.get("LOCAL_STACK") or str(target() / "debug/local")
