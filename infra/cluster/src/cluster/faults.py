"""What a person is told in one sentence."""


class ClusterFault(Exception):
    """The cluster cannot be had as wished; the text says what to mend."""
