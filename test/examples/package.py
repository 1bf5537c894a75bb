#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Brings pi's published examples into .deps/, once; npm finds the package by its name.

    python3 test/examples/package.py

Exit code 0 when they are there, 1 with one line that says why not.
"""
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = '@earendil-works/pi-coding-agent@1.5.2'
TARBALL_SHA256 = '691bde186273b457d9d1c41d0fd47b57853b5e85ded1add1a1f6b78e66c261f4'
EXAMPLES = 'package/examples/extensions'
CACHE = Path(__file__).resolve().parents[2] / '.deps' / 'pi-examples'
# Examples that say in their package.json what else they need; pi's recording had it installed for these.
WITH_DEPENDENCIES = ('custom-provider-anthropic', 'with-deps')
FETCH_SECONDS_MAX = 300
INSTALL = ('npm', 'install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock',
           '--prefer-offline')


class Unavailable(Exception):
    """The examples are not here and cannot be brought; the text says why."""


def _run(command, folder):
    try:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=FETCH_SECONDS_MAX, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f'{command[0]}: {error}') from None
    if done.returncode != 0:
        errors = [line for line in done.stdout.splitlines() if 'error' in line.lower()] or ['it failed']
        raise Unavailable(f'{" ".join(command[:2])}: {errors[0]}')


def _fetch(folder):
    """Unpacks the examples of the tarball into `folder`, whole or not at all."""
    fresh = folder.with_name('extensions.new')
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        _run(['npm', 'pack', PACKAGE], fresh)
        tarball = next(fresh.glob('*.tgz'))
        digest = hashlib.sha256(tarball.read_bytes()).hexdigest()
        if digest != TARBALL_SHA256:
            raise Unavailable(f'{PACKAGE} has the digest {digest}, which is not the published one')
        _run(['tar', '-xzf', tarball.name, EXAMPLES], fresh)
        (fresh / EXAMPLES).rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def examples_folder(package=None):
    """The folder of the examples as shipped: of an unpacked package, of the cache, or freshly fetched."""
    if package:
        folder = Path(package).resolve() / 'examples' / 'extensions'
        if not folder.is_dir():
            raise Unavailable(f'{folder} is no folder')
        return folder
    folder = CACHE / 'extensions'
    if not folder.is_dir():
        _fetch(folder)
    return folder


def installed(examples, name):
    """A copy of the example with its npm dependencies beside it."""
    manifest = json.loads((examples / name / 'package.json').read_text())
    folder = CACHE / 'installed' / f'{name}-{manifest["version"]}'
    if folder.is_dir():
        return folder
    fresh = folder.with_name(name + '.new')
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(examples / name, fresh)
    try:
        _run(INSTALL, fresh)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def main():
    try:
        folder = examples_folder()
    except Unavailable as error:
        print(f'skipped: {PACKAGE} cannot be fetched: {error}')
        return 1
    for name in WITH_DEPENDENCIES:
        try:
            installed(folder, name)
        except Unavailable as error:
            print(f'{name} stays without its dependencies: {error}')
    print(folder)
    return 0


if __name__ == '__main__':
    sys.exit(main())
