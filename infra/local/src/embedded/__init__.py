"""The whole platform on one machine: its backing parts and its services, as children of one supervisor."""

from embedded.backing import Addresses, Backing, PartFailed, given_in_environment

__all__ = ["Addresses", "Backing", "PartFailed", "given_in_environment"]
