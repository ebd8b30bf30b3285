"""Secrets and signatures of Standard Webhooks (https://www.standardwebhooks.com): symmetric, v1."""

import base64
import hashlib
import hmac


class Secrets:
    """The secret of an endpoint follows from the key of this installation and its id: it is stored nowhere."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def of(self, endpoint_id: object) -> bytes:
        return hmac.digest(self._key, f"webhook endpoint {endpoint_id}".encode(), hashlib.sha256)

    def text(self, endpoint_id: object) -> str:
        return f"whsec_{base64.b64encode(self.of(endpoint_id)).decode()}"

    def signature(self, endpoint_id: object, message_id: str, timestamp: int, body: str) -> str:
        content = f"{message_id}.{timestamp}.{body}".encode()
        return f"v1,{base64.b64encode(hmac.digest(self.of(endpoint_id), content, hashlib.sha256)).decode()}"
