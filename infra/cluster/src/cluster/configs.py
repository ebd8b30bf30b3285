"""What each program of the node is told: files in `etc`, and its command line."""

import json
from pathlib import Path
from typing import Any

import yaml

from cluster.layout import CGROUP, DNS_ADDRESS, DOMAIN, NODE, NODE_ADDRESS, PODS, REGISTRY, SERVICES, Layout
from cluster.parts import Parts

CNI_PROGRAMS = "/usr/lib/cni"
PAUSE = f"{REGISTRY}/pause:1"
# Without these a program that is started again finds nobody to ask.
ETCD_PORT = 2379
RUN = "/run/containerd"
QUEUE = 100
# The first packet of each connection from or to a pod waits for the verdict of kube-network-policies; none is given: it is lost.
# The rules that its library would write itself want the kernel's nft_queue, which not every kernel has; these do the same.
# Questions to the DNS are let through: two at once from one socket, held up on their way, get into each other's way in the
# table of connections, one is lost, and whoever asked waits for five seconds.
JUDGED = (
    ("-p", "udp", "--dport", "53", "-j", "ACCEPT"),
    ("-m", "conntrack", "--ctstate", "NEW", "-j", "NFQUEUE", "--queue-num", str(QUEUE)),
)


def write_all(layout: Layout) -> None:
    (layout.etc / "cni").mkdir(parents=True)
    (layout.etc / "containerd.toml").write_text(containerd(layout))
    (layout.etc / "cni" / "10-anzhi.conflist").write_text(json.dumps(cni(), indent=1))
    (layout.etc / "kubelet.yaml").write_text(yaml.safe_dump(kubelet(layout)))
    (layout.etc / "kube-proxy.yaml").write_text(yaml.safe_dump(kube_proxy(layout)))
    (layout.etc / "resolv.conf").write_text("# The node asks nobody.\n")


def containerd(layout: Layout) -> str:
    return f"""\
version = 2
root = "{layout.containerd}"
state = "{RUN}"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper"]

[grpc]
  address = "{layout.socket}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  stream_server_address = "127.0.0.1"
  max_container_log_line_size = -1
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{CNI_PROGRAMS}"
    conf_dir = "{layout.etc / "cni"}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
"""


def cni() -> dict[str, Any]:
    """A cable per pod and every packet routed by the node: thus service addresses and policies hold between any two pods."""
    ranges = [[{"subnet": str(PODS)}]]
    return {
        "cniVersion": "0.4.0",
        "name": "anzhi-pods",
        "plugins": [
            {"type": "ptp", "ipMasq": False, "ipam": {"type": "host-local", "ranges": ranges, "routes": [{"dst": "0.0.0.0/0"}]}},
            {"type": "portmap", "capabilities": {"portMappings": True}},
        ],
    }


def kubelet(layout: Layout) -> dict[str, Any]:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": str(NODE_ADDRESS),
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(layout.pki / "ca.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(layout.pki / "kubelet.crt"),
        "tlsPrivateKeyFile": str(layout.pki / "kubelet.key"),
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{CGROUP}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "oomScoreAdj": 0,
        "localStorageCapacityIsolation": False,
        "enforceNodeAllocatable": [],
        "evictionHard": {"memory.available": "100Mi"},
        # Images are brought by hand and stay.
        "imageGCHighThresholdPercent": 100,
        "clusterDNS": [str(DNS_ADDRESS)],
        "clusterDomain": DOMAIN,
        "resolvConf": str(layout.etc / "resolv.conf"),
        "containerRuntimeEndpoint": f"unix://{layout.socket}",
        "volumePluginDir": "/var/lib/kubelet/plugins-of-volumes",
        "podLogsDir": "/var/log/pods",
        "registerNode": True,
    }


def kube_proxy(layout: Layout) -> dict[str, Any]:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "nftables",
        "clusterCIDR": str(PODS),
        "hostnameOverride": NODE,
        "clientConnection": {"kubeconfig": str(layout.pki / "kube-proxy.kubeconfig")},
        "conntrack": {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
    }


