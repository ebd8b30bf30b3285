"""The sealed file, held against foreign programs: veraPDF, pdfsig, zbar, pyHanko."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from documents.adapters.press import Press
from documents.adapters.sealing import SealKeyMissing, make_seal_keys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from servicekit.faults import Unavailable

from ..preview import job  # noqa: TID252
from ..samples import WITH_TEMPLATE  # noqa: TID252
from .conftest import FONTS, ISSUER
from .verapdf import problems_of

URL = "https://anzhi.example/v/"


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="module")
async def printed(tmp_path_factory):
    """Every template, sealed."""
    folder, keys = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("keys")
    make_seal_keys(keys, {ISSUER: "东莞市应急管理局"})
    async with Press(fonts=FONTS, keys=keys) as press:
        await press.ready()
        for form_id in WITH_TEMPLATE:
            (folder / f"{form_id}.pdf").write_bytes((await press.print(job(form_id))).pdf)
    return folder, keys


@pytest.mark.parametrize("form_id", WITH_TEMPLATE)
def test_every_template_is_pdf_a_2b_after_signing(printed, form_id):
    assert problems_of(printed[0] / f"{form_id}.pdf") == []


@pytest.mark.parametrize("form_id", WITH_TEMPLATE)
def test_outlines_are_truetype_and_embedded(printed, form_id):
    listed = subprocess.run(
        [program("pdffonts"), printed[0] / f"{form_id}.pdf"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]

    assert listed
    assert all("TrueType" in line for line in listed)


def test_pdfsig_agrees(printed):
    told = subprocess.run([program("pdfsig"), printed[0] / "F34.pdf"], capture_output=True, text=True, check=False).stdout

    assert "Signature is Valid" in told
    assert "ETSI.CAdES.detached" in told
    assert "Total document signed" in told


def test_the_signature_is_trusted_by_the_authority_and_finds_one_changed_byte(printed):
    folder, keys = printed
    content = (folder / "F34.pdf").read_bytes()

    whole, changed = (_status(data, keys) for data in (content, content.replace(b"/CreationDate", b"/CreationDatf", 1)))

    assert whole.intact
    assert whole.valid
    assert whole.trusted
    assert not changed.intact


def _status(content: bytes, keys: Path):
    from asn1crypto import pem, x509

    _, _, authority = pem.unarmor((keys / "authority.cert.pem").read_bytes())
    context = ValidationContext(trust_roots=[x509.Certificate.load(authority)], allow_fetching=False)
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    return validate_pdf_signature(signature, context)


def test_a_form_without_seal_is_frozen_without_signature(printed):
    assert list(PdfFileReader(io.BytesIO((printed[0] / "F30.pdf").read_bytes())).embedded_signatures) == []


@pytest.mark.parametrize("form_id", ["F03", "F34", "F48"])
def test_zbar_reads_the_code(printed, form_id, tmp_path):
    picture = tmp_path / "page"
    subprocess.run([program("pdftoppm"), "-r", "200", "-png", "-f", "1", "-l", "1", printed[0] / f"{form_id}.pdf", picture], check=True)
    (page,) = tmp_path.glob("page*.png")

    read = subprocess.run([program("zbarimg"), "-q", "--raw", page], capture_output=True, text=True, check=True).stdout.strip()

    assert read.startswith(URL)
    document_id, digest = read.removeprefix(URL).split("#")
    text = subprocess.run([program("pdftotext"), printed[0] / f"{form_id}.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert len(digest) == 16
    assert digest in text.replace(" ", "")
    assert len(document_id) == 36


async def test_the_same_document_printed_twice_differs_in_its_signature_alone(printed):
    async with Press(fonts=FONTS, keys=printed[1], processes=1) as press:
        first, second = await press.print(job("F30")), await press.print(job("F30"))

    assert first.sha256 == second.sha256


async def test_a_press_process_that_dies_is_replaced(printed):
    async with Press(fonts=FONTS, keys=printed[1], processes=1) as press:
        await press.ready()
        for process in list(press._pool._processes.values()):
            process.kill()

        with pytest.raises(Unavailable):
            await press.print(job("F30"))

        assert (await press.print(job("F30"))).pages == 1


async def test_an_issuer_without_key_is_refused_by_reason(tmp_path):
    async with Press(fonts=FONTS, keys=tmp_path, processes=1) as press:
        with pytest.raises(SealKeyMissing):
            await press.print(job("F34"))


def test_the_tool_makes_keys_once_and_nobody_else_reads_them(tmp_path):
    command = [sys.executable, "-m", "documents", "make-seal-keys", tmp_path / "keys", "4404=珠海市香洲区应急管理局"]

    first = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    again = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert len(first.splitlines()) == 2
    assert again == ""
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "keys").rglob("*.key.pem")} == {0}
