"""A cluster id that begins with a dash once stopped a first start, about one in sixty-four."""

from pathlib import Path

from embedded.backing.kafka_program import Program


def test_a_cluster_id_that_begins_with_a_dash_is_no_option():
    command = Program(()).format(Path("server.properties"), "-AbcdefghijklmnopqrstA")

    assert "--cluster-id=-AbcdefghijklmnopqrstA" in command
    assert "-AbcdefghijklmnopqrstA" not in command
