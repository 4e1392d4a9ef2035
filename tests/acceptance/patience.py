"""A client that goes on when the network, Stripe or the API does not answer: the same request, under the same key."""

import http.client
import random
import time

import stripe

TRIES = 40
LONGEST_PAUSE_S = 1.0


class NotYet(Exception):
    """Something else has to happen first."""


def patiently(call, may_pass=(), tries=TRIES):
    """Calls until it is answered, with pauses that grow and scatter."""
    for attempt in range(tries):
        try:
            return call()
        except (NotYet, OSError, http.client.HTTPException, *may_pass) as refused:
            last = refused
        except stripe.StripeError as refused:
            # No answer, a conflict, a limit, or Stripe's own fault: the outcome is unknown. All else is an answer.
            if refused.http_status is not None and refused.http_status not in (409, 429) and refused.http_status < 500:
                raise
            last = refused
        time.sleep(random.uniform(0.3, 1) * min(0.05 * 2**attempt, LONGEST_PAUSE_S))
    raise AssertionError(f"not within {tries} tries: {last}") from last


def answered(call, waits_for=()):
    """An answer of the API that is none of the passing ones: 5xx, 429, a twin in progress, or a code to wait for."""

    def ask():
        answer = call()
        passing = answer.status == 429 or answer.status >= 500
        if passing or (answer.status == 409 and answer.problem[1] in ("request_in_progress", *waits_for)):
            raise NotYet(str(answer))
        return answer

    return patiently(ask)
