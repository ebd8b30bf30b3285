import json
from ipaddress import IPv4Network
from pathlib import Path

import pytest
import yaml
from cluster import configs
from cluster.layout import DNS_ADDRESS, HOST_ADDRESS, KUBERNETES_ADDRESS, NETWORK, NODE_ADDRESS, PODS, SERVICES, Layout
from cluster.parts import Parts


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / "cluster")
    made.etc.mkdir(parents=True)
    return made


def test_all_addresses_lie_in_the_one_network_and_no_two_parts_overlap():
    node = IPv4Network("10.213.0.0/24")
    assert all(part.subnet_of(NETWORK) for part in (node, PODS, SERVICES))
    assert not (PODS.overlaps(SERVICES) or PODS.overlaps(node) or SERVICES.overlaps(node))
    assert {HOST_ADDRESS, NODE_ADDRESS} <= set(node.hosts())
    assert KUBERNETES_ADDRESS in SERVICES
    assert DNS_ADDRESS in SERVICES


def test_every_program_has_a_command(layout: Layout, tmp_path: Path):
    made = configs.commands(layout, Parts(tmp_path / "kubernetes", tmp_path / "etcd"))

    assert tuple(made) == configs.NAMES
    assert made["etcd"][0] == str(tmp_path / "etcd" / "etcd")
    assert made["kubelet"][0] == str(tmp_path / "kubernetes" / "kubelet")
    assert made["containerd"][0] == "containerd"


def test_every_file_that_a_command_names_is_written(layout: Layout):
    from cluster import certificates

    certificates.make_all(layout)
    configs.write_all(layout)

    for words in configs.commands(layout, Parts(Path("/parts"), Path("/parts"))).values():
        for word in words:
            path = Path(word.partition("=")[2])
            if path.is_relative_to(layout.folder) and path != layout.etcd:
                assert path.is_file(), word


def test_the_kubelet_asks_the_dns_of_the_cluster_over_the_socket_of_our_containerd(layout: Layout):
    configs.write_all(layout)
    kubelet = yaml.safe_load((layout.etc / "kubelet.yaml").read_text())
    containerd = (layout.etc / "containerd.toml").read_text()

    assert kubelet["clusterDNS"] == [str(DNS_ADDRESS)]
    assert kubelet["containerRuntimeEndpoint"] == f"unix://{layout.socket}"
    assert f'address = "{layout.socket}"' in containerd
    assert f'conf_dir = "{layout.etc / "cni"}"' in containerd
    assert f'root = "{layout.containerd}"' in containerd


def test_pods_have_addresses_of_the_network_of_pods(layout: Layout):
    configs.write_all(layout)
    told = json.loads((layout.etc / "cni" / "10-anzhi.conflist").read_text())

    assert told["plugins"][0]["ipam"]["ranges"] == [[{"subnet": str(PODS)}]]
    assert told["plugins"][0]["ipMasq"] is False


def test_nothing_of_the_node_is_written_into_the_folders_of_the_machine(layout: Layout):
    for ours in configs.bound(layout):
        assert ours.is_relative_to(layout.folder)
    assert {"/var/lib/kubelet", "/var/lib/cni", "/var/log"} == set(configs.bound(layout).values())
