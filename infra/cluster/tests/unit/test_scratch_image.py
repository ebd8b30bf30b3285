import hashlib
import json
import tarfile
from pathlib import Path

import yaml
from cluster import objects, scratch_image
from cluster.layout import VOLUMES, Layout


def test_the_archive_holds_the_one_program_and_names_it(tmp_path: Path):
    (tmp_path / "pause").write_bytes(b"a program")

    scratch_image.write(tmp_path / "pause.tar", "localhost/x/pause:1", tmp_path / "pause")

    with tarfile.open(tmp_path / "pause.tar") as archive:
        manifest = json.load(archive.extractfile("manifest.json"))[0]
        config = json.load(archive.extractfile(manifest["Config"]))
        layer = archive.extractfile(manifest["Layers"][0]).read()
        with tarfile.open(fileobj=archive.extractfile(manifest["Layers"][0])) as inside:
            assert inside.getnames() == ["pause"]
            assert inside.getmember("pause").mode & 0o111
    assert manifest["RepoTags"] == ["localhost/x/pause:1"]
    assert config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(layer).hexdigest()}"]
    assert config["config"]["Entrypoint"] == ["/pause"]


def test_there_is_a_folder_of_the_node_for_every_volume(tmp_path: Path):
    made = list(yaml.safe_load_all(objects.all_of_them(Layout(tmp_path))))

    volumes = [one for one in made if one["kind"] == "PersistentVolume"]
    assert len({one["spec"]["local"]["path"] for one in volumes}) == VOLUMES
    assert {one["spec"]["persistentVolumeReclaimPolicy"] for one in volumes} == {"Retain"}
    assert len({(one["kind"], one["metadata"]["name"]) for one in made}) == len(made)
