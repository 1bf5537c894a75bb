# SPDX-License-Identifier: MIT
"""Tests of the scenario runner: a broken expectation must be reported, a holding one must pass."""
import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import run  # noqa: E402
import scenario  # noqa: E402

# Echoes the file that its first argument names to stdout and the second one to stderr; exits with the third.
PROGRAM = '#!/bin/sh\ncat "$1"; cat "$2" >&2; exit "$3"\n'
DOCUMENT = ('{"a":{"b":[1,true,"text"]},"x.y":null,"hostcalls":{"issued":3,"ok":1,"error":1,"denied":1,"timeout":0,'
            '"cancelled":0,"in_flight":0,"by_lane":{"fast":0,"compat":3}}}')
# Each holds; turned into its opposite it must fail.
HOLDING = {
    'exit 7': 'exit 0',
    'stderr equals warn': 'stderr equals warning',
    'stderr contains war': 'stderr contains wax',
    'stderr lacks wax': 'stderr lacks war',
    'stderr matches ^w.rn$': 'stderr matches ^x',
    'stderr never ^x': 'stderr never ^w.rn$',
    'stderr count 1 w': 'stderr count 2 w',
    'stdout contains hostcalls': 'stdout empty',
    'json a.b.0 == 1': 'json a.b.0 == true',
    'json a.b.1 == true': 'json a.b.1 == 1',
    'json a.b.0 != 2': 'json a.b.0 != 1',
    'json a.b.0 >= 1': 'json a.b.0 >= 2',
    'json a.b.0 <= 1': 'json a.b.0 <= 0',
    'json a.b length 3': 'json a.b length 2',
    'json a.b.2 contains ex': 'json a.b.2 contains x.y',
    'json a.b.2 lacks y': 'json a.b.2 lacks t',
    'json a.b.2 matches ^t': 'json a.b.2 matches ^x',
    'json a.b.-1 == "text"': 'json a.b.-1 == "other"',
    'json x\\.y == null': 'json x == null',
    'json a exists': 'json a absent',
    'json q absent': 'json q exists',
    'json a.b == [1,true,"text"]': 'json a.b == [1,1,"text"]',
    'accounting': 'accounting now',
    'unchanged out': 'unchanged err2',
    'exists out': 'absent out',
    'absent other': 'exists other',
}
SETUP = f'# A scenario.\nfile-repeat out 1 {json.dumps(DOCUMENT)}\nfile err\nwarn\nend\n'


