#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that clang-format would change nothing. With --fix it changes what it would change."""
import shutil
import subprocess
import sys

from checklib import CPP_SUFFIXES, finish, our_files, root_argument

NAMES = ('clang-format-14', 'clang-format')


def main(root, fix):
    tool = next((found for found in map(shutil.which, NAMES) if found), None)
    if not tool:
        return finish('format', ['clang-format-14 is missing; ./dev lint installs it'], 'nothing checked')
    files = [path for path in our_files(root) if path.suffix in CPP_SUFFIXES | {'.c'}]
    if not files:
        return finish('format', [], '0 files')
    options = ['-i'] if fix else ['--dry-run', '--Werror']
    done = subprocess.run([tool, '--style=file', *options, *map(str, files)], cwd=root, capture_output=True, text=True)
    found = {}
    for line in done.stderr.splitlines():
        if ': error:' in line:
            name, number = line.split(': error:')[0].split(':')[:2]
            found.setdefault(name, number)
    problems = [f'{name}:{number}: ./dev format changes this file from here on' for name, number in sorted(found.items())]
    if done.returncode and not problems:
        problems = [done.stderr.strip()]
    return finish('format', problems, f'{len(files)} files')


if __name__ == '__main__':
    fix = '--fix' in sys.argv
    sys.argv = [word for word in sys.argv if word != '--fix']
    sys.exit(main(root_argument(), fix))
