import pytest_asyncio
from anzhi.lawbook.v1 import lawbook_pb2 as pb
from anzhi.lawbook.v1.events_pb2 import ParametersPublished
from anzhi.lawbook.v1.lawbook_pb2_grpc import LawbookServiceStub
from google.protobuf.struct_pb2 import Struct
from lawbook.adapters.reference import load_reference
from lawbook.adapters.store import Store
from servicekit.db import transaction
from testkit.asking import refusal, request_id
from testkit.polling import poll
from testkit.users import a_user

READER, WRITER = ("lawbook.read",), ("lawbook.read", "lawbook.write")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def law(lawbook, world):
    """The service with the law that ships, loaded twice: the second time changes nothing."""
    for _ in range(2):
        async with transaction(lawbook.service.sessions, Store, jobs=True) as uow:
            await load_reference(uow)
    return await lawbook.stub(LawbookServiceStub, a_user(org_path=world.a_root(), permissions=WRITER))


async def test_the_shipped_items_are_loaded_once(law, lawbook):
    assert (await lawbook.sql("SELECT count(*) AS n FROM check_items"))[0]["n"] == 1333


async def test_an_article_is_answered_as_of_a_day(law):
    article = await law.GetArticle(pb.GetArticleRequest(instrument="WSL", article=97, on="2022-08-16"), timeout=5)

    assert "特种作业人员未按照规定经专门的安全作业培训并取得相应资格，上岗作业的" in article.paragraphs[0]
    before = pb.GetArticleRequest(instrument="WSL", article=97, on="2021-08-31")
    assert await refusal(law.GetArticle(before, timeout=5)) == "ARTICLE_NOT_IN_FORCE"


async def test_items_are_found_by_words_and_page_on(law):
    request = pb.ListCheckItemsRequest(category="特种作业", q="特种作业操作证", on="2022-08-16", page_size=2)
    first = await law.ListCheckItems(request, timeout=5)
    request.page_token = first.next_page_token
    second = await law.ListCheckItems(request, timeout=5)

    assert len(first.items) == 2
    assert {item.category for item in (*first.items, *second.items)} == {"特种作业"}
    assert not {item.id for item in first.items} & {item.id for item in second.items}


async def test_items_by_id_keep_their_order_and_wording(law):
    answer = await law.GetCheckItems(pb.GetCheckItemsRequest(ids=["WSL-30.1-2", "WSL-30.1-1"], on="2022-08-16"), timeout=5)

    assert [item.id for item in answer.items] == ["WSL-30.1-2", "WSL-30.1-1"]
    assert answer.items[1].duty.text == "《中华人民共和国安全生产法》第三十条第一款"
    assert answer.items[1].penalty[0].text == "《中华人民共和国安全生产法》第九十七条第七项"


async def test_an_item_outside_its_life_is_not_in_force(law):
    request = pb.GetCheckItemsRequest(ids=["WSL-30.1-1"], on="2021-08-31")

    assert await refusal(law.GetCheckItems(request, timeout=5)) == "CHECK_ITEM_NOT_IN_FORCE"


async def test_an_act_has_its_branches(law):
    act = await law.GetAct(pb.GetActRequest(id="A14", on="2022-08-16"), timeout=5)

    first, overdue = act.branches
    assert (first.id, first.unit.max_fen, first.unit.min_inclusive, first.HasField("persons")) == ("FIRST", 10_000_000, False, False)
    assert (overdue.id, overdue.persons.max_fen, overdue.suspend) == ("OVERDUE", 5_000_000, True)
    assert act.verified


async def test_without_an_official_scale_the_default_one_is_told_as_unofficial(law):
    scale = await law.GetScale(pb.GetScaleRequest(act_id="A13", branch="FIRST", on="2022-08-16"), timeout=5)

    assert not scale.official
    assert list(scale.shares) == [0, 30, 70, 100]


