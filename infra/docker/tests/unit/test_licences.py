from typing import Any

import pytest
from images.component import PYTHON, Component
from images.inventory import licence_of_text
from images.licences import Use, completed, faults, permitted, told

RULES: dict[str, Any] = {"shipped": ["MIT", "Apache-2.0"], "development": ["LGPL-2.1-or-later"], "told": {}, "exceptions": {}}


def use(name: str, licence: str | None, *images: str) -> Use:
    return Use(Component(PYTHON, name, "1.0", licence), images)


def test_a_licence_of_the_list_passes() -> None:
    assert faults([use("good", "MIT", "penalties")], RULES) == []


def test_a_licence_that_is_not_in_the_list_is_refused_with_the_image_that_carries_it() -> None:
    assert faults([use("planted", "AGPL-3.0-only", "penalties")], RULES) == ["python:planted 1.0 (penalties): AGPL-3.0-only is not allowed"]


def test_what_serves_the_development_alone_may_have_more() -> None:
    assert faults([use("tool", "LGPL-2.1-or-later")], RULES) == []
    assert faults([use("tool", "LGPL-2.1-or-later", "penalties")], RULES) != []


def test_a_package_that_tells_no_licence_is_refused_until_the_list_tells_it() -> None:
    silent = use("silent", None, "penalties")
    rules = RULES | {"told": {"python:silent": "MIT"}}

    assert "no licence is known" in faults([silent], RULES)[0]
    assert faults(completed([silent], rules), rules) == []


def test_an_exception_holds_for_its_licence_alone_and_is_a_fault_when_nobody_needs_it() -> None:
    rules = RULES | {"exceptions": {"python:old": {"licence": "GPL-2.0-only", "why": "because"}}}

    assert faults([use("old", "GPL-2.0-only", "penalties")], rules) == []
    assert faults([use("old", "GPL-3.0-only", "penalties")], rules) != []
    assert faults([use("good", "MIT")], rules) == ["python:old: the exception is not needed"]


@pytest.mark.parametrize(
    ("expression", "good"),
    [("MIT OR GPL-3.0-only", True), ("MIT AND GPL-3.0-only", False), ("(MIT AND Apache-2.0)", True), ("GPL-3.0-only", False)],
)
def test_one_of_a_choice_is_enough_and_all_of_a_sum_are_needed(expression: str, good: bool) -> None:
    assert permitted(expression, {"MIT", "Apache-2.0"}) is good


def test_a_licence_file_is_known_by_its_words() -> None:
    assert licence_of_text("Permission is hereby granted, free\n of charge, to any person obtaining") == "MIT"
    assert licence_of_text("GNU AFFERO GENERAL PUBLIC LICENSE Version 3") is None


def test_every_exception_says_why() -> None:
    assert all(exception["why"] for exception in told()["exceptions"].values())
