"""What every image must be. Each rule names what breaks it."""

from images.archive import Image
from images.foundation import USER

LIMIT_MB = 250
# Those that may be larger, and why.
LIMITS_MB: dict[str, tuple[int, str]] = {
    "documents": (380, "the typesetter (84 MB), the typeface as delivered and as converted (34 MB), and what reads and signs PDF (60 MB)"),
}
SHELLS = ("sh", "bash", "dash", "ash", "zsh", "busybox", "csh", "ksh")
PACKAGE_MANAGERS = ("apt", "apt-get", "dpkg", "pip", "pip3", "uv", "perl", "rpm", "apk", "conda")


def broken(name: str, image: Image) -> list[str]:
    limit, _ = LIMITS_MB.get(name, (LIMIT_MB, ""))
    found = []
    if image.size > limit * 1e6:
        found.append(f"{name}: {image.size / 1e6:.0f} MB, more than {limit}")
    if image.config.get("User") != f"{USER}:{USER}":
        found.append(f"{name}: runs as {image.config.get('User') or 'root'}, not as {USER}:{USER}")
    for path, entry in image.files.items():
        folder, _, program = path.rpartition("/")
        in_path = folder.split("/")[-1] in ("bin", "sbin")
        if in_path and program in SHELLS:
            found.append(f"{name}: a shell, /{path}")
        if in_path and program in PACKAGE_MANAGERS:
            found.append(f"{name}: a package manager, /{path}")
        if folder.endswith("site-packages") and program in ("pip", "ensurepip", "uv"):
            found.append(f"{name}: a package manager, /{path}")
        if entry.kind == b"0" and entry.mode & 0o6000:
            found.append(f"{name}: /{path} changes the user who runs it")
        if entry.kind == b"0" and entry.mode & 0o002:
            found.append(f"{name}: everybody may write /{path}")
    return found
