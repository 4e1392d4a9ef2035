"""The evaluator does what CloudWatch's documentation says."""

import json
import unittest

import cloudwatch
import metric_math
from cloudwatch import ALARM, INSUFFICIENT, OK, Alarm, Metric, Metrics, decide

# Both tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html: data points with the
# newest on the right, then the state when missing data is missing, ignored, breaching, not breaching.
RETAINED = "retained"
THREE_OF_THREE = [
    ("0 - X - X", OK, OK, OK, OK),
    ("0 - - - -", OK, OK, OK, OK),
    ("- - - - -", INSUFFICIENT, RETAINED, ALARM, OK),
    ("0 X X - X", ALARM, ALARM, ALARM, ALARM),
    ("- - X - -", ALARM, RETAINED, ALARM, OK),
]
TWO_OF_THREE = [
    ("0 - X - X", ALARM, ALARM, ALARM, ALARM),
    ("0 0 X 0 X", ALARM, ALARM, ALARM, ALARM),
    ("0 - X - -", OK, OK, ALARM, OK),
    ("- - - - 0", OK, OK, ALARM, OK),
    ("- - - X -", ALARM, RETAINED, ALARM, OK),
]


class MissingData(unittest.TestCase):
    def test_the_states_are_those_of_the_documented_tables(self):
        for to_alarm, table in ((3, THREE_OF_THREE), (2, TWO_OF_THREE)):
            for points, *states in table:
                breaching = [{"0": False, "X": True, "-": None}[point] for point in points.split()]
                for treatment, state in zip(("missing", "ignore", "breaching", "notBreaching"), states):
                    with self.subTest(points=points, to_alarm=to_alarm, treatment=treatment):
                        self.assertEqual(decide(breaching, 3, to_alarm, treatment, RETAINED), state)

    def test_a_breach_that_is_the_newest_of_missing_data_does_not_ring_yet(self):
        for points in ([None] * 4 + [True], [None] * 3 + [True, None]):
            self.assertEqual(decide(points, 3, 3, "missing", OK), OK)


class MetricMath(unittest.TestCase):
    def value(self, expression, **series):
        return metric_math.evaluate(expression, {name: [value] for name, value in series.items()}, 1)[0]

    def test_an_operation_has_a_value_where_both_sides_have_one(self):
        self.assertEqual(self.value("100 * errors / requests", errors=1, requests=4), 25)
        self.assertIsNone(self.value("errors + requests", errors=1, requests=None))
        self.assertIsNone(self.value("errors / requests", errors=1, requests=0))
        self.assertEqual(self.value("FILL(errors, 0) + FILL(setup, 0)", errors=None, setup=2), 2)

    def test_a_condition_that_has_no_value_gives_none(self):
        many = "IF((bad >= 10) AND (100 * bad > FILL(all, 0)), 1, 0)"
        self.assertEqual([self.value(many, bad=bad, all=all) for bad, all in ((10, 999), (10, 1000), (9, 9), (10, None))],
                         [1, 0, 0, 1])
        self.assertIsNone(self.value(many, bad=None, all=1))

    def test_multiplication_comes_before_addition_and_that_before_comparison(self):
        self.assertEqual(self.value("1 + 2 * 3 == 7"), 1)
        self.assertEqual(self.value("2 - 1 - 1"), 0)

    def test_what_is_not_known_is_an_error(self):
        for expression in ("RATE(m)", "SUM([m])", "m ^ 2", "IF(m, 1)", "other", "m m", "(m", ""):
            with self.subTest(expression=expression), self.assertRaises(metric_math.Unsupported):
                self.value(expression, m=1)


class Evaluation(unittest.TestCase):
    NOISE = Metric.of("N", "Noise", Table="t")

    def alarm(self, **properties):
        noise = {"Namespace": "N", "MetricName": "Noise", "Dimensions": [{"Name": "Table", "Value": "t"}]}
        given = {"Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1, "Threshold": 2,
                 "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching", **noise}
        return Alarm("noise", {**given, **properties})

    def history(self, alarm, times, end=7200):
        metrics = Metrics()
        for at in times:
            metrics.put(self.NOISE, at, 1)
        return cloudwatch.history(alarm, metrics, 0, end)

    def test_a_period_ends_at_any_minute(self):
        # 290 and 310 are in no period of whole five minutes together.
        self.assertTrue(self.history(self.alarm(), [290, 310]).rang)
        self.assertFalse(self.history(self.alarm(), [290, 700]).rang)

    def test_an_alarm_ends_when_its_data_does(self):
        self.assertEqual(self.history(self.alarm(), [290, 310]).later, OK)

    def test_an_alarm_on_dynamodb_stays_when_its_data_ends(self):
        metrics, dynamodb = Metrics(), self.alarm(Namespace="AWS/DynamoDB", Threshold=1)
        metrics.put(Metric.of("AWS/DynamoDB", "Noise", Table="t"), 290, 1)
        self.assertEqual(cloudwatch.history(dynamodb, metrics, 0, 7200).later, ALARM)

    def test_silence_rings_where_insufficient_data_has_an_action_and_not_before_there_was_data(self):
        silent = self.alarm(TreatMissingData="missing", ComparisonOperator="LessThanThreshold", Threshold=1,
                            InsufficientDataActions=["topic"])
        self.assertFalse(self.history(silent, []).rang)
        self.assertTrue(self.history(silent, [60]).rang)

    def test_an_alarm_over_fill_rings_late_only_where_it_looks_back(self):
        metric = {"Namespace": "N", "MetricName": "Noise", "Dimensions": [{"Name": "Table", "Value": "t"}]}
        queries = [{"Id": "filled", "Expression": "FILL(noise, 0)"},
                   {"Id": "noise", "MetricStat": {"Metric": metric, "Stat": "Sum", "Period": 60}}]
        filled = {"Metrics": queries, "Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                  "TreatMissingData": "notBreaching", "EvaluationPeriods": 1}
        metrics = Metrics()
        for at in range(600, 900, 60):
            metrics.put(self.NOISE, at, 1)
        self.assertFalse(cloudwatch.history(Alarm("late", filled), metrics, 0, 7200).rang)
        looks_back = Alarm("late", {**filled, "EvaluationPeriods": 3, "DatapointsToAlarm": 1})
        self.assertTrue(cloudwatch.history(looks_back, metrics, 0, 7200).rang)

    def test_a_percentile_is_that_of_all_values(self):
        metrics = Metrics()
        for value in range(1, 11):
            metrics.put(self.NOISE, 10, value)
        self.assertEqual(metrics.statistic(self.NOISE, "p90", 0, 60), 9)
        self.assertIsNone(metrics.statistic(self.NOISE, "p90", 60, 120))

    def test_a_line_of_the_embedded_format_counts_once_for_each_set_of_dimensions(self):
        directive = {"Namespace": "N", "Dimensions": [["Table"], ["Table", "Stage"]], "Metrics": [{"Name": "Noise"}]}
        line = {"_aws": {"Timestamp": 5000, "CloudWatchMetrics": [directive]}, "Table": "t", "Stage": "s", "Noise": 3}
        metrics = Metrics()
        metrics.put_line(json.dumps(line))
        metrics.put_line("not JSON")
        metrics.put_line('{"message": "a line of the log"}')
        found = {metric: points for metric, points in metrics.points.items()}
        self.assertEqual(found, {self.NOISE: [(5.0, 3)], Metric.of("N", "Noise", Table="t", Stage="s"): [(5.0, 3)]})


if __name__ == "__main__":
    unittest.main()
