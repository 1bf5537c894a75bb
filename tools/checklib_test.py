# SPDX-License-Identifier: MIT
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import checklib


class TemporaryRepository:
    """A folder with files, for the tests of the checks."""

    def __init__(self, files):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.write(files)

    def write(self, files):
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()


class ChecklibTest(unittest.TestCase):
    def test_includes_have_lines_and_quotes_and_ignore_comments(self):
        text = '// #include "a.h"\n#include "b/c.h"\n/* \n#include <d> */\n#  include <e/f.h>\n'
        self.assertEqual(list(checklib.includes_of(text)), [(2, 'b/c.h', '"'), (5, 'e/f.h', '<')])

    def test_a_string_that_looks_like_a_comment_stays(self):
        self.assertEqual(checklib.blank_comments('f("//x"); // y'), 'f("//x");     ')

    def test_foreign_folders_are_not_ours(self):
        with TemporaryRepository({'src/a.cc': '', 'build/b.cc': '', 'js/node_modules/c.js': ''}) as repo:
            self.assertEqual(checklib.our_files(repo.root), [Path('src/a.cc')])

    def test_a_digest_changes_with_an_indirect_include_and_with_a_salt(self):
        files = {'src/x/a.h': '#include "x/b.h"\n', 'src/x/b.h': '#include "x/c.h"\n', 'src/x/c.h': 'int c;\n'}
        with TemporaryRepository(files) as repo:
            top = repo.root / 'src/x/a.h'
            before = checklib.Closures(repo.root).digest(top, 'flags')
            self.assertEqual(checklib.Closures(repo.root).digest(top, 'flags'), before)
            self.assertNotEqual(checklib.Closures(repo.root).digest(top, 'others'), before)
            repo.write({'src/x/c.h': 'long c;\n'})
            self.assertNotEqual(checklib.Closures(repo.root).digest(top, 'flags'), before)

    def test_includes_in_a_circle_end(self):
        with TemporaryRepository({'src/a.h': '#include "b.h"\n', 'src/b.h': '#include "a.h"\n'}) as repo:
            self.assertTrue(checklib.Closures(repo.root).digest(repo.root / 'src/a.h'))


if __name__ == '__main__':
    unittest.main()
