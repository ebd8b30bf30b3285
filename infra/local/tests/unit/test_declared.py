"""What is read from the tree: topics, services, jars."""

import pytest
from embedded import services, topics
from embedded.backing import kafka_program


def test_each_topic_has_its_dead_letters_beside_it() -> None:
    names = {topic.name for topic in topics.declared()}

    assert all(f"{name}.dead" in names for name in names if not name.endswith(".dead"))


def test_a_compacted_topic_keeps_its_newest_for_ever() -> None:
    parameters = next(topic for topic in topics.declared() if topic.name == "lawbook.parameters.v1")

    assert parameters.configuration == {"cleanup.policy": "compact"}


def test_the_gateway_is_started_last() -> None:
    found = [service.name for service in services.found()]

    assert found[-1] == "gateway"


def test_each_jar_is_named_with_its_hash() -> None:
    jars = kafka_program.locked()

    assert all(len(jar.sha256) == 64 for jar in jars)
    assert any(jar.path.name == "kafka_2.13-4.4.0.jar" for jar in jars)


def test_a_jar_that_is_not_the_locked_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from jgo.maven._resolver import PythonResolver

    jar = kafka_program.locked()[0]
    forged = kafka_program.Jar(jar.group, jar.artifact, jar.version, "0" * 64)
    monkeypatch.setattr(kafka_program, "HOME", tmp_path)
    monkeypatch.setattr(PythonResolver, "download", lambda self, artifact: kafka_program.LOCK)

    with pytest.raises(kafka_program.WrongJar):
        kafka_program._fetch([forged], lambda doing: None)
