# SPDX-License-Identifier: MIT
import contextlib
import io
import json
import unittest

import check_headers
from checklib_test import TemporaryRepository


def check(files):
    """The status of the check for a tree whose src/os/a.cc is in the list of compile commands."""
    with TemporaryRepository(files) as repo, contextlib.redirect_stdout(io.StringIO()) as out:
        source = str(repo.root / 'src/os/a.cc')
        command = f'ccache g++ -std=c++20 -o a.o -c {source}'
        repo.write({'out/compile_commands.json': json.dumps(
            [{'directory': str(repo.root), 'file': source, 'command': command}])})
        return check_headers.main(repo.root, repo.root / 'out'), out.getvalue()


class HeadersTest(unittest.TestCase):
    def test_a_header_that_compiles_alone_passes(self):
        status, text = check({'src/os/a.cc': '', 'src/os/b.h': '#include <vector>\nstd::vector<int> b();\n'})
        self.assertEqual(status, 0)
        self.assertIn('1 compiled', text)

    def test_a_header_that_needs_another_fails(self):
        status, text = check({'src/os/a.cc': '', 'src/os/b.h': 'std::vector<int> b();\n'})
        self.assertEqual(status, 1)
        self.assertIn('src/os/b.h: does not compile alone', text)

    def test_a_header_that_a_source_includes_first_is_left_to_the_build(self):
        status, text = check({'src/os/a.cc': '#include "os/b.h"\n', 'src/os/b.h': 'std::vector<int> b();\n'})
        self.assertEqual(status, 0)
        self.assertIn('1 proved by the build', text)


if __name__ == '__main__':
    unittest.main()
