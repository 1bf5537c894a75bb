#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs clang-tidy over our sources. check_tidy.py ROOT BUILD_DIR [FILE...]

The checks stand in .clang-tidy, the flags in BUILD_DIR/compile_commands.json. Tests are left out: their
macros expand to what the checks forbid. A file that was clean is not asked again until it, something it
includes, its flags, the checks or clang-tidy itself change; build/tidy remembers.
"""
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checklib import Closures, finish, read_text

NAMES = ('clang-tidy-14', 'clang-tidy')


def our_commands(root, build, only):
    """{source: command} for the sources of src/ that are not tests."""
    found = {}
    for entry in json.loads(read_text(build / 'compile_commands.json')):
        path = Path(entry['directory'], entry['file']).resolve()
        if path.suffix != '.cc' or path.stem.endswith('_test') or root / 'src' not in path.parents:
            continue
        if not only or path in only:
            found[path] = entry['command']
    return found


def run(tidy, root, build, path):
    """What clang-tidy says about one file; empty when it is clean."""
    done = subprocess.run([tidy, '-p', str(build), '--quiet', '--warnings-as-errors=*', str(path)],
                          cwd=root, capture_output=True, text=True)
    return '' if done.returncode == 0 else (done.stdout or done.stderr).strip()


def main(root, build, only):
    tidy = next((found for found in map(shutil.which, NAMES) if found), None)
    if not tidy:
        return finish('tidy', ['clang-tidy-14 is missing; ./dev lint installs it'], 'nothing checked')
    version = subprocess.run([tidy, '--version'], capture_output=True, text=True).stdout
    salts = (version, read_text(root / '.clang-tidy'))
    commands, closures, cache = our_commands(root, build, only), Closures(root), root / 'build/tidy'
    cache.mkdir(parents=True, exist_ok=True)
    stamps = {path: cache / closures.digest(path, command, *salts) for path, command in commands.items()}
    stale = [path for path in sorted(commands) if not stamps[path].exists()]

    def check(path):
        complaint = run(tidy, root, build, path)
        if not complaint:
            stamps[path].touch()
        return complaint

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [text for text in pool.map(check, stale) if text]
    return finish('tidy', complaints, f'{len(commands)} sources, {len(stale)} of them changed')


if __name__ == '__main__':
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(),
                  {Path(name).resolve() for name in sys.argv[3:]}))
