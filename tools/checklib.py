# SPDX-License-Identifier: MIT
"""What the checks share: the list of our files, the includes of a file, and the way a check ends."""
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

CPP_SUFFIXES = {'.h', '.cc'}
SCRIPT_SUFFIXES = {'.ts', '.js', '.mjs', '.cjs'}
# Folders that never hold our own files; asked only where git cannot tell.
FOREIGN_FOLDERS = {'.git', '.deps', 'build', 'node_modules', '__pycache__'}

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.M)


def our_files(root):
    """Files of the repository, tracked or new, but not ignored ones. Sorted, relative to root."""
    root = Path(root)
    listed = subprocess.run(
        ['git', '-C', str(root), 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
        capture_output=True)
    if listed.returncode == 0 and (root / '.git').exists():
        names = {Path(name) for name in listed.stdout.decode().split('\0') if name}
    else:
        names = set(_walk(root))
    return sorted(name for name in names if (root / name).is_file())


def _walk(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in FOREIGN_FOLDERS]
        for name in names:
            yield Path(folder, name).relative_to(root)


def read_text(path):
    return Path(path).read_text(encoding='utf-8', errors='replace')


def blank_comments(text):
    """C, C++ and JavaScript text with every comment replaced by spaces, line breaks kept."""
    pattern = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(//[^\n]*|/\*.*?\*/)', re.S)
    return pattern.sub(lambda m: re.sub(r'[^\n]', ' ', m[0]) if m[1] else m[0], text)


def includes_of(text):
    """Yields (line number, included path, '"' or '<') for each #include."""
    plain = blank_comments(text)
    for match in _INCLUDE.finditer(plain):
        line = plain.count('\n', 0, match.start()) + 1
        yield line, match[1] or match[2], '"' if match[1] else '<'


class Closures:
    """Hashes of files together with every file of ours that they include, directly or not."""

    def __init__(self, root, include_folders=('src', 'include', 'test/support')):
        self.folders = [Path(root, folder) for folder in include_folders]
        self.known = {}

    def _own_includes(self, path):
        if path not in self.known:
            text = read_text(path)
            found = []
            for _, name, _ in includes_of(text):
                places = [path.parent / name, *(folder / name for folder in self.folders)]
                found += [place.resolve() for place in places if place.is_file()][:1]
            self.known[path] = (hashlib.sha256(text.encode()).hexdigest(), found)
        return self.known[path]

    def digest(self, path, *salts):
        """One hash of the file's closure and of the salts, for use as a cache key."""
        seen, todo = {}, [Path(path).resolve()]
        while todo:
            current = todo.pop()
            if current not in seen:
                seen[current], nearby = self._own_includes(current)
                todo += nearby
        parts = [*map(str, salts), *(f'{name} {seen[name]}' for name in sorted(seen))]
        return hashlib.sha256('\n'.join(parts).encode()).hexdigest()


def finish(name, problems, summary):
    """Prints the problems and one closing line; the result is the exit status of the check."""
    for problem in problems:
        print(problem)
    print(f'{name}: {summary}, {len(problems)} problem{"" if len(problems) == 1 else "s"}')
    return 1 if problems else 0


def root_argument():
    """The repository to check: the first argument, or the one that this script belongs to."""
    return Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
