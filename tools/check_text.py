#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what every source file of ours has, and what none may keep.

The first lines name the license; a to-do says its kind; there is no mark of unfinished work, no conflict
marker, no tab, no blank at the end of a line and no missing end of the last line.
"""
import re
import sys

from checklib import CPP_SUFFIXES, SCRIPT_SUFFIXES, finish, our_files, read_text, root_argument

SOURCE_SUFFIXES = CPP_SUFFIXES | SCRIPT_SUFFIXES | {'.c', '.py', '.sh'}
TODO_KINDS = ('perf', 'cleanup', 'security', 'port', 'test')

_RULES = (
    (re.compile(r'\b(?:FIX' + r'ME|XX' + r'X|HA' + r'CK)\b'), 'a mark of unfinished work'),
    (re.compile(r'\bTO' + r'DO\b(?!\((?:%s)\): )' % '|'.join(TODO_KINDS)),
     'a to-do without one of the kinds ' + ', '.join(TODO_KINDS)),
    (re.compile(r'^(?:<{7}|>{7}|={7})(?: |$)', re.M), 'a conflict marker'),
    (re.compile(r'\t'), 'a tab'),
    (re.compile(r'[ \t]+$', re.M), 'a blank at the end of a line'),
)


def judge(name, text):
    """Yields one line for each breach in a source file."""
    if 'SPDX-License-Identifier: MIT' not in '\n'.join(text.splitlines()[:3]):
        yield f'{name}:1: the first line is not SPDX-License-Identifier: MIT'
    if text and not text.endswith('\n'):
        yield f'{name}: the last line does not end'
    for pattern, sentence in _RULES:
        match = pattern.search(text)
        if match:
            yield f'{name}:{text.count(chr(10), 0, match.start()) + 1}: {sentence}'


def main(root):
    # Examples and fixtures are shown or fed as they are; a fixture may be wrong on purpose.
    files = [path for path in our_files(root) if path.suffix in SOURCE_SUFFIXES
             and path.parts[0] != 'examples' and 'fixtures' not in path.parts and 'corpus' not in path.parts]
    problems = [problem for path in files for problem in judge(path, read_text(root / path))]
    return finish('text', problems, f'{len(files)} files')


if __name__ == '__main__':
    sys.exit(main(root_argument()))
