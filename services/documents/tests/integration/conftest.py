from pathlib import Path

import pytest_asyncio
from anzhi.documents.v1 import documents_pb2, documents_pb2_grpc
from anzhi.identity.v1 import identity_pb2, identity_pb2_grpc
from documents.adapters.sealing import make_seal_keys
from documents.app import Settings, build
from testkit.world import serving

from ..samples import VALUES  # noqa: TID252

FONTS = Path(__file__).parents[4] / ".local" / "fonts"
ISSUER = "4419"
NAMES = {"zhou": "周明远", "wu": "吴立诚", "wei": "魏志坚", "zheng": "郑启华", "he": "何文彬", "luo": "罗静仪"}


def _certificate(user_id: str) -> identity_pb2.OfficerCertificate:
    last = "2021-12-31" if user_id == "wei" else "2040-01-01"
    return identity_pb2.OfficerCertificate(
        number=f"1900440{len(user_id)}87",
        categories=["WORK_SAFETY"],
        region_codes=["4419"],
        valid_from_on="2020-01-01",
        valid_to_on=last,
        state=5 if user_id == "wei" else 1,
    )


class Neighbours(identity_pb2_grpc.IdentityServiceServicer, documents_pb2_grpc.DocumentOwnerServiceServicer):
    """Identity with one issuer, and the owner of every matter. `org_path` is where the next drafts belong."""

    org_path = "/44/"
    forbidden: tuple[str, ...] = ()

    async def GetActingBody(self, request, context):
        return identity_pb2.ActingBody(issuer=identity_pb2.OrgUnit(id=ISSUER, name="东莞市应急管理局", doc_abbr="莞"))

    async def GetOfficers(self, request, context):
        officers = [
            identity_pb2.Officer(id=wanted, name=NAMES[wanted], active=True, certificates=[_certificate(wanted)])
            for wanted in request.ids
            if wanted in NAMES
        ]
        return identity_pb2.GetOfficersResponse(officers=officers)

    async def MayDraft(self, request, context):
        if request.form in self.forbidden:
            return documents_pb2.MayDraftResponse(reason="STATE_FORBIDS_TRANSITION", detail="not yet")
        answer = documents_pb2.MayDraftResponse(allowed=True, org_id="dalingshan", org_path=self.org_path)
        answer.fields.update({**VALUES, "something_else": "left out"})
        return answer

    async def MayServe(self, request, context):
        if request.form in self.forbidden:
            return documents_pb2.MayServeResponse(reason="STATE_FORBIDS_TRANSITION", detail="the order is not issued")
        return documents_pb2.MayServeResponse(allowed=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def neighbours():
    return Neighbours()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def settings(tmp_path_factory):
    keys = tmp_path_factory.mktemp("seals")
    make_seal_keys(keys, {ISSUER: "东莞市应急管理局"})
    return {"public_url": "https://anzhi.example", "seal_keys": keys, "fonts": FONTS, "lock_days": 1}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def documents(world, neighbours, settings):
    adders = (documents_pb2_grpc.add_DocumentOwnerServiceServicer_to_server, identity_pb2_grpc.add_IdentityServiceServicer_to_server)
    async with serving(*((adder, neighbours) for adder in adders)) as target:
        around = dict.fromkeys(("identity", "inspections", "penalties", "criminal_transfer", "evidence"), target)
        async with world.running("documents", Settings, build, **around, **settings) as run:
            yield run
