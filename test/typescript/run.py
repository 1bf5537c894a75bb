#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares isopod's TypeScript with esbuild's: see README.md in this folder.

    python3 test/typescript/run.py --strip build/release/isopod_strip [--package DIR_OR_TARBALL]

Cases run both ways must print the same. Of the npm package of pi, every file must come out as the
same program. What cannot be compared here is skipped, and said so.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ESBUILD = ROOT / "js" / "node_modules" / "esbuild"
PACKAGE = "@earendil-works/pi-coding-agent"


def skip(reason):
    print(f"SKIPPED: {reason}")


def fetch_package(folder):
    """The unpacked package, or None without npm or network."""
    if shutil.which("npm") is None:
        return None
    done = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True, timeout=300
    )
    tarballs = sorted(folder.glob("*.tgz"))
    return unpack(tarballs[0], folder) if done.returncode == 0 and tarballs else None


def unpack(tarball, folder):
    shutil.unpack_archive(tarball, folder / "unpacked", "gztar", filter="data")
    return folder / "unpacked"


def package_files(given, folder):
    if given is not None and given.is_file():
        given = unpack(given, folder)
    package = given if given is not None else fetch_package(folder)
    if package is None:
        skip(f"the npm package {PACKAGE} cannot be fetched; name a copy with --package")
        return []
    return sorted(
        path
        for path in package.rglob("*.ts")
        if not path.name.endswith((".d.ts", ".d.mts")) and "node_modules" not in path.parts
    )


def compare(arguments, folder):
    request = {
        "esbuild": str(ESBUILD),
        "strip": str(arguments.strip.resolve()),
        "scratch": str(folder / "scratch"),
        "run": [str(path) for path in sorted((HERE / "cases").glob("*.ts"))],
        "normalize": [str(path) for path in package_files(arguments.package, folder)],
    }
    done = subprocess.run(
        ["node", str(HERE / "compare.mjs")],
        input=json.dumps(request),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strip", type=pathlib.Path, required=True, help="the isopod_strip program")
    parser.add_argument("--package", type=pathlib.Path, help="pi's package, unpacked or as a tarball")
    arguments = parser.parse_args()
    if shutil.which("node") is None or not ESBUILD.is_dir():
        skip("node or js/node_modules/esbuild is missing; run 'npm ci' in js")
        return 0
    with tempfile.TemporaryDirectory() as name:
        results = compare(arguments, pathlib.Path(name).resolve())
    problems = [result for result in results if result["problem"] is not None]
    for result in problems:
        print(f"FAILED: {result['file']}: {result['problem']}")
    print(f"{len(results) - len(problems)} of {len(results)} files agree")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
