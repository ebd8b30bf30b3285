"""What this machine knows of its network (index, proxy, authorities): handed to a build, never kept in an image or in the project."""

import configparser
import json
import os
import ssl
from pathlib import Path

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy")
INDEX = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")


def authorities() -> Path | None:
    """The system's bundle, where a company's own authority is."""
    named = [os.environ.get(name) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT")]
    known = [ssl.get_default_verify_paths().cafile, "/etc/ssl/certs/ca-certificates.crt"]
    return next((Path(path) for path in (*named, *known) if path and Path(path).is_file()), None)


def told() -> str:
    """The settings as JSON: names of variables for uv."""
    settings = {name: os.environ[name] for name in PROXIES if os.environ.get(name)}
    index = index_url()
    if index:
        settings["UV_DEFAULT_INDEX"] = index
    return json.dumps(settings, sort_keys=True)


def index_url() -> str | None:
    for name in INDEX:
        if os.environ.get(name):
            return os.environ[name]
    places = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf", os.environ.get("PIP_CONFIG_FILE", ""))
    settings = configparser.ConfigParser(interpolation=None)
    settings.read([Path(place).expanduser() for place in places if place])
    return settings.get("global", "index-url", fallback=None)


def uv_environment() -> dict[str, str]:
    environment = {"UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never", **os.environ}
    environment.pop("VIRTUAL_ENV", None)
    return environment