async def test_an_official_scale_goes_before_the_default_from_its_first_day(law):
    tiers = [pb.Tier(level="轻微", min_n=1, max_n=2, range=pb.Range(min_fen=0, max_fen=3_000_000, max_inclusive=True))]
    load = pb.LoadScaleRequest(
        request_id=request_id(), act_id="A14", branch="FIRST", doc="裁量权基准", valid_from_on="2024-11-01", metric="persons", tiers=tiers
    )
    await law.LoadScale(load, timeout=5)

    early = await law.GetScale(pb.GetScaleRequest(act_id="A14", branch="FIRST", on="2024-10-31"), timeout=5)
    late = await law.GetScale(pb.GetScaleRequest(act_id="A14", branch="FIRST", on="2024-11-01"), timeout=5)
    assert (early.official, late.official) == (False, True)
    load.request_id = request_id()
    assert await refusal(law.LoadScale(load, timeout=5)) == "SCALE_ALREADY_LOADED"


async def test_a_reader_loads_no_scale(law, lawbook, world):
    stub = await lawbook.stub(LawbookServiceStub, a_user(org_path=world.a_root(), permissions=READER))
    load = pb.LoadScaleRequest(request_id=request_id(), act_id="A14", branch="FIRST", doc="x", valid_from_on="2025-11-01")

    assert await refusal(stub.LoadScale(load, timeout=5)) == "PERMISSION_MISSING"


async def test_thresholds_of_the_province_are_answered_whole(law):
    answer = await law.GetThresholds(pb.GetThresholdsRequest(region_code="441900118", on="2022-09-09"), timeout=5)

    assert {row.party_kind: row.amount_fen for row in answer.hearing} == {"UNIT": 10_000_000, "PERSON": 500_000}
    assert answer.legal_review.all
    assert "134-1" in {standard.offence for standard in answer.crime_standards}
    assert not answer.verified


async def test_thresholds_of_a_city_begin_on_a_day_of_their_own(law):
    shipped = await law.GetThresholds(pb.GetThresholdsRequest(region_code="440305", on="2022-09-09"), timeout=5)
    shipped.region_code, shipped.valid_from_on = "4403", "2025-01-01"
    shipped.hearing[0].amount_fen = 8_000_000

    await law.PutThresholds(pb.PutThresholdsRequest(request_id=request_id(), thresholds=shipped), timeout=5)

    after = await law.GetThresholds(pb.GetThresholdsRequest(region_code="440305", on="2025-01-01"), timeout=5)
    before = await law.GetThresholds(pb.GetThresholdsRequest(region_code="440305", on="2024-12-31"), timeout=5)
    assert (after.hearing[0].amount_fen, before.hearing[0].amount_fen) == (8_000_000, 10_000_000)
    assert after.crime_standards == before.crime_standards


async def test_parameters_are_published_by_version(law, world):
    overrides = Struct()
    overrides.update({"readings": {"roll_transfer": False}})
    current = await law.GetParameters(pb.GetParametersRequest(), timeout=5)
    publish = pb.PublishParametersRequest(request_id=request_id(), version=current.version, overrides=overrides, source="粤应急〔2026〕1号")

    published = await law.PublishParameters(publish, timeout=5)
    publish.request_id = request_id()

    assert published.version == current.version + 1
    assert await refusal(law.PublishParameters(publish, timeout=5)) == "PARAMETERS_CHANGED"

    async def told() -> bool:
        events = [ParametersPublished.FromString(record.value) for record in await world.records("lawbook.parameters.v1")]
        return any(event.version == published.version for event in events)

    await poll(told, deadline=10)


async def test_a_search_answers_articles(law):
    found = await law.SearchArticles(pb.SearchArticlesRequest(q="特种作业人员 上岗作业", on="2022-08-16"), timeout=5)

    assert ("WSL", 30) in {(article.instrument, article.article) for article in found.articles[:3]}
