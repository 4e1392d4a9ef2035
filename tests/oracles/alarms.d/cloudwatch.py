"""Metrics and alarms as CloudWatch keeps and evaluates them.

An alarm is evaluated each minute, over the periods that end at that minute
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html), and looks further back than its evaluation
periods where data is missing
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
"""

import bisect
import collections
import dataclasses
import json
import math
import re

import metric_math

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
MINUTE = 60
# How many periods are looked at beyond the evaluation periods: in AWS's example five for three.
FURTHER = 2
# How long after its time a data point can be seen. Lambda's metrics and those of logs come late, and an alarm over FILL takes a period
# without data for one with its value (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
PUBLISHED_AFTER = 90
# Until when what happened last is seen, in whole minutes.
SEEN_AFTER = 4 * MINUTE
COMPARISONS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


@dataclasses.dataclass(frozen=True)
class Metric:
    namespace: str
    name: str
    dimensions: frozenset

    @classmethod
    def of(cls, namespace, name, **dimensions):
        return cls(namespace, name, frozenset(dimensions.items()))


class Metrics:
    """Data points by metric, in the order of their time."""

    def __init__(self):
        self.points = collections.defaultdict(list)

    def put(self, metric, at, value):
        bisect.insort(self.points[metric], (at, value))

    def put_line(self, line):
        """Keeps the metrics of a line of a log, if it is in CloudWatch's Embedded Metric Format."""
        try:
            line = json.loads(line)
        except ValueError:
            return
        if not isinstance(line, dict) or "_aws" not in line:
            return
        at = line["_aws"]["Timestamp"] / 1000
        for directive in line["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = frozenset((name, str(line[name])) for name in names)
                for metric in directive["Metrics"]:
                    self.put(Metric(directive["Namespace"], metric["Name"], dimensions), at, line[metric["Name"]])

    def between(self, metric, start, end):
        points = self.points.get(metric, [])
        return [value for _, value in points[bisect.bisect_left(points, (start,)):bisect.bisect_left(points, (end,))]]

    def statistic(self, metric, statistic, start, end):
        values = self.between(metric, start, end)
        if not values:
            return None
        if statistic in ("Sum", "Maximum", "Minimum"):
            return {"Sum": sum, "Maximum": max, "Minimum": min}[statistic](values)
        percentile = re.fullmatch(r"p(\d+(?:\.\d+)?)", statistic)
        if not percentile:
            raise metric_math.Unsupported(f"the statistic {statistic}")
        return sorted(values)[max(0, math.ceil(float(percentile.group(1)) / 100 * len(values)) - 1)]


class Alarm:
    """An alarm of a template whose intrinsic functions are resolved."""

    def __init__(self, name, properties):
        self.name, self.properties = name, properties
        self.needed = properties["EvaluationPeriods"]
        self.to_alarm = properties.get("DatapointsToAlarm", self.needed)
        self.treatment = properties.get("TreatMissingData", "missing")
        self.breaches = COMPARISONS[properties["ComparisonOperator"]]
        self.expression, self.queries = None, {}
        for query in properties.get("Metrics", [{"Id": "single", **plain(properties)}]):
            if "Expression" in query:
                assert self.expression is None, f"{name}: two expressions"
                self.expression = query["Expression"]
            else:
                stat = query["MetricStat"]
                self.queries[query["Id"]] = (metric_of(stat["Metric"]), stat["Stat"], stat["Period"])
        periods = {period for _, _, period in self.queries.values()}
        assert len(periods) == 1, f"{name}: metrics of several periods"
        [self.period] = periods
        # Whatever such an alarm asks for (PutMetricAlarm's reference).
        if self.expression is None and properties["Namespace"] == "AWS/DynamoDB":
            self.treatment = "ignore"

    @property
    def reach(self):
        """The seconds that one evaluation looks back."""
        return (self.needed + FURTHER) * self.period

    def times(self, metrics):
        """When its metrics have data."""
        return sorted({at for metric, _, _ in self.queries.values() for at, _ in metrics.points.get(metric, [])})

    def values(self, metrics, at):
        """The values of the periods that end at a time, the oldest first, as far as they can be seen then."""
        length = self.needed + FURTHER
        starts = [at - (length - index) * self.period for index in range(length)]
        series = {
            name: [metrics.statistic(metric, statistic, start, min(start + self.period, at - PUBLISHED_AFTER)) for start in starts]
            for name, (metric, statistic, _) in self.queries.items()
        }
        if self.expression is None:
            return series["single"]
        return metric_math.evaluate(self.expression, series, length)

    def state(self, metrics, at, before):
        values = self.values(metrics, at)
        threshold = self.properties["Threshold"]
        return decide([None if value is None else self.breaches(value, threshold) for value in values],
                      self.needed, self.to_alarm, self.treatment, before)


def decide(breaching, needed, to_alarm, treatment, before):
    """The state by the data points of the evaluation range, the oldest first: breaching or not, or missing (`None`)."""
    real = [each for each in breaching if each is not None]
    if len(real) >= needed:
        return ALARM if sum(real[-needed:]) >= to_alarm else OK
    if treatment in ("breaching", "notBreaching"):
        filled = (needed - len(real)) * (treatment == "breaching")
        return ALARM if sum(real) + filled >= to_alarm else OK
    if not real:
        return INSUFFICIENT if treatment == "missing" else before
    if sum(real) >= to_alarm:
        return ALARM
    if not all(real):
        return OK
    if treatment == "ignore":
        return before
    # The oldest breach is old enough, and nothing since speaks against it.
    recent = breaching[-needed:]
    return ALARM if True in recent and needed - recent.index(True) >= to_alarm else OK


def plain(properties):
    metric = {name: properties.get(name) for name in ("Namespace", "MetricName", "Dimensions")}
    statistic = properties.get("ExtendedStatistic") or properties.get("Statistic")
    return {"MetricStat": {"Metric": metric, "Stat": statistic, "Period": properties.get("Period")}}


def metric_of(metric):
    dimensions = {each["Name"]: str(each["Value"]) for each in metric.get("Dimensions", [])}
    return Metric.of(metric["Namespace"], metric["MetricName"], **dimensions)


@dataclasses.dataclass
class History:
    """Whether an alarm rang from one time to another, and its state later."""

    rang: bool
    later: str


def history(alarm, metrics, start, end, later_s=0):
    """Evaluates an alarm each minute. It rings when it sends a message that is not its end: an alarm, or insufficient data where
    that has an action. A new alarm begins with insufficient data."""
    state, rang = INSUFFICIENT, False
    times = alarm.times(metrics)
    for at in range(int(start) // MINUTE * MINUTE, int(end + later_s) + SEEN_AFTER, MINUTE):
        within = bisect.bisect_left(times, at - alarm.reach), bisect.bisect_left(times, at)
        if within[0] == within[1] and state == quiet(alarm, state):
            continue
        now = alarm.state(metrics, at, state)
        if now != state:
            is_message = now == ALARM or (now == INSUFFICIENT and alarm.properties.get("InsufficientDataActions"))
            rang = rang or bool(is_message and at < end + SEEN_AFTER)
            state = now
    return History(rang, state)


def quiet(alarm, before):
    """The state without any data."""
    return alarm.state(Metrics(), 0, before)