def commands(layout: Layout, parts: Parts) -> dict[str, list[str]]:
    """In the order in which they are started."""
    pki, program = layout.pki, {name: str(parts.program(name)) for name in NAMES if name != "containerd"}

    def own(name: str) -> str:
        return str(pki / f"{name}.kubeconfig")

    return {
        "etcd": [
            program["etcd"],
            f"--data-dir={layout.etcd}",
            f"--listen-client-urls=http://127.0.0.1:{ETCD_PORT}",
            f"--advertise-client-urls=http://127.0.0.1:{ETCD_PORT}",
            "--listen-peer-urls=http://127.0.0.1:2380",
            "--unsafe-no-fsync",
            "--log-level=warn",
        ],
        "containerd": ["containerd", "--config", str(layout.etc / "containerd.toml")],
        "kube-apiserver": [
            program["kube-apiserver"],
            f"--advertise-address={NODE_ADDRESS}",
            "--secure-port=6443",
            f"--etcd-servers=http://127.0.0.1:{ETCD_PORT}",
            f"--client-ca-file={pki / 'ca.crt'}",
            f"--tls-cert-file={pki / 'apiserver.crt'}",
            f"--tls-private-key-file={pki / 'apiserver.key'}",
            f"--kubelet-certificate-authority={pki / 'ca.crt'}",
            f"--kubelet-client-certificate={pki / 'apiserver-kubelet.crt'}",
            f"--kubelet-client-key={pki / 'apiserver-kubelet.key'}",
            "--kubelet-preferred-address-types=InternalIP",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            f"--service-cluster-ip-range={SERVICES}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={pki / 'accounts.pub'}",
            f"--service-account-signing-key-file={pki / 'accounts.key'}",
            "--profiling=false",
        ],
        "kube-controller-manager": [
            program["kube-controller-manager"],
            f"--kubeconfig={own('kube-controller-manager')}",
            "--bind-address=127.0.0.1",
            "--leader-elect=false",
            "--use-service-account-credentials=true",
            f"--root-ca-file={pki / 'ca.crt'}",
            f"--service-account-private-key-file={pki / 'accounts.key'}",
            f"--cluster-signing-cert-file={pki / 'ca.crt'}",
            f"--cluster-signing-key-file={pki / 'ca.key'}",
        ],
        "kube-scheduler": [
            program["kube-scheduler"],
            f"--kubeconfig={own('kube-scheduler')}",
            "--bind-address=127.0.0.1",
            "--leader-elect=false",
        ],
        "kubelet": [
            program["kubelet"],
            f"--config={layout.etc / 'kubelet.yaml'}",
            f"--kubeconfig={own('kubelet')}",
            f"--hostname-override={NODE}",
            f"--node-ip={NODE_ADDRESS}",
            "--root-dir=/var/lib/kubelet",
        ],
        "kube-proxy": [program["kube-proxy"], f"--config={layout.etc / 'kube-proxy.yaml'}"],
        "kube-network-policies": [
            program["kube-network-policies"],
            f"--kubeconfig={own('kube-network-policies')}",
            f"--hostname-override={NODE}",
            f"--nfqueue-id={QUEUE}",
        ],
    }


NAMES = (
    "etcd",
    "containerd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "kube-proxy",
    "kube-network-policies",
)


def bound(layout: Layout) -> dict[Path, str]:
    """Folders of ours and where the node sees them, so that it writes nothing into the machine's own."""
    return {
        layout.machine / "kubelet": "/var/lib/kubelet",
        layout.machine / "cni": "/var/lib/cni",
        layout.machine / "log": "/var/log",
    }


# The kubelet sets these for the whole machine; the node is shown files of its own with what it wants to read.
KERNEL_SETTINGS = {
    "/proc/sys/vm/overcommit_memory": "1",
    "/proc/sys/vm/panic_on_oom": "0",
    "/proc/sys/kernel/panic": "10",
    "/proc/sys/kernel/panic_on_oops": "1",
    "/proc/sys/kernel/keys/root_maxkeys": "1000000",
    "/proc/sys/kernel/keys/root_maxbytes": "25000000",
}
