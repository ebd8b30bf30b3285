# Debian's Python and what it needs, from the archive that `python infra/docker` makes. Nothing here needs a shell.
FROM scratch
ADD base.tar /
RUN ["/usr/bin/python3.11", "-m", "compileall", "-q", "-j", "2", "--invalidation-mode", "unchecked-hash", "/usr/lib/python3.11"]
