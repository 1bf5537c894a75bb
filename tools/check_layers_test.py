# SPDX-License-Identifier: MIT
import contextlib
import io
import unittest

from check_layers import Checker, Table
from checklib_test import TemporaryRepository

LAYERS = 'base:   # the floor\nos: base\ncli: os\nlibrary quickjs.h: os\nlibrary curl/: os cli\n'


def problems_of(files):
    with TemporaryRepository({'src/LAYERS': LAYERS, 'include/isopod/result.h': '', **files}) as repo:
        checker = Checker(repo.root)
        with contextlib.redirect_stdout(io.StringIO()):
            status = checker.run()
        assert (status == 1) == bool(checker.problems)
        return checker.problems


class TableTest(unittest.TestCase):
    def test_a_table_is_read(self):
        table = Table(LAYERS)
        self.assertEqual(table.rooms, {'base': {'base'}, 'os': {'os', 'base'}, 'cli': {'cli', 'os'}})
        self.assertEqual(table.libraries, {'quickjs.h': {'os'}, 'curl/': {'os', 'cli'}})
        self.assertEqual(table.problems, [])

    def test_a_circle_a_second_line_and_nonsense_are_problems(self):
        found = '\n'.join(Table('a: b\nb: a\nb:\nlibrary x.h: c\nwhat is this\n').problems)
        self.assertIn(':1: a names b', found)
        self.assertIn(':3: b has a line already', found)
        self.assertIn(':4: x.h names c', found)
        self.assertIn(':5: cannot be read', found)


class CheckerTest(unittest.TestCase):
    def test_a_good_tree_has_no_problems(self):
        self.assertEqual(problems_of({
            'src/base/a.h': '#include <vector>\n#include "isopod/result.h"\n',
            'src/os/b.cc': '#include "base/a.h"\n#include <quickjs.h>\n#include <curl/curl.h>\n',
            'test/support/help.h': '',
            'src/os/b_test.cc': '#include "help.h"\n#include "os/b.h"\n'}), [])

    def assert_problem(self, files, sentence):
        found = problems_of(files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(sentence, found[0])

    def test_a_room_above_is_refused(self):
        self.assert_problem({'src/base/a.cc': '\n#include "os/b.h"\n'}, 'src/base/a.cc:2: os/b.h: base may not include os')

    def test_a_room_below_that_the_line_does_not_name_is_refused(self):
        self.assert_problem({'src/cli/a.cc': '#include "base/a.h"\n'}, 'cli may not include base')

    def test_angle_brackets_do_not_hide_a_room(self):
        self.assert_problem({'src/base/a.cc': '#include <os/b.h>\n'}, 'base may not include os')

    def test_an_unknown_room_is_refused(self):
        self.assert_problem({'src/attic/a.cc': ''}, 'attic is not in src/LAYERS')

    def test_a_file_outside_a_room_is_refused(self):
        self.assert_problem({'src/a.cc': ''}, 'a file outside a room')

    def test_dots_are_refused(self):
        self.assert_problem({'src/os/a.cc': '#include "../base/a.h"\n'}, 'without ".."')

    def test_a_library_of_another_room_is_refused(self):
        self.assert_problem({'src/base/a.cc': '#include "quickjs.h"\n'}, 'only os may include it')
        self.assert_problem({'src/base/a.cc': '#include <curl/easy.h>\n'}, 'only cli and os may include it')

    def test_nothing_includes_a_test(self):
        self.assert_problem({'src/os/a.cc': '#include "os/b_test.h"\n'}, 'nothing includes a test')

    def test_a_public_header_includes_nothing_from_src(self):
        self.assert_problem({'include/isopod/host.h': '#include "base/a.h"\n'}, 'includes nothing from src/')

    def test_a_path_that_is_rooted_elsewhere_is_refused(self):
        self.assert_problem({'src/os/a.cc': '#include "a.h"\n'}, 'is in no room')

    def test_only_tests_include_the_support_of_tests(self):
        self.assert_problem({'test/support/help.h': '', 'src/os/a.cc': '#include "help.h"\n'}, 'is in no room')

    def test_fuzzers_may_include_every_room(self):
        self.assertEqual(problems_of({'fuzz/a_fuzz.cc': '#include "cli/a.h"\n#include "base/a.h"\n'}), [])


if __name__ == '__main__':
    unittest.main()
