"""What can be done with a request in each state, and what leads nowhere."""

from itertools import product

import pytest

from registry.requests.lifecycle import REQUEST
from registry.requests.models import RequestState as S

ALLOWED = {
    "be_changed": {S.DRAFT, S.RETURNED},
    "be_submitted": {S.DRAFT, S.RETURNED},
    "be_withdrawn": {S.DRAFT, S.SUBMITTED, S.RETURNED},
    "be_agreed": {S.SUBMITTED},
    "be_approved": {S.SUBMITTED},
    "be_returned": {S.SUBMITTED},
    "be_refused": {S.SUBMITTED},
    "be_asked_again": {S.REFUSED, S.WITHDRAWN},
}


@pytest.mark.parametrize(("state", "verb"), list(product(S, ALLOWED)))
def test_a_request_goes_only_where_the_policy_lets_it(state: S, verb: str) -> None:
    assert REQUEST.allows(state, verb) == (state in ALLOWED[verb])


def test_an_approved_request_is_at_its_end() -> None:
    assert REQUEST.verbs(S.APPROVED) == ()