class Runner(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.program = self.folder / 'program'
        self.program.write_text(PROGRAM)
        self.program.chmod(0o755)

    def failures(self, text):
        path = self.folder / 'case.scenario'
        path.write_text(text)
        return run.failures_of(path, self.program)

    def whole_run(self, *arguments):
        """The exit code and the last line of the runner itself."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = run.main(['--binary', str(self.program), *arguments, str(self.folder)])
        return code, out.getvalue().splitlines()[-1]

    def test_expectations_hold_and_fail(self):
        for holding, broken in HOLDING.items():
            text = SETUP + 'isopod out err 7\nexit 7\n'
            with self.subTest(holding):
                self.assertEqual(self.failures(text + holding + '\n'), [])
            with self.subTest(broken):
                self.assertEqual(len(self.failures(text + broken + '\n')), 1)

    def test_figures_that_do_not_add_up_fail(self):
        for change in (('"ok":1', '"ok":2'), ('"in_flight":0', '"in_flight":1'), ('"compat":3', '"compat":2'),
                       ('"timeout":0,', '')):
            text = SETUP.replace(*(part.replace('"', '\\"') for part in change))
            self.assertNotEqual(text, SETUP)
            self.assertEqual(len(self.failures(text + 'isopod out err 0\nexit 0\naccounting\n')), 1)

    def test_stdout_must_be_one_json_document(self):
        for content in ('', '{} {}', '{"a":NaN}', 'text'):
            text = f'# A.\nfile out\n{content}\nend\nfile err\nend\nisopod out err 0\nexit 0\njson . exists\n'
            self.assertEqual(len(self.failures(text)), 1, content)

    def test_whole_stdout_is_compared(self):
        text = '# A.\nfile out\na\nb\nend\nfile err\nend\nisopod out err 0\nexit 0\nstdout-equals\n'
        self.assertEqual(self.failures(text + 'a\nb\nend\n'), [])
        self.assertIn('-c', self.failures(text + 'a\nc\nend\n')[0])

    def test_wrong_scenarios_fail(self):
        for text in ('file a\nend\nisopod a a 0\nexit 0\n', '# A.\n', '# A.\nisopod a b 0\n', '# A.\nisopod a b 0\nexits 0\n',
                     '# A.\nexit 0\nisopod a b 0\n', '# A.\nfile a\nisopod a a 0\nexit 0\n', SETUP + 'isopod out err 0\nexit\n',
                     SETUP + 'isopod out err 0\nexit 0\nstdout has a\n', SETUP + 'isopod out err 0\nexit 0\njson a is 1\n',
                     SETUP + 'isopod out err 0\nexit 0\nstdout contains\n', SETUP + 'isopod out err 0\nexit 0\njson a ==\n',
                     SETUP + 'isopod out err 0\nexit 0\nunchanged never-written\n'):
            self.assertEqual(len(self.failures(text)), 1, text)

    def test_a_run_that_does_not_end_fails(self):
        self.program.write_text('#!/bin/sh\nsleep 60\n')
        self.assertIn('did not end', self.failures('# A.\nlimit 0.2\nisopod x\nexit 0\n')[0])

    def test_a_signal_arrives(self):
        self.program.write_text('#!/bin/sh\ntrap "kill \\$!; exit 9" TERM\nsleep 60 & wait\n')
        self.assertEqual(self.failures('# A.\nsignal SIGTERM 0.3\nisopod x\nexit 9\n'), [])
        self.program.write_text('#!/bin/sh\nexec sleep 60\n')
        self.assertEqual(self.failures('# A.\nsignal SIGKILL 0.3\nisopod x\nexit 137\n'), [])

    def test_a_terminal_is_one(self):
        self.program.write_text('#!/bin/sh\n[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && read answer && echo "said $answer" >&2\nexit 3\n')
        text = '# A.\nterminal\nstdin\nyes\nend\nisopod x\nexit 3\nstdout contains said yes\nstderr empty\n'
        self.assertEqual(self.failures(text), [])
        self.assertEqual(len(self.failures(text.replace('said yes', 'said no'))), 1)
        self.assertEqual(len(self.failures(text.replace('terminal\n', ''))), 1)
        self.program.write_text('#!/bin/sh\nkill -ABRT $$\n')
        self.assertEqual(self.failures('# A.\nterminal\nisopod x\nexit 134\n'), [])

    def test_a_run_on_a_terminal_that_does_not_end_fails(self):
        self.program.write_text('#!/bin/sh\nsleep 60\n')
        self.assertIn('did not end', self.failures('# A.\nterminal\nlimit 0.2\nisopod x\nexit 0\n')[0])

    def test_a_file_that_the_run_changes_is_seen(self):
        self.program.write_text('#!/bin/sh\necho more >> "$1"\n')
        self.assertEqual(len(self.failures('# A.\nfile out\nend\nisopod out\nexit 0\nunchanged out\n')), 1)

    def test_files_variables_and_environment_reach_the_program(self):
        self.program.write_text('#!/bin/sh\ncat "$1"; cat; echo "$X $HOME $2" >&2\n')
        text = ('# A.\nfile out\na\nend\nfile-base64 out Yg==\nfile-repeat out 2 "c\\n"\nstdin\nin\nend\nenv X=$DIR\n'
                'isopod out ${repeat:3:[}\nexit 0\nstdout-equals\na\nbc\nc\nin\nend\nstderr equals $DIR $HOME [[[\n')
        self.assertEqual(self.failures(text), [])

    def test_copies_and_stars(self):
        self.program.write_text('#!/bin/sh\ncat "$@"\n')
        text = '# A.\nfiles d/{}.txt 3\nfile {}\nend\nisopod d/*.txt\nexit 0\nstdout-equals\nfile 0\nfile 1\nfile 2\nend\n'
        self.assertEqual(self.failures(text), [])

    def test_the_whole_run_counts_and_fails(self):
        self.assertEqual(self.whole_run(), (1, '0 passed, 0 failed'))
        (self.folder / 'a.scenario').write_text(SETUP + 'isopod out err 0\nexit 0\n')
        self.assertEqual(self.whole_run(), (0, '1 passed, 0 failed'))
        (self.folder / 'b.scenario').write_text(SETUP + 'isopod out err 0\nexit 1\n')
        self.assertEqual(self.whole_run('--jobs', '1'), (1, '1 passed, 1 failed'))
        self.assertEqual(self.whole_run('--filter', '/a.'), (0, '1 passed, 0 failed'))

    def test_blocks_keep_their_text(self):
        lines = scenario.read_lines('file a.ts\n# not a comment\n  end\n\nend\n')
        self.assertEqual(lines[0].block, '# not a comment\n  end\n\n')


if __name__ == '__main__':
    unittest.main()
