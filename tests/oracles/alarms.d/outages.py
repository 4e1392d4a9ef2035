"""Outages of others, and too much at once: no deployment of a function that callers use is rolled back."""

import time

import peers
from faults import answered, fault, function, stream_fails, succeeded


@fault("Stripe is down for five minutes", "Api5xxAlarm")
def stripe_down(stage):
    function(stage, "CreatePaymentIntent").stripe.fault = peers.down
    for _ in range(4):
        answered(stage.pay(), 503)
        stage.pass_minutes(1)


@fault("Stripe answers after 31 seconds: a request ends in time all the same")
def stripe_slow(stage):
    released = []

    def slow(*_):
        while not released:
            time.sleep(0.05)

    function(stage, "CreatePaymentIntent").stripe.fault = slow
    answer = stage.pay()
    released.append(True)
    answered(answer, 503)


@fault("DynamoDB is down for five minutes: deliveries fail", "Api5xxAlarm", "Webhook5xxAlarm")
def table_down(stage):
    payment = stage.settled()
    function(stage, "StripeWebhook").table.fault = peers.down
    for _ in range(4):
        answered(stage.deliver(succeeded(stage, payment)), 503)
        stage.pass_minutes(1)


def throttled_table(stage, **index):
    def throttle(method, path, headers, body):
        if "Write" in headers.get("x-amz-target", "") or "Put" in headers.get("x-amz-target", ""):
            stage.synthesise("AWS/DynamoDB", "WriteThrottleEvents", 1, TableName="creator-payments", **index)
            return 400, {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}

    create = function(stage, "CreatePaymentIntent")
    create.table.fault = throttle
    for _ in range(2):
        answered(stage.pay(), 503)
        stage.pass_minutes(1)
    create.table.fault = None
    answered(stage.pay(), 201)


@fault("the table throttles writes", "TableWriteThrottlesAlarm")
def table_throttles(stage):
    throttled_table(stage)


@fault("the index lists throttles writes", "ListsWriteThrottlesAlarm")
def index_throttles(stage):
    throttled_table(stage, GlobalSecondaryIndexName="lists")


@fault("Lambda throttles every invocation of create-payment-intent", "CreateThrottlesAlarm")
def create_throttled(stage):
    function(stage, "CreatePaymentIntent").throttled = True
    for _ in range(2):
        assert stage.pay().status >= 500
        stage.pass_minutes(1)


@fault("Lambda throttles every invocation of stripe-webhook", "WebhookThrottlesAlarm", "Webhook5xxAlarm",
       "Api5xxAlarm")
def webhook_throttled(stage):
    payment = stage.settled()
    function(stage, "StripeWebhook").throttled = True
    for _ in range(4):
        assert stage.deliver(succeeded(stage, payment)).status >= 500
        stage.pass_minutes(1)


@fault("publish-payment-events may not put events on the bus", "PublishPaymentEventsErrorsAlarm", "PublishPaymentEventsDeploymentAlarm",
       "StreamLagAlarm", "StreamFailuresAlarm")
def event_bus_denied(stage):
    function(stage, "PublishPaymentEvents").bus.fault = peers.denied
    stream_fails(stage)


@fault("the stream is read more slowly than the table is written", "StreamLagAlarm")
def stream_lags(stage):
    batches = []

    def slow(event):
        batches.append(event)
        if len(batches) < 14:
            stage.settled(sender=f"sender-{len(batches)}")
            stage.clock.advance(62)

    function(stage, "PublishPaymentEvents").before = slow
    stage.settled()
    stage.wait_for("batches", lambda: len(batches) >= 14)
