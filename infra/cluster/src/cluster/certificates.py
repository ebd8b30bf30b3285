"""The authority of the cluster, and who is whom in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cluster.layout import API, DOMAIN, KUBERNETES_ADDRESS, NODE, NODE_ADDRESS, Layout

GOOD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Person:
    """A client or server by the name and the group that Kubernetes knows it by."""

    file: str
    name: str
    group: str | None = None
    hosts: Sequence[str | IPv4Address] = ()


ADMIN = Person("admin", "anzhi-admin", "system:masters")
PEOPLE = (
    ADMIN,
    Person("apiserver", "kube-apiserver", hosts=(
        "kubernetes", "kubernetes.default", "kubernetes.default.svc", f"kubernetes.default.svc.{DOMAIN}", "localhost",
        KUBERNETES_ADDRESS, NODE_ADDRESS, IPv4Address("127.0.0.1"),
    )),
    Person("apiserver-kubelet", "kube-apiserver-kubelet-client", "system:masters"),
    Person("kubelet", f"system:node:{NODE}", "system:nodes", (NODE, NODE_ADDRESS)),
    Person("kube-controller-manager", "system:kube-controller-manager"),
    Person("kube-scheduler", "system:kube-scheduler"),
    Person("kube-proxy", "system:kube-proxy"),
    Person("kube-network-policies", "kube-network-policies"),
)  # fmt: skip


def make_all(layout: Layout) -> None:
    layout.pki.mkdir(parents=True, mode=0o700)
    authority = Authority(layout.pki)
    for person in PEOPLE:
        authority.certify(person)
    key = ec.generate_private_key(ec.SECP256R1())
    _write_key(layout.pki / "accounts.key", key)
    (layout.pki / "accounts.pub").write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    for person in PEOPLE:
        write_kubeconfig(layout.pki / f"{person.file}.kubeconfig", layout.pki, person)
    write_kubeconfig(layout.kubeconfig, layout.pki, ADMIN)


class Authority:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "anzhi-cluster")])
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        constraint = x509.BasicConstraints(ca=True, path_length=None)
        made = self._builder(self.name, self.key).add_extension(constraint, critical=True).add_extension(usage, critical=True)
        self._write("ca", made.sign(self.key, hashes.SHA256()), self.key)

    def certify(self, person: Person) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.NameAttribute(NameOID.COMMON_NAME, person.name)]
        if person.group is not None:
            names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, person.group))
        uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH])
        made = self._builder(x509.Name(names), key).add_extension(uses, critical=False)
        if person.hosts:
            hosts = [x509.DNSName(host) if isinstance(host, str) else x509.IPAddress(host) for host in person.hosts]
            made = made.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        self._write(person.file, made.sign(self.key, hashes.SHA256()), key)

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + GOOD_FOR)
        )

    def _write(self, file: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        (self.folder / f"{file}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        _write_key(self.folder / f"{file}.key", key)


def write_kubeconfig(path: Path, pki: Path, person: Person) -> None:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": NODE,
        "clusters": [{"name": NODE, "cluster": {"server": API, "certificate-authority": str(pki / "ca.crt")}}],
        "users": [
            {
                "name": person.name,
                "user": {"client-certificate": str(pki / f"{person.file}.crt"), "client-key": str(pki / f"{person.file}.key")},
            }
        ],
        "contexts": [{"name": NODE, "context": {"cluster": NODE, "user": person.name}}],
    }
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(config, sort_keys=False))


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    # As Go's readers want it for the keys of accounts.
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    )
