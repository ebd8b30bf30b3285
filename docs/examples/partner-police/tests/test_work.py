"""The order of the steps, from the hand-over to the decision."""

import hashlib
import json

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from partner_police.credentials import Credentials
from partner_police.platform import PackDiffers, Platform
from partner_police.webhooks import Receiver
from partner_police.work import Desk, Manner, watch

PACK = b"PK the whole file"
AT = "/v1/partner/transfers/t1"


def standing(state, as_what="POLICE"):
    # 17:00 UTC is the next day in China.
    return {"id": "t1", "state": state, "handedAs": as_what, "version": "3", "letters": [{"at": "2023-06-12T17:00:00Z"}]}


@pytest.fixture
def said():
    return []


@pytest.fixture
def desk(counterpart, said, tmp_path):
    def made(decision, verifier="", decided="FILED_POLICE", reason=""):
        told = {"url": f"{counterpart.url}/store", "sha256": hashlib.sha256(PACK).hexdigest(), "size": str(len(PACK))}
        counterpart.answer(f"GET {AT}/package", (200, {}, told))
        counterpart.answer("GET /store", (200, {}, PACK))
        counterpart.answer(f"GET {AT}", (200, {}, standing("DELIVERED")))
        counterpart.answer("GET /v1/partner/transfers", (200, {}, {"transfers": [standing("DELIVERED")]}))
        for verb, state in (("receipt", "RECEIPTED"), ("startReview", "POLICE_REVIEW"), ("file", decided), ("refuseFiling", decided)):
            counterpart.answer(f"POST {AT}:{verb}", (200, {}, standing(state)))
        platform = Platform(counterpart.url, Credentials("police", ec.generate_private_key(ec.SECP256R1())), http, sleep=lambda _: None)
        return Desk(platform, Manner(decision, reason, "值班民警", tmp_path, verifier), lambda event, **told: said.append(event))

    with httpx.Client() as http:
        yield made


def steps(counterpart):
    return [one.path.rpartition(":")[2] for one in counterpart.came if one.method == "POST" and one.path.startswith(AT)]


def test_what_was_handed_over_is_checked_taken_up_and_filed(desk, counterpart, said):
    assert desk("file", verifier="true").handle("t1") == "FILED_POLICE"
    assert steps(counterpart) == ["receipt", "startReview", "file"]
    assert said == ["pack_fetched", "pack_verified", "receipt_signed", "review_started", "filed"]
    (filed,) = counterpart.to(f"{AT}:file")
    assert json.loads(filed.body)["datedOn"] == "2023-06-13"


def test_a_refusal_has_its_reason(desk, counterpart):
    assert desk("refuse", decided="NOT_FILED", reason="未达到立案追诉标准").handle("t1") == "NOT_FILED"
    (refused,) = counterpart.to(f"{AT}:refuseFiling")
    told = json.loads(refused.body)
    assert (told["reason"], told["fileReturned"], told["copiedToProcuratorate"]) == ("未达到立案追诉标准", True, True)


def test_the_decision_is_left_to_a_person(desk, counterpart):
    assert desk("review").handle("t1") == "POLICE_REVIEW"
    assert steps(counterpart) == ["receipt", "startReview"]


def test_no_receipt_for_a_pack_that_is_not_in_order(desk, counterpart):
    with pytest.raises(PackDiffers):
        desk("file", verifier="false").handle("t1")
    assert steps(counterpart) == []


def test_a_copy_of_the_letter_is_no_work_for_this_organ(desk, counterpart):
    made = desk("file")
    counterpart.answer(f"GET {AT}", (200, {}, standing("DELIVERED", "PROCURATORATE")))
    assert made.handle("t1") == "DELIVERED"
    assert steps(counterpart) == []


def test_what_no_webhook_told_of_is_found_in_the_list(desk, said):
    receiver = Receiver("127.0.0.1", 0)
    assert watch(desk("file"), receiver, decisions=1, say=lambda event, **told: said.append(event), seconds=30) == 1
    receiver._server.server_close()


def test_a_webhook_sets_to_work(desk, counterpart, said):
    made, receiver = desk("file"), Receiver("127.0.0.1", 0)
    counterpart.answer("GET /v1/partner/transfers", (200, {}, {}))
    for id, type in (("m1", "transfer.unheard_of"), ("m2", "transfer.delivered")):
        receiver.messages.put((id, {"type": type, "data": {"transfer_id": "t1"}}))
    assert watch(made, receiver, decisions=1, say=lambda event, **told: said.append(event), seconds=30) == 1
    assert said[:3] == ["webhook", "webhook", "pack_fetched"]
    receiver._server.server_close()


def test_a_step_that_the_platform_refuses_ends_nobodys_work(desk, counterpart, said):
    made = desk("file")
    counterpart.answer(f"POST {AT}:receipt", (409, {}, {"reason": "CHANGED_MEANWHILE"}), (200, {}, standing("RECEIPTED")))
    receiver = Receiver("127.0.0.1", 0)
    receiver.messages.put(("m1", {"type": "transfer.delivered", "data": {"transfer_id": "t1"}}))
    assert watch(made, receiver, decisions=1, say=lambda event, **told: said.append(event), seconds=30) == 1
    assert "refusal" in said
    receiver._server.server_close()
