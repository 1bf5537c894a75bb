#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that no file of the repository ties it to one place.

Packages come through the machine's own package managers, so no file names the host of a package registry,
no lockfile says where a package was resolved, and no file holds an absolute path of a developer's machine.
The names are put together here from parts, so that this file passes its own check. Text that must hold such
a path, as data, is listed in tools/check_hosts_allow.txt: `FILE-OR-FOLDER/ KIND  # why`.
"""
import json
import re
import sys
from pathlib import Path

from checklib import finish, our_files, read_text, root_argument

_HOST_PARTS = [
    ('registry', 'npmjs'), ('npmjs', 'org'), ('npmjs', 'com'), ('registry', 'yarnpkg'), ('npm', 'pkg', 'github'),
    ('deb', 'debian', 'org'), ('security', 'debian', 'org'), ('snapshot', 'debian', 'org'),
    ('ftp', 'debian', 'org'), ('archive', 'ubuntu', 'com'), ('deb', 'nodesource', 'com'),
    ('pypi', 'org'), ('files', 'pythonhosted', 'org'), ('static', 'crates', 'io'), ('index', 'crates', 'io'),
    ('proxy', 'golang', 'org'), ('rubygems', 'org'), ('repo', 'maven'), ('npm', 'jsr', 'io'),
    ('unpkg', 'com'), ('jsdelivr', 'net'), ('esm', 'sh'), ('registry', 'docker', 'io'), ('ghcr', 'io'),
]
_HOST = re.compile(r'(?<![\w-])(?:%s)(?![\w-])' % '|'.join(r'\.'.join(parts) for parts in _HOST_PARTS), re.I)
# A path that only a developer's machine has. Made-up paths of tests may begin in the same way.
_PATH = re.compile(r'(?:(?<![\w.$~/-])|(?<=-[IL]))/(?:%s)' % '|'.join(['wo' + r'rk/(?:main|shared|\.)', 'ro' + 'ot/']))
_RESOLVED = re.compile(r'^\s*"resol' + r'ved"\s*:', re.M)
_ALLOW_FILE = 'tools/check_hosts_allow.txt'


def read_allowed(root):
    """{(file or folder/, kind)} from the list of exceptions."""
    path, allowed = root / _ALLOW_FILE, set()
    if path.exists():
        for line in read_text(path).splitlines():
            words = line.split('#')[0].split()
            if words:
                allowed.add(tuple(words))
    return allowed


def is_allowed(name, kind, allowed):
    return any(kind == allowed_kind and (name == place or (place.endswith('/') and name.startswith(place)))
               for place, allowed_kind in allowed)


def judge(name, text, allowed):
    """Yields one line for each find in a file."""
    for kind, pattern, sentence in (('host', _HOST, 'names the host of a package registry'),
                                    ('path', _PATH, 'holds a path of one machine')):
        if is_allowed(name, kind, allowed):
            continue
        for match in pattern.finditer(text):
            line = text.count('\n', 0, match.start()) + 1
            yield f'{name}:{line}: {sentence}: {match[0]}'
    if re.search(r'(package-lock|npm-shrinkwrap)\.json$', name):
        match = _RESOLVED.search(text)
        if match:
            line = text.count('\n', 0, match.start()) + 1
            yield f'{name}:{line}: says where packages were resolved; js/.npmrc turns that off'
        try:
            json.loads(text)
        except ValueError as error:
            yield f'{name}: is not JSON: {error}'


def main(root):
    allowed, problems, files = read_allowed(root), [], our_files(root)
    for path in files:
        data = (root / path).read_bytes()
        if b'\0' not in data[:8192]:
            problems += judge(path.as_posix(), data.decode('utf-8', 'replace'), allowed)
    return finish('hosts', problems, f'{len(files)} files')


if __name__ == '__main__':
    sys.exit(main(root_argument()))
