"""Verifies transfer packs (docs/formats/transfer-pack.md). Depends on nothing of the platform."""

from anzhi_verifier.pack import verify
from anzhi_verifier.verdict import Report, Wrong

__all__ = ["Report", "Wrong", "verify"]
