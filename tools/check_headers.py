#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that each header compiles alone. check_headers.py ROOT BUILD_DIR

A header that some source file includes first is proved by the build of that file. Every other one is
compiled here with the flags that BUILD_DIR/compile_commands.json has for its room; what passed is remembered
in build/headers by the hash of everything it includes.
"""
import json
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import os

from checklib import Closures, finish, includes_of, our_files, read_text


def proved_by_build(root, files):
    """The include paths that some compiled source includes before anything else."""
    proved = set()
    for path in files:
        if path.suffix == '.cc' and path.parts[0] == 'src':
            first = next(includes_of(read_text(root / path)), None)
            if first:
                proved.add(first[1])
    return proved


def include_path(header):
    return Path(*header.parts[1:]).as_posix()


def flags_of(commands, header):
    """The compiler and flags of a source in the header's room, or of any source."""
    room = '/' + '/'.join(header.parts[:2]) + '/'
    own = [c for c in commands if c['file'].endswith('.cc')]
    chosen = next((c for c in own if room in c['file'] and not c['file'].endswith('_test.cc')), own[0])
    words, flags = shlex.split(chosen['command']), []
    while words and 'ccache' in Path(words[0]).name:
        words.pop(0)
    skip = False
    for word in words:
        if skip or word in ('-c', chosen['file']):
            skip = False
        elif word == '-o':
            skip = True
        else:
            flags.append(word)
    return flags, chosen['directory']


def compile_alone(root, commands, header):
    """The compiler's complaint, or an empty string."""
    flags, folder = flags_of(commands, header)
    flags += [f'-I{root}/src', f'-I{root}/include', f'-I{root}/test/support', '-w', '-fsyntax-only', '-x', 'c++']
    done = subprocess.run([*flags, '-'], input=f'#include "{include_path(header)}"\n', text=True,
                          cwd=folder, capture_output=True)
    return '' if done.returncode == 0 else f'{header}: does not compile alone\n{done.stderr.strip()[:2000]}'


def main(root, build):
    files = our_files(root)
    proved = proved_by_build(root, files)
    headers = [path for path in files if path.suffix == '.h' and path.parts[0] in ('src', 'include')]
    todo = [path for path in headers if include_path(path) not in proved]
    commands = json.loads(read_text(build / 'compile_commands.json'))
    cache, closures = root / 'build/headers', Closures(root)
    cache.mkdir(parents=True, exist_ok=True)
    stamps = {path: cache / closures.digest(root / path, flags_of(commands, path)[0]) for path in todo}
    stale = [path for path in todo if not stamps[path].exists()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = list(pool.map(lambda path: compile_alone(root, commands, path), stale))
    for path, complaint in zip(stale, complaints):
        if not complaint:
            stamps[path].touch()
    return finish('headers', [text for text in complaints if text],
                  f'{len(headers)} headers, {len(headers) - len(todo)} proved by the build, {len(stale)} compiled')


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
