#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes extensions do real work through the built program and looks at what they left on the disk.

    python3 test/examples/drive.py --binary PATH [--package DIR] [--filter TEXT] [--jobs N] [FOLDER...]

The scenarios in driven/ are those of test/run.py with the lines that README.md here adds. A scenario with an
`example` line needs pi's published package: without it and without a network it is skipped, visibly. The last
line is "N passed, N failed, N skipped"; the exit code is 0 when nothing failed.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import package
from local_server import LocalServer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import run  # noqa: E402
import scenario  # noqa: E402

# What these scenarios may say beside the lines of test/README.md.
scenario.BLOCKS |= {'shell', 'program'}
scenario.SETUP |= {'example', 'server'}
scenario.CHECKS |= {'holds', 'text'}
SHELL_SECONDS_MAX = 30
TEXT_OPERATORS = {
    'contains': lambda actual, wanted: wanted in actual,
    'lacks': lambda actual, wanted: wanted not in actual,
    'equals': lambda actual, wanted: actual == json.loads(wanted),
    'lines': lambda actual, wanted: len(actual.splitlines()) == int(wanted),
}


class ExamplePlace(run.Place):
    """A scenario's directory that can also hold examples, programs and a server."""

    def __init__(self, root, binary, options):
        super().__init__(root, binary)
        self.package, self.server = options.package, None
        self.extensions, self.programs = self.root / 'extensions', self.root / 'programs'
        self.agent, self.temporary = self.root / 'agent', self.root / 'temporary'
        for folder in (self.extensions, self.programs, self.agent, self.temporary):
            folder.mkdir()
        self.env |= {'PATH': f'{self.programs}:{self.env["PATH"]}', 'PI_CODING_AGENT_DIR': str(self.agent),
                     'TMPDIR': str(self.temporary)}
        (self.root / 'home' / '.gitconfig').write_text('[user]\n name = A\n email = a@example.invalid\n')

    def expand(self, text):
        names = {'EXT': self.extensions, 'BIN': self.programs, 'AGENT': self.agent, 'TEMPORARY': self.temporary}
        if self.server:
            names |= {'SERVER': self.server.address, 'CERTIFICATE': self.server.certificate}
        text = re.sub(r'\$(%s)\b' % '|'.join(names), lambda match: str(names[match[1]]), text)
        return super().expand(text)

    def set_up(self, line):
        if line.name == 'example':
            self._copy_example(line.rest)
        elif line.name == 'program':
            program = self.programs / line.rest
            program.write_text(self.expand(line.block))
            program.chmod(0o755)
        elif line.name == 'server':
            self.server = LocalServer(self.work, self.root, line.rest.split())
        elif line.name == 'shell':
            said = self._shell(line.block)
            if said is not None:
                raise scenario.ScenarioError(f'line {line.number}: the shell said:\n{said}')
        else:
            super().set_up(line)

    def _copy_example(self, name):
        source = package.examples_folder(self.package) / name
        if name in package.WITH_DEPENDENCIES:
            source = package.installed(source.parent, name)
        target = self.extensions / name
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)

    def _shell(self, text):
        """None when the script succeeds, else what it said."""
        done = subprocess.run(['bash', '-euc', self.expand(text)], cwd=self.work, env=self.env,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=SHELL_SECONDS_MAX, check=False)
        return None if done.returncode == 0 else f'exit {done.returncode}: {done.stdout}'

    def check(self, line, outcome):
        if line.name == 'holds':
            return self._shell(line.rest)
        if line.name == 'text':
            return self._check_text(line)
        return super().check(line, outcome)

    def _check_text(self, line):
        name, operator, wanted = line.rest.split(' ', 2)
        path = self.path(name)
        if not path.is_file():
            return f'{name} is no file'
        actual = path.read_text(errors='replace')
        holds = TEXT_OPERATORS[operator](actual, self.expand(wanted))
        return None if holds else f'{name} is:\n{run.expect.shortened(actual)}'

    def close(self):
        if self.server:
            self.server.close()


def failures_of(path, options):
    """Runs one scenario: (what is wrong, why it was skipped)."""
    with tempfile.TemporaryDirectory(prefix='isopod-example-') as root:
        place = None
        try:
            place, failures = ExamplePlace(os.path.realpath(root), options.binary, options), []
            for entry in scenario.parse(path, path.read_text()).entries:
                if isinstance(entry, scenario.Step):
                    failures += run.failures_of_step(place, entry)
                else:
                    place.set_up(entry)
            return failures, ''
        except package.Unavailable as error:
            return [], str(error)
        except scenario.ScenarioError as error:
            return [str(error)], ''
        except Exception:  # A broken scenario must not end the others.
            return [traceback.format_exc()], ''
        finally:
            if place:
                place.close()


def main(arguments=None):
    parser = argparse.ArgumentParser(description='Drives extensions and looks at what they did.')
    parser.add_argument('--binary', required=True)
    parser.add_argument('--package', help='the unpacked npm package, instead of fetching it')
    parser.add_argument('--filter', default='', help='only paths that contain this text')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('folders', nargs='*', default=[HERE / 'driven'])
    options = parser.parse_args(arguments)
    options.binary = Path(options.binary).resolve()
    try:
        package.examples_folder(options.package)  # Once, before scenarios run side by side.
    except package.Unavailable as error:
        print(f'skipped: what needs {package.PACKAGE}: {error}')
    paths = run.find_scenarios(options.folders, options.filter)
    failed = skipped = 0
    with ThreadPoolExecutor(max_workers=options.jobs) as pool:
        for path, (failures, reason) in zip(paths, pool.map(lambda path: failures_of(path, options), paths)):
            failed += bool(failures)
            skipped += bool(reason)
            if reason:
                print(f'skip {path.stem}: {reason}', flush=True)
            else:
                run.report(path.stem, failures)
    print(f'{len(paths) - failed - skipped} passed, {failed} failed, {skipped} skipped')
    return 0 if paths and not failed else 1


if __name__ == '__main__':
    sys.exit(main())
