"""CloudWatch's metric math, as far as the templates use it; everything else is an error.

A series is a list of values, `None` where a period has no data. As CloudWatch does, an operation has a value where both of
its sides have one, a division by zero has none, and a truth is 1 or 0
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html). FILL fills a metric that was never
written too.
"""

import operator
import re

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(>=|<=|==|!=|[-+*/<>(),]))")
COMPARISONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
               "==": operator.eq, "!=": operator.ne}
SUMS = {"+": operator.add, "-": operator.sub}


class Unsupported(Exception):
    """An expression that is not evaluated here."""


def evaluate(expression, series, length):
    """The values of an expression over series of this length, by their ids."""
    parser = Parser(expression, series, length)
    values = parser.logical()
    if parser.next() is not None:
        raise Unsupported(f"{expression}: {parser.next()!r} is left over")
    return values


class Parser:
    def __init__(self, expression, series, length):
        self.expression, self.series, self.length = expression, series, length
        self.tokens, at = [], 0
        while expression[at:].strip():
            found = TOKEN.match(expression, at)
            if not found:
                raise Unsupported(f"{expression}: at {expression[at:]!r}")
            self.tokens.append(found.group(found.lastindex))
            at = found.end()
        self.tokens.reverse()

    def next(self):
        return self.tokens[-1] if self.tokens else None

    def expect(self, token):
        if self.next() != token:
            raise Unsupported(f"{self.expression}: {self.next()!r} in place of {token!r}")
        self.tokens.pop()

    def logical(self):
        left = self.compared()
        while self.next() in ("AND", "OR"):
            word = self.tokens.pop()
            both = (lambda a, b: bool(a) and bool(b)) if word == "AND" else (lambda a, b: bool(a) or bool(b))
            left = self.combined(both, left, self.compared())
        return left

    def compared(self):
        left = self.summed()
        if self.next() in COMPARISONS:
            left = self.combined(COMPARISONS[self.tokens.pop()], left, self.summed())
        return left

    def summed(self):
        left = self.multiplied()
        while self.next() in SUMS:
            left = self.combined(SUMS[self.tokens.pop()], left, self.multiplied())
        return left

    def multiplied(self):
        left = self.single()
        while self.next() in ("*", "/"):
            divided = self.tokens.pop() == "/"
            operation = (lambda a, b: a / b if b else None) if divided else operator.mul
            left = self.combined(operation, left, self.single())
        return left

    def single(self):
        token = self.tokens.pop() if self.tokens else None
        if token == "(":
            inner = self.logical()
            self.expect(")")
            return inner
        if token is None or token in ")," or token in COMPARISONS or token in "+-*/":
            raise Unsupported(f"{self.expression}: {token!r} is no value")
        if token[0].isdigit():
            return [float(token)] * self.length
        if self.next() == "(":
            return self.called(token)
        if token not in self.series:
            raise Unsupported(f"{self.expression}: no metric {token}")
        return self.series[token]

    def called(self, name):
        self.expect("(")
        arguments = [self.logical()]
        while self.next() == ",":
            self.tokens.pop()
            arguments.append(self.logical())
        self.expect(")")
        if name == "FILL" and len(arguments) == 2:
            return [filler if value is None else value for value, filler in zip(*arguments)]
        if name == "IF" and len(arguments) == 3:
            return [None if truth is None else yes if truth else no for truth, yes, no in zip(*arguments)]
        raise Unsupported(f"{self.expression}: {name} with {len(arguments)} arguments")

    @staticmethod
    def combined(operation, left, right):
        def one(a, b):
            result = None if a is None or b is None else operation(a, b)
            return None if result is None else float(result)

        return [one(a, b) for a, b in zip(left, right)]
