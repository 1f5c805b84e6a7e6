"""Make the signed Debian package of the frozen program, or try it out in a Debian of its own.

    make deb              after `make package`: dist/dermstation_VERSION_amd64.deb, verified
    make deb-test         install, use, upgrade and purge it in a fresh Debian; print one table

Without --key the package is signed with a key that is made here and says TEST.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deb_trial import try_out

from dermstation import __version__

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAME = "dermstation TEST key, not trusted"
MAINTAINER = "dermstation <support@example.invalid>"  # given by who builds a release
_MB = 1_000_000
_ELF = b"\x7fELF"
_OF_LIBC = re.compile(rb"\0GLIBC_2\.(\d+)(?=\0)")  # the name of a version, as a library asks for it
# Two blocks for all files, and calls within code written so that they repeat: 8 % less than `-6`.
PACKED = ("--threads=2", "--x86", "--lzma2=preset=9e")
_POLICY = """\
<?xml version="1.0"?>
<!DOCTYPE Policy SYSTEM "https://www.debian.org/debsig/1.0/policy.dtd">
<Policy xmlns="https://www.debian.org/debsig/1.0/">
  <Origin Name="dermstation" id="{key}" Description="the key of this package"/>
  <Selection><Required Type="origin" File="{key}.gpg" id="{key}"/></Selection>
  <Verification><Required Type="origin" File="{key}.gpg" id="{key}"/></Verification>
</Policy>
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tree", type=Path, default=ROOT / "dist" / "dermstation")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--maintainer", default=MAINTAINER)
    parser.add_argument("--key", type=Path, help="an OpenPGP secret key, instead of a test's")
    parser.add_argument("--try-out", action="store_true", help="try it in a fresh Debian")
    wanted = parser.parse_args()
    if not wanted.tree.is_dir():
        sys.exit(f"{wanted.tree} is not there: make package")
    out = wanted.out.resolve()
    keys = out / "deb-key"
    key = wanted.key or test_key(keys)

    def make(version: str) -> Path:
        return build(wanted.tree.resolve(), out, key, version, wanted.maintainer)

    if wanted.try_out:
        return try_out(make, lambda file: is_signed(file, keys), out)
    made = make(__version__)
    verified = is_signed(made, keys) if wanted.key is None else "with your own tools"
    print(f"{made.name}: {made.stat().st_size / _MB:.0f} MB, signature verified: {verified}")
    return 0 if verified else 1


def build(tree: Path, out: Path, key: Path, version: str, maintainer: str) -> Path:
    """Make the package of a version; return it."""
    made = out / f"dermstation_{version}_amd64.deb"
    facts = {
        "DERMSTATION_LIBC": f"2.{newest_libc(tree)}",
        "DERMSTATION_MAINTAINER": maintainer,
        "DERMSTATION_TREE": tree,
        "DERMSTATION_VERSION": version,
    }
    words = ["package", "--config", HERE / "nfpm.yaml", "--target", made]
    variables = {**os.environ, **{name: str(value) for name, value in facts.items()}}
    program = Path(sys.executable).with_name("nfpm")
    call(program, *words, "--packager", "deb", cwd=ROOT, env=variables)
    pack(made, key)
    return made


def newest_libc(tree: Path) -> int:
    """Return the least release 2.x of the C library that has all that the tree's files ask for.

    It is that of the Debian or Ubuntu on which they were frozen, or an earlier one.
    """
    files = (one.read_bytes() for one in tree.rglob("*") if one.is_file())
    return max(
        int(number)
        for content in files
        if content.startswith(_ELF)
        for number in _OF_LIBC.findall(content)
    )


def pack(package: Path, key: Path) -> None:
    """Compress what is in a package, and sign it, as debsigs does.

    nfpm packs by one processor in a quarter of an hour, or a third larger.
    """
    with tempfile.TemporaryDirectory(dir=package.parent) as scratch:
        inside = Path(scratch)
        call("ar", "x", package, cwd=inside)
        call("xz", *PACKED, "data.tar", cwd=inside)
        parts = ("debian-binary", "control.tar.gz", "data.tar.xz")
        whole = inside / "whole"
        with whole.open("wb") as signed:
            for part in parts:
                signed.write((inside / part).read_bytes())
        home = inside / "home"
        home.mkdir(mode=0o700)
        gpg = ("gpg", "--homedir", home, "--batch", "--quiet")
        call(*gpg, "--import", key)
        call(*gpg, "--output", inside / "_gpgorigin", "--detach-sign", whole)
        package.unlink()
        call("ar", "rcD", package, *parts, "_gpgorigin", cwd=inside)


def test_key(folder: Path) -> Path:
    """Return the secret key for tests; make it if it is missing."""
    secret = folder / "secret.asc"
    if not secret.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        gpg = ("gpg", "--homedir", folder, "--batch", "--quiet")
        call(*gpg, "--passphrase", "", "--quick-generate-key", NAME, "rsa3072", "sign", "never")
        call(*gpg, "--export", "--output", folder / "public.gpg", NAME)
        call(*gpg, "--export-secret-keys", "--armor", "--output", secret, NAME)
    return secret


def is_signed(file: Path, keys: Path) -> bool:
    """Return whether a package is as the test key signed it, by debsig-verify."""
    told = call("gpg", "--homedir", keys, "--batch", "--with-colons", "--list-keys", NAME)
    fingerprint = next(line for line in told.splitlines() if line.startswith("fpr")).split(":")[9]
    key = fingerprint[-16:]
    for kind, name in (("policies", "dermstation.pol"), ("keyrings", f"{key}.gpg")):
        (keys / kind / key).mkdir(parents=True, exist_ok=True)
        place = keys / kind / key / name
        if kind == "policies":
            place.write_text(_POLICY.format(key=key))
        else:
            shutil.copyfile(keys / "public.gpg", place)
    folders = ("--policies-dir", keys / "policies", "--keyrings-dir", keys / "keyrings")
    words = [str(one) for one in ("debsig-verify", *folders, file)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def call(*words: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    told = subprocess.run(
        [str(one) for one in words], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if told.returncode:
        sys.exit(f"{words[0]} failed: {told.stderr[-800:]}")
    return told.stdout


if __name__ == "__main__":
    sys.exit(main())
