import ssl
from pathlib import Path

import pytest
import yaml
from cluster import certificates
from cluster.layout import API, NODE, NODE_ADDRESS, Layout
from cryptography import x509
from cryptography.x509.oid import NameOID


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / "cluster")
    made.folder.mkdir()
    certificates.make_all(made)
    return made


def read(layout: Layout, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((layout.pki / f"{name}.crt").read_bytes())


@pytest.mark.parametrize("person", certificates.PEOPLE, ids=lambda person: person.file)
def test_the_authority_vouches_for_everyone(layout: Layout, person: certificates.Person):
    read(layout, person.file).verify_directly_issued_by(read(layout, "ca"))


def test_the_kubelet_is_known_as_the_node(layout: Layout):
    subject = read(layout, "kubelet").subject

    assert [name.value for name in subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == [f"system:node:{NODE}"]
    assert [name.value for name in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)] == ["system:nodes"]


def test_only_the_administrator_and_the_server_itself_are_masters(layout: Layout):
    masters = {
        person.file
        for person in certificates.PEOPLE
        for name in read(layout, person.file).subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        if name.value == "system:masters"
    }
    assert masters == {"admin", "apiserver-kubelet"}


def test_the_server_answers_to_its_addresses(layout: Layout):
    hosts = read(layout, "apiserver").extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert NODE_ADDRESS in hosts.get_values_for_type(x509.IPAddress)
    assert "kubernetes.default.svc" in hosts.get_values_for_type(x509.DNSName)


def test_keys_are_for_nobody_elses_eyes_and_fit_their_certificates(layout: Layout):
    for person in certificates.PEOPLE:
        key = layout.pki / f"{person.file}.key"
        assert key.stat().st_mode & 0o077 == 0
        ssl.create_default_context().load_cert_chain(layout.pki / f"{person.file}.crt", key)


def test_the_kubeconfig_leads_to_the_node(layout: Layout):
    told = yaml.safe_load(layout.kubeconfig.read_text())

    assert told["clusters"][0]["cluster"]["server"] == API
    assert Path(told["users"][0]["user"]["client-key"]).exists()
    assert layout.kubeconfig.stat().st_mode & 0o077 == 0
