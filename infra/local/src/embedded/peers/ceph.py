"""Ceph RGW of Debian: a monitor, a manager, one OSD on a sparse file, and the S3 gateway before them.

All four on one machine and without keys among themselves; what the gateway serves is asked for with keys.
"""

import shutil
import subprocess
import uuid
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from embedded.backing.object_store import ObjectStore
from embedded.backing.part import Part, is_open
from embedded.child import spawn
from embedded.state import State

USER = "anzhi"
# Measured: with the usual intervals of the monitor the first start takes 15 s, with these 9 s. The gateway insists on
# encryption between it and the monitor, which there is not without keys: hence ms_mon_client_mode.
SETTINGS = """\
[global]
fsid = {fsid}
mon_host = [v2:127.0.0.1:{port}]
mon_initial_members = a
public_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
ms_mon_client_mode = crc
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_objectstore = bluestore
bluestore_block_size = 10737418240
osd_memory_target = 939524096
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_data_avail_warn = 1
mon_data_avail_crit = 1
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
rgw_user_max_buckets = 100000
debug_rgw = 0
rgw_enable_usage_log = false
rgw_run_sync_thread = false
admin_socket =
pid_file =
log_file =
mon_cluster_log_file =
log_to_stderr = true
err_to_stderr = true
debug_rocksdb = 0
keyring = {folder}/keyring
mon_data = {folder}/mon
mgr_data = {folder}/mgr
osd_data = {folder}/osd
"""


class Cluster:
    """What the four have in common."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def folder(self) -> Path:
        return self.state.path("ceph")

    @cached_property
    def port(self) -> int:
        """Of the monitor. It stands in the monitor's own map, so that it cannot be another later."""
        known = self.state.recall("ceph.mon")
        port = int(known) if known else self.state.port("ceph.mon")
        self.state.remember("ceph.mon", str(port))
        return port

    @property
    def fsid(self) -> str:
        known = self.state.recall("ceph.fsid") or str(uuid.uuid4())
        self.state.remember("ceph.fsid", known)
        return known

    @property
    def settings(self) -> Path:
        path = self.folder / "ceph.conf"
        path.write_text(SETTINGS.format(fsid=self.fsid, port=self.port, folder=self.folder))
        return path


class CephPart(Part):
    patience = 5.0
    ready_within = 120.0

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(cluster.state)
        self.cluster = cluster

    @property
    def data(self) -> Path:
        return self.cluster.folder / self.name.removeprefix("ceph-")

    @property
    def url(self) -> str:
        """They speak to each other only; that of the monitor is known."""
        return f"v2://127.0.0.1:{self.cluster.port}"

    def ceph(self, *words: str | Path) -> subprocess.Popen[bytes]:
        argv = [words[0], "-c", self.cluster.folder / "ceph.conf", *words[1:]]
        return spawn(argv, log=self.log, env=self.environment, cwd=self.cluster.folder)

    async def once(self, *words: str | Path) -> None:
        await self.run_once(self.ceph(*words))

    def forget(self) -> None:
        shutil.rmtree(self.cluster.folder, ignore_errors=True)


class Monitor(CephPart):
    name = "ceph-mon"

    async def prepare(self, say: Callable[[str], None]) -> None:
        settings = self.cluster.settings
        if (self.data / "done").exists():
            return
        say("making the monitor")
        folder = self.cluster.folder
        shutil.rmtree(self.data, ignore_errors=True)
        for file in ("keyring", "map"):
            (folder / file).unlink(missing_ok=True)
        self.data.mkdir()
        address = f"[v2:127.0.0.1:{self.cluster.port}]"
        keyring = ("ceph-authtool", "--create-keyring", settings.with_name("keyring"), "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
        await self.run_once(spawn(keyring, log=self.log, env=self.environment, cwd=folder))
        monmap = ("monmaptool", "--create", "--addv", "a", address, "--fsid", self.cluster.fsid, folder / "map")
        await self.run_once(spawn(monmap, log=self.log, env=self.environment, cwd=folder))
        await self.once("ceph-mon", "--mkfs", "-i", "a", "--monmap", folder / "map")
        (self.data / "done").touch()

    def launch(self) -> subprocess.Popen[bytes]:
        return self.ceph("ceph-mon", "-f", "-i", "a")

    async def answers(self) -> bool:
        return await is_open(self.cluster.port)


class Manager(CephPart):
    name = "ceph-mgr"

    def __init__(self, cluster: Cluster, monitor: Monitor) -> None:
        super().__init__(cluster)
        self.monitor = monitor

    async def prepare(self, say: Callable[[str], None]) -> None:
        await self.monitor.launched.wait()
        self.data.mkdir(exist_ok=True)

    def launch(self) -> subprocess.Popen[bytes]:
        return self.ceph("ceph-mgr", "-f", "-i", "a")

    async def answers(self) -> bool:
        """It watches; nothing that is served goes through it."""
        return await self.monitor.answers()


class Osd(CephPart):
    name = "ceph-osd"

    def __init__(self, cluster: Cluster, monitor: Monitor) -> None:
        super().__init__(cluster)
        self.monitor = monitor

    async def prepare(self, say: Callable[[str], None]) -> None:
        await self.monitor.launched.wait()
        if (self.data / "done").exists():
            return
        say("making the store")
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir()
        number = self.state.recall("ceph.osd") or str(uuid.uuid4())
        self.state.remember("ceph.osd", number)
        await self.once("ceph", "--connect-timeout", "60", "osd", "new", number)
        await self.once("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", number)
        (self.data / "done").touch()

    def launch(self) -> subprocess.Popen[bytes]:
        return self.ceph("ceph-osd", "-f", "-i", "0")

    async def answers(self) -> bool:
        """Whether it stores is asked of the gateway."""
        return self.child is not None and self.child.poll() is None


class CephRGW(ObjectStore):
    name = "ceph-rgw"
    patience = 5.0
    ready_within = 120.0

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.cluster = Cluster(state)
        monitor = Monitor(self.cluster)
        self.osd = Osd(self.cluster, monitor)
        self.below = (monitor, Manager(self.cluster, monitor), self.osd)

    async def prepare(self, say: Callable[[str], None]) -> None:
        await self.osd.launched.wait()
        if self.state.recall("ceph.user"):
            return
        say("making the pools")
        words = ("radosgw-admin", "user", "create", "--uid", USER, "--display-name", USER)
        # With the secret on the command line for a moment: it is made for this machine and serves nowhere else.
        await self.run_once(self._spawn(*words, "--access-key", self.access_key, "--secret-key", self.secret_key))
        self.state.remember("ceph.user", USER)

    def launch(self) -> subprocess.Popen[bytes]:
        self.port = self.state.port(self.name)
        # Without tcp_nodelay it answers 23 requests a second, with it 777 (measured).
        return self._spawn("radosgw", "-f", "-n", "client.admin", "--rgw-frontends", f"beast endpoint=127.0.0.1:{self.port} tcp_nodelay=1")

    def _spawn(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        argv: list[str | Path] = [program, "-c", self.cluster.folder / "ceph.conf", *words]
        return spawn(argv, log=self.log, env=self.environment, cwd=self.cluster.folder)
