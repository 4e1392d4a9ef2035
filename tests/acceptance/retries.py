"""Retries the same request under the same key when the network, Stripe or the API does not answer."""

import http.client
import random
import time

import stripe

MAX_ATTEMPTS = 40
MAX_PAUSE_S = 1.0


class NotYet(Exception):
    """Something else has to happen first, so the call has to be repeated."""


def with_retries(call):
    """Calls until it succeeds, with growing, random pauses."""
    for attempt in range(MAX_ATTEMPTS):
        try:
            return call()
        except (NotYet, OSError, http.client.HTTPException) as error:
            last = error
        except stripe.StripeError as error:
            # No answer, a conflict, a limit or a fault at Stripe: the outcome is unknown. All else is final.
            if error.http_status is not None and error.http_status not in (409, 429) and error.http_status < 500:
                raise
            last = error
        time.sleep(random.uniform(0.3, 1) * min(0.05 * 2**attempt, MAX_PAUSE_S))
    raise AssertionError(f"no success in {MAX_ATTEMPTS} attempts: {last}") from last


def answer_with_retries(call, waits_for=()):
    """Retries until the answer is final: not a 5xx, a 429, a request in progress, or a code in `waits_for`."""

    def call_once():
        answer = call()
        is_transient = answer.status == 429 or answer.status >= 500
        if is_transient or (answer.status == 409 and answer.problem[1] in ("request_in_progress", *waits_for)):
            raise NotYet(str(answer))
        return answer

    return with_retries(call_once)
