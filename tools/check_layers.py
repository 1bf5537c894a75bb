#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks every #include of src/, include/ and fuzz/ against the table in src/LAYERS.

A line `room: other rooms` names what a room may include beside itself and the public headers, and may
only name rooms of earlier lines, so that the table cannot describe a circle. A line `library PREFIX: rooms`
gives the headers of a library to the rooms it names. Besides, `..` is an error in an include, nothing
includes a test, and the public headers include nothing from src/.
"""
import re
import sys
from pathlib import Path

from checklib import CPP_SUFFIXES, finish, includes_of, our_files, read_text, root_argument


class Table:
    """src/LAYERS, read. Its own faults are in `problems`."""

    def __init__(self, text, name='src/LAYERS'):
        self.rooms, self.libraries, self.problems = {}, {}, []
        for number, line in enumerate(text.splitlines(), 1):
            line = line.split('#')[0].strip()
            if not line:
                continue
            match = re.fullmatch(r'(library\s+)?(\S+?)\s*:(.*)', line)
            if not match:
                self.problems.append(f'{name}:{number}: cannot be read: {line}')
                continue
            library, key, names = match[1], match[2], match[3].split()
            table = self.libraries if library else self.rooms
            if key in table:
                self.problems.append(f'{name}:{number}: {key} has a line already')
            self.problems += [f'{name}:{number}: {key} names {other}, which has no line above'
                              for other in names if other not in self.rooms]
            table[key] = set(names) if library else {key, *names}


class Checker:
    def __init__(self, root):
        self.root = root
        self.files = [path for path in our_files(root)
                      if path.suffix in CPP_SUFFIXES and path.parts[0] in ('src', 'include', 'fuzz')]
        self.table = Table(read_text(root / 'src/LAYERS'))
        self.problems = list(self.table.problems)

    def run(self):
        for path in self.files:
            room = self.room_of(path)
            if path.parts[0] == 'src' and room not in self.table.rooms:
                self.problems.append(f'{path}: {room or "a file outside a room"} is not in src/LAYERS')
                continue
            for line, included, quote in includes_of(read_text(self.root / path)):
                problem = self.judge(path, room, included, quote)
                if problem:
                    self.problems.append(f'{path}:{line}: {problem}')
        return finish('layers', self.problems, f'{len(self.files)} files, {len(self.table.rooms)} rooms')

    @staticmethod
    def room_of(path):
        return path.parts[1] if path.parts[0] == 'src' and len(path.parts) > 2 else None

    def judge(self, path, room, included, quote):
        """Says what is wrong with one include, or nothing."""
        parts = Path(included).parts
        if '..' in parts:
            return f'{included}: include paths are rooted at src/, without ".."'
        if Path(included).stem.endswith('_test'):
            return f'{included}: nothing includes a test'
        target = parts[0]
        if target in self.table.rooms and len(parts) > 1:
            return self.judge_room(path, room, included, target)
        library = self.library_of(included)
        if library:
            allowed = self.table.libraries[library]
            if path.parts[0] != 'fuzz' and room not in allowed:
                return f'{included}: only {" and ".join(sorted(allowed)) or "no room"} may include it'
            return None
        if quote == '"' and not self.is_known_file(path, included):
            return f'{included}: is in no room, not public, and of no library that src/LAYERS names'
        return None

    def judge_room(self, path, room, included, target):
        if path.parts[0] == 'include':
            return f'{included}: a public header includes nothing from src/'
        if room and target not in self.table.rooms[room]:
            return f'{included}: {room} may not include {target}'
        return None

    def library_of(self, included):
        """A prefix that ends in / is a folder, any other is the name of one header."""
        for prefix in self.table.libraries:
            if included == prefix or (prefix.endswith('/') and included.startswith(prefix)):
                return prefix
        return None

    def is_known_file(self, path, included):
        """A public header, or for a test a file of test/support."""
        if included.startswith('isopod/'):
            return (self.root / 'include' / included).is_file()
        return path.stem.endswith('_test') and (self.root / 'test/support' / included).is_file()


if __name__ == '__main__':
    sys.exit(Checker(root_argument()).run())
