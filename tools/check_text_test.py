# SPDX-License-Identifier: MIT
import unittest

from check_text import judge

HEAD = '// SPDX-License-Identifier: MIT\n'


class TextTest(unittest.TestCase):
    def assert_finds(self, text, sentence):
        found = list(judge('a.cc', text))
        self.assertEqual(len(found), 1, found)
        self.assertIn(sentence, found[0])

    def test_a_good_file_passes(self):
        self.assertEqual(list(judge('a.cc', HEAD + 'int a;\n// TO' + 'DO(perf): measure this.\n')), [])
        self.assertEqual(list(judge('a.sh', '#!/bin/sh\n#' + HEAD[2:])), [])

    def test_each_rule_finds_its_breach(self):
        self.assert_finds('int a;\n', 'SPDX')
        self.assert_finds(HEAD + 'int a;', 'does not end')
        self.assert_finds(HEAD + 'int a; \n', 'a.cc:2: a blank')
        self.assert_finds(HEAD + 'f(\ta);\n', 'a tab')
        self.assert_finds(HEAD + '// TO' + 'DO: later\n', 'without one of the kinds')
        self.assert_finds(HEAD + '// FIX' + 'ME\n', 'unfinished')
        self.assert_finds(HEAD + '<<<<<' + '<< ours\n', 'conflict')


if __name__ == '__main__':
    unittest.main()
