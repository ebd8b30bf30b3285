"""What the code says is asked once: it costs a second for each service."""

import pytest

from tests.charts.code import SERVICES, Said, said


@pytest.fixture(scope="session")
async def code() -> dict[str, Said]:
    return {service: await said(service, legal_clock=False) for service in SERVICES}


@pytest.fixture(scope="session")
async def code_with_legal_clock() -> dict[str, Said]:
    return {service: await said(service, legal_clock=True) for service in SERVICES}
