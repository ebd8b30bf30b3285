"""Where everything of the cluster lies and which addresses it has."""

import os
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]

NODE = "anzhi"
# Of the machine: the end of the cable to the node, and the name of the node's control groups.
CABLE = "anzhi-cluster"
CGROUP = "anzhi-cluster"
NETNS = "anzhi-cluster"

NETWORK = IPv4Network("10.213.0.0/16")
HOST_ADDRESS = IPv4Address("10.213.0.1")
NODE_ADDRESS = IPv4Address("10.213.0.2")
SERVICES = IPv4Network("10.213.64.0/18")
PODS = IPv4Network("10.213.128.0/17")
KUBERNETES_ADDRESS = SERVICES[1]
DNS_ADDRESS = SERVICES[10]
API = f"https://{NODE_ADDRESS}:6443"
DOMAIN = "cluster.local"
REGISTRY = "localhost/anzhi-cluster"
VOLUMES = 12


@dataclass(frozen=True)
class Layout:
    folder: Path

    @property
    def lock(self) -> Path:
        """Held by the node as long as it lives; in it the number of the process that ends it all."""
        return self.folder / "node.lock"

    @property
    def kubeconfig(self) -> Path:
        return self.folder / "kubeconfig"

    @property
    def pki(self) -> Path:
        return self.folder / "pki"

    @property
    def etc(self) -> Path:
        return self.folder / "etc"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def etcd(self) -> Path:
        return self.folder / "etcd"

    @property
    def machine(self) -> Path:
        """What the node sees in the places where the machine's own folders are."""
        return self.folder / "machine"

    @property
    def containerd(self) -> Path:
        """Images outlive `down`: importing them again takes minutes."""
        return self.folder / "containerd"

    @property
    def volumes(self) -> Path:
        return self.folder / "volumes"

    @property
    def socket(self) -> Path:
        return self.folder / "containerd.sock"

    @property
    def halted(self) -> Path:
        """A file of a program's name in here: the node keeps it stopped."""
        return self.folder / "halted"

    @property
    def forgotten(self) -> tuple[Path, ...]:
        """All that `down` removes."""
        return (self.pki, self.etc, self.etcd, self.machine, self.volumes, self.halted, self.socket, self.kubeconfig)


def layout() -> Layout:
    return Layout(Path(os.environ.get("ANZHI_STATE") or CHECKOUT / ".local").resolve() / "cluster")
