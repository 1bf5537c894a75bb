# SPDX-License-Identifier: MIT
import unittest

import count_results
from checklib_test import TemporaryRepository

CTEST = '<testsuite><testcase name="base" status="run"/><testcase name="os" status="%s"/></testsuite>'
CASE = '<testcase name="a" status="run"/>'
FAILED = '<testcase name="b" status="run"><failure message="no"/></testcase>'
SKIPPED = '<testcase name="c" status="run"><skipped/></testcase>'


def program(*cases):
    return '<testsuites><testsuite>' + ''.join(cases) + '</testsuite></testsuites>'


def count(files):
    with TemporaryRepository(files) as repo:
        return count_results.count_gtest(repo.root)


class GtestTest(unittest.TestCase):
    def test_cases_of_all_programs_are_summed_and_skipped_ones_left_out(self):
        self.assertEqual(count({'ctest.xml': CTEST % 'run', 'test_base.xml': program(CASE, CASE, SKIPPED),
                                'test_os.xml': program(CASE)}), (3, 0))

    def test_a_failed_case_counts_once(self):
        self.assertEqual(count({'ctest.xml': CTEST % 'fail', 'test_base.xml': program(CASE),
                                'test_os.xml': program(CASE, FAILED)}), (2, 1))

    def test_a_program_that_crashed_counts_as_a_failure(self):
        self.assertEqual(count({'ctest.xml': CTEST % 'fail', 'test_base.xml': program(CASE)}), (1, 1))
        self.assertEqual(count({'ctest.xml': CTEST % 'fail', 'test_base.xml': program(CASE),
                                'test_os.xml': program(CASE)}), (2, 1))

    def test_a_test_that_is_no_gtest_program_counts_once(self):
        self.assertEqual(count({'ctest.xml': CTEST % 'run', 'test_base.xml': program(CASE)}), (2, 0))

    def test_no_report_means_no_test(self):
        self.assertEqual(count({}), (0, 0))
        self.assertEqual(count({'ctest.xml': '<testsuite'}), (0, 0))


class LogTest(unittest.TestCase):
    def test_tap(self):
        self.assertEqual(count_results.count_tap('ok 1\n# pass 7\n# fail 1\n# cancelled 1\n# skipped 2\n'), (7, 2))
        self.assertEqual(count_results.count_tap('node: bad option\n'), (0, 0))

    def test_unittest(self):
        self.assertEqual(count_results.count_unittest('Ran 9 tests in 1s\n\nOK (skipped=1)\n'), (8, 0))
        self.assertEqual(count_results.count_unittest('Ran 9 tests in 1s\n\nFAILED (failures=2, errors=1)\n'), (6, 3))

    def test_total_takes_the_last_line_of_its_form(self):
        self.assertEqual(count_results.count_total('1 passed, 0 failed\nx\n12 passed, 3 failed\n'), (12, 3))
        self.assertEqual(count_results.count_total('nothing\n'), (0, 0))


if __name__ == '__main__':
    unittest.main()
