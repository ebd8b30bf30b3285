"""Which form is due in which state."""

import pytest
from criminal_transfer.application.forms import DUE, refusal
from criminal_transfer.domain.records import State

from .scene import a_transfer


@pytest.mark.parametrize("state", list(State))
def test_a_form_is_drawn_up_where_its_row_needs_it(state):
    transfer = a_transfer(state)

    allowed = {form for form in DUE if refusal(transfer, form) is None}

    assert allowed == {form for form, states in DUE.items() if state in states}
    assert refusal(transfer, "F34").reason == "FORM_NOT_OF_TRANSFER"
