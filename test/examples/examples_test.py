# SPDX-License-Identifier: MIT
"""Shows that the comparisons here fail when something differs, and that what is missing is said."""
import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import compare
import drive
import facts
import outcomes
import package

EMPTY = {'tools': [], 'commands': [], 'flags': [], 'shortcuts': [], 'handlers': {}, 'providers': []}
FAKE_PROGRAM = '''#!{python}
import json, sys
answers = json.loads({answers!r})
name = sys.argv[2].split("/")[-1]
print(json.dumps(answers[name]) if name in answers else "no JSON")
'''


def said_by(main, *arguments):
    """(Exit code, what it printed)."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = main(list(arguments))
    return code, said.getvalue()


class Facts(unittest.TestCase):
    def test_texts_become_digests_and_names_stay(self):
        compacted = facts.compact({'name': 'todo', 'description': 'Two words', 'list': ['x' * 30]})
        self.assertEqual(compacted['name'], 'todo')
        self.assertRegex(compacted['description'], '^sha256:[0-9a-f]{16}$')
        self.assertNotEqual(compacted['description'], facts.compact('Two word'))
        self.assertRegex(compacted['list'][0], '^sha256:')

    def test_every_kind_of_difference_is_named(self):
        for expected, actual, words in (
                ({'a': 1}, {}, 'a is missing'), ({}, {'a': 1}, 'a is 1; pi has none'), ({'a': [1]}, {'a': [1, 2]}, 'a is'),
                ({'a': [{'b': 1}]}, {'a': [{'b': 2}]}, 'a.0.b is 2; pi has 1'), ({'a': 1}, {'a': True}, 'a is true')):
            found = facts.differences(expected, actual)
            self.assertEqual(len(found), 1)
            self.assertIn(words, found[0])
        self.assertEqual(facts.differences({'a': [1, {'b': None}]}, {'a': [1, {'b': None}]}), [])

    def test_the_agents_folder_is_a_placeholder(self):
        entry = dict(EMPTY, tools=[{'name': 'x', 'description': 'from /home/me/agent/agents'}])
        self.assertEqual(facts.facts_of(entry, '/home/me/agent')['tools'][0]['description'], 'from $AGENT/agents')


class WithAFakeProgram(unittest.TestCase):
    """The scripts run a program that prints prepared answers, over a package of two empty examples."""

    def setUp(self):
        self.root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.examples = self.root / 'examples' / 'extensions'
        self.examples.mkdir(parents=True)

    def program(self, answers):
        path = self.root / 'program'
        path.write_text(FAKE_PROGRAM.format(python=sys.executable, answers=json.dumps(answers)))
        path.chmod(0o755)
        return str(path)

    def compare(self, answers, expected):
        (self.root / 'registrations.json').write_text(json.dumps(expected))
        with mock.patch.object(compare, 'HERE', self.root), mock.patch.object(compare, 'EQUAL_MIN', 1):
            return said_by(compare.main, '--binary', self.program(answers), '--package', str(self.root))

    def expected(self, **changes):
        return {'ok': True, **EMPTY, 'pi_load_ms': {'cold': 1, 'warm': 1}, **changes}

    def test_equal_registrations_pass(self):
        code, said = self.compare({'a.ts': {'ok': True, **EMPTY}}, {'a.ts': self.expected()})
        self.assertEqual((code, said.splitlines()[-1]), (0, '1 passed, 0 failed'))

    def test_another_registration_fails(self):
        code, said = self.compare({'a.ts': {'ok': True, **EMPTY}}, {'a.ts': self.expected(handlers={'input': 1})})
        self.assertEqual(code, 1)
        self.assertIn('handlers.input is missing; pi has 1', said)

    def test_an_extension_that_does_not_load_fails(self):
        answer = {'ok': False, 'error': {'message': 'it broke\nhere'}}
        code, said = self.compare({'a.ts': answer}, {'a.ts': self.expected()})
        self.assertEqual(code, 1)
        self.assertIn('it broke', said)

    def test_a_program_without_an_answer_fails(self):
        code, said = self.compare({}, {'a.ts': self.expected()})
        self.assertEqual(code, 1)
        self.assertIn('no JSON', said)

    def test_a_failure_must_be_that_of_pi(self):
        expected = {'a.ts': {'ok': False, 'error': 'Failed to load extension: no x\nmore', 'pi_load_ms': {}},
                    'b.ts': self.expected()}
        equal = {'ok': True, **EMPTY}
        code, _ = self.compare({'a.ts': {'ok': False, 'error': {'message': 'no x'}}, 'b.ts': equal}, expected)
        self.assertEqual(code, 0)
        code, _ = self.compare({'a.ts': {'ok': False, 'error': {'message': 'no y'}}, 'b.ts': equal}, expected)
        self.assertEqual(code, 1)

    def test_too_few_equal_examples_fail(self):
        answer = {'ok': False, 'error': {'message': 'no x'}}
        code, said = self.compare({'a.ts': answer}, {'a.ts': {'ok': False, 'error': 'no x', 'pi_load_ms': {}}})
        self.assertEqual((code, said.splitlines()[-1]), (1, '1 passed, 0 failed'))

    def test_another_outcome_fails(self):
        recorded = {'events': [{'name': 'input', 'payload': {}}], 'usual': [{'result': {'action': 'continue'}}],
                    'examples': {'a.ts': {}}}
        (self.root / 'outcomes.json').write_text(json.dumps(recorded))
        for action, expected in (('continue', 0), ('handled', 1)):
            results = [{'ok': True, 'value': {'result': {'action': action}, 'errors': []}}]
            with mock.patch.object(outcomes, 'HERE', self.root):
                code, said = said_by(outcomes.main, '--binary', self.program({'a.ts': {'results': results}}),
                                     '--package', str(self.root))
            self.assertEqual(code, expected, said)

    def test_without_a_package_everything_is_skipped_and_said(self):
        with mock.patch.object(package, 'CACHE', self.root / 'none'), mock.patch.dict(
                os.environ, {'npm_config_offline': 'true', 'npm_config_cache': str(self.root / 'cache')}):
            for main in (compare.main, outcomes.main):
                code, said = said_by(main, '--binary', 'none')
                self.assertEqual((code, said.splitlines()[-1][:8]), (0, 'skipped:'))


class Scenarios(unittest.TestCase):
    def test_added_checks_fail_when_they_do_not_hold(self):
        root = Path(self.enterContext(tempfile.TemporaryDirectory()))
        options = mock.Mock(binary='/bin/true', package=None)
        for number, (check, words) in enumerate((
                ('holds false', 'exit 1'), ('text made.txt equals "other"', 'made.txt is'),
                ('text made.txt lacks here', 'made.txt is'), ('text made.txt lines 2', 'made.txt is'),
                ('text none.txt contains x', 'is no file'), ('holds test -f made.txt', ''),
                ('text made.txt contains here', ''))):
            path = root / f'{number}.scenario'
            path.write_text(f'# A check.\nshell\necho here > made.txt\nend\nisopod\nexit 0\n{check}\n')
            failures, skipped = drive.failures_of(path, options)
            self.assertEqual((bool(failures), skipped), (bool(words), ''), check)
            self.assertIn(words, ''.join(failures))


if __name__ == '__main__':
    unittest.main()
