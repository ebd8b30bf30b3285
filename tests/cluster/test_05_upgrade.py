"""Pod by pod to the next version and back, while people work: nothing fails, nothing is lost or doubled."""

from cluster.kubectl import Kubectl

from tests.cluster.conftest import PODS, of
from tests.cluster.load import Work, at_work
from tests.cluster.platform import Platform, until
from tests.cluster.report import Report


def versions(kubectl: Kubectl) -> set[str]:
    """Tags of the pods that are not on their way out."""
    running = of(kubectl, "pods", PODS, "--field-selector=status.phase=Running")
    return {pod["spec"]["containers"][0]["image"].rpartition(":")[2] for pod in running if "deletionTimestamp" not in pod["metadata"]}


def nothing_was_lost(work: Work) -> None:
    assert work.report["answered"] > 100
    assert work.report["failed"] == 0, work.report["failures"][:10]
    assert work.report["unknown"] == 0, work.report["failures"][:10]
    assert work.report["effects"]["violations"] == []


def test_an_upgrade_under_load_loses_nothing(platform: Platform, kubectl: Kubectl, figures: Report):
    assert versions(kubectl) == {platform.tags.old}

    with at_work(platform.url, platform.accounts, platform.node.folder / "upgrade.json") as work:
        seconds = platform.upgrade(platform.tags.new)
        until(lambda: versions(kubectl) == {platform.tags.new}, "only the new version runs")

    figures.note("rolling upgrade under load", seconds=seconds, old=platform.tags.old, new=platform.tags.new, **work.figures)
    nothing_was_lost(work)


def test_a_rollback_under_load_loses_nothing(platform: Platform, kubectl: Kubectl, figures: Report):
    with at_work(platform.url, platform.accounts, platform.node.folder / "rollback.json") as work:
        _, seconds = platform.helm("rollback", "anzhi", "1", "--wait", "--timeout", "8m")
        until(lambda: versions(kubectl) == {platform.tags.old}, "only the old version runs")

    figures.note("helm rollback under load", seconds=seconds, **work.figures)
    nothing_was_lost(work)
