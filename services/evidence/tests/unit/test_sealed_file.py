import hashlib

import pytest
from evidence.adapters.clients import DocumentFileDiffers, check_sealed

PDF = b"%PDF-1.7 a sealed file"


def test_the_file_that_was_sealed_passes():
    check_sealed(PDF, hashlib.sha256(PDF).hexdigest(), "d1")


def test_a_file_cut_short_is_no_evidence():
    with pytest.raises(DocumentFileDiffers):
        check_sealed(PDF[:-1], hashlib.sha256(PDF).hexdigest(), "d1")
