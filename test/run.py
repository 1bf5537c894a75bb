#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the scenarios of this folder against a built program.

    python3 test/run.py --binary PATH [--filter TEXT] [--jobs N] [FOLDER...]

Each scenario gets a fresh directory with a fresh HOME and ISOPOD_HOME. The last line is
"N passed, N failed"; the exit code is 0 only when something ran and nothing failed.
"""
import argparse
import base64
import glob
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import expect
import scenario

HERE = Path(__file__).resolve().parent
SUITES = ('script', 'hostile', 'compat')
SECONDS_PER_STEP = 30
NOBODY = 65534
# Results may nest ten thousand levels deep; Python's reader of JSON recurses.
RECURSION_MAX = 200_000
STACK_BYTES = 512 << 20


def shell_code(code):
    """A shell shows a program that a signal ended as 128 plus its number."""
    return code if code >= 0 else 128 - code


class Place:
    """The directory one scenario lives in, and what its setup lines made of it."""

    def __init__(self, root, binary):
        self.root, self.binary = Path(root), binary
        self.work = self.root / 'work'
        self.stdin, self.seconds, self.user, self.written = b'', SECONDS_PER_STEP, None, {}
        self.terminal, self.signal = False, None
        self.env = {'PATH': os.environ.get('PATH', ''), 'LANG': 'C.UTF-8', 'HOME': str(self.root / 'home'),
                    'ISOPOD_HOME': str(self.root / 'isopod')}
        for name in ('work', 'home', 'isopod'):
            (self.root / name).mkdir()

    def expand(self, text):
        """$DIR, $HOME and $ISOPOD_HOME, and ${repeat:COUNT:TEXT}."""
        text = re.sub(r'\$\{repeat:(\d+):([^}]*)\}', lambda match: match[2] * int(match[1]), text)
        for name, value in (('DIR', str(self.work)), ('ISOPOD_HOME', self.env['ISOPOD_HOME']),
                            ('HOME', self.env['HOME'])):
            text = text.replace('$' + name, value)
        return text

    def path(self, name):
        return self.work / self.expand(name)

    def append(self, name, content):
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, 'ab') as stream:
            stream.write(content)
        self.written[path] = path.read_bytes()

    def set_up(self, line):
        words = line.rest.split()
        if line.name == 'file':
            self.append(line.rest, line.block.encode())
        elif line.name == 'files':
            for number in range(int(words[1])):
                self.append(words[0].replace('{}', str(number)), line.block.replace('{}', str(number)).encode())
        elif line.name == 'file-base64':
            self.append(words[0], base64.b64decode(words[1], validate=True))
        elif line.name == 'file-repeat':
            name, count, text = line.rest.split(' ', 2)
            self.append(name, json.loads(text).encode() * int(count))
        elif line.name == 'fixture':
            self.append(words[-1], (HERE / 'fixtures' / words[0]).read_bytes())
        else:
            self._set_up_rest(line, words)

    def _set_up_rest(self, line, words):
        if line.name == 'dir':
            self.path(line.rest).mkdir(parents=True, exist_ok=True)
        elif line.name == 'link':
            self.path(words[0]).parent.mkdir(parents=True, exist_ok=True)
            self.path(words[0]).symlink_to(self.expand(words[1]))
        elif line.name == 'fifo':
            os.mkfifo(self.path(line.rest))
        elif line.name == 'chmod':
            self.path(words[0]).chmod(int(words[1], 8))
        elif line.name == 'env':
            name, _, value = line.rest.partition('=')
            self.env[name] = self.expand(value)
        elif line.name == 'stdin':
            self.stdin = line.block.encode()
        elif line.name == 'limit':
            self.seconds = float(line.rest)
        elif line.name == 'terminal':
            self.terminal = True
            self.env['TERM'] = 'xterm-256color'
        elif line.name == 'signal':
            self.signal = (signal.Signals[words[0]], float(words[1]))
        elif line.name == 'unprivileged':
            self._give_up_privileges()
        else:
            raise scenario.ScenarioError(f'line {line.number}: "{line.name}" cannot be set up')

    def _give_up_privileges(self):
        """Root reads everything, so the step runs as nobody, who must reach the program and the files."""
        if os.geteuid() != 0:
            return
        self.binary = shutil.copy(self.binary, self.root / 'program')
        self.user = NOBODY
        for path in (self.root, *self.root.rglob('*')):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def arguments(self, text):
        """Shell words with variables; a word with a star stands for the files it matches."""
        words = []
        for word in shlex.split(text):
            word = self.expand(word)
            found = sorted(glob.glob(word, root_dir=self.work)) if '*' in word else []
            words.extend(found or [word])
        return words

    def run(self, line):
        command = [str(self.binary), *self.arguments(line.rest)]
        if self.terminal:
            return self._run_on_terminal(command)
        process = self._start(command, subprocess.PIPE)
        if self.signal:
            threading.Timer(self.signal[1], process.send_signal, [self.signal[0]]).start()
        try:
            out, err = process.communicate(self.stdin, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            self._too_late(err)
        return expect.Outcome(shell_code(process.returncode), out, err, self.expand)

    def _start(self, command, stream):
        return subprocess.Popen(
            command, cwd=self.work, env=self.env, stdin=stream, stdout=stream, stderr=stream,
            start_new_session=True, user=self.user, group=self.user, extra_groups=[] if self.user else None)

    def _too_late(self, said):
        raise TimeoutError(f'it did not end within {self.seconds:g} s; it said:\n'
                           + expect.shortened(said.decode('utf-8', 'replace')))

    def _run_on_terminal(self, command):
        """All three streams are one terminal; what it shows, the echo of stdin included, counts as stdout."""
        master, slave = pty.openpty()
        process = self._start(command, slave)
        os.close(slave)
        os.write(master, self.stdin)
        shown, deadline = b'', time.monotonic() + self.seconds
        with os.fdopen(master, 'rb', buffering=0) as screen:
            while select.select([screen], [], [], max(0, deadline - time.monotonic()))[0]:
                try:
                    part = screen.read(65536)
                except OSError:  # How Linux says that the other side was closed.
                    break
                shown += part
            else:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                self._too_late(shown)
        return expect.Outcome(shell_code(process.wait()), shown.replace(b'\r\n', b'\n'), b'', self.expand)

    def check(self, line, outcome):
        if line.name in expect.CHECKS:
            return expect.CHECKS[line.name](line, outcome)
        path = self.path(line.rest)
        if line.name == 'unchanged':
            return None if path.read_bytes() == self.written[path] else f'{line.rest} was changed'
        return None if path.exists() == (line.name == 'exists') else f'{line.rest} is not {line.name}'


def failures_of_step(place, step):
    """What is wrong after a run, one text each."""
    try:
        outcome = place.run(step.run)
    except TimeoutError as error:
        return [f'line {step.run.number}: isopod {step.run.rest}\n{error}']
    failures, said = [], set()
    for line in step.checks:
        wrong = place.check(line, outcome)
        if wrong and wrong not in said:
            said.add(wrong)
            failures.append(f'line {line.number}: {line.name} {line.rest}\n{wrong}')
    return failures


def failures_of(path, binary):
    """Runs one scenario; an empty list means that it passed."""
    with tempfile.TemporaryDirectory(prefix='isopod-scenario-') as root:
        try:
            parsed = scenario.parse(path, path.read_text())
            place = Place(os.path.realpath(root), binary)
            failures = []
            for entry in parsed.entries:
                if isinstance(entry, scenario.Step):
                    failures += failures_of_step(place, entry)
                else:
                    place.set_up(entry)
            return failures
        except scenario.ScenarioError as error:
            return [str(error)]
        except Exception:  # A broken scenario must not end the others.
            return [traceback.format_exc()]


def report(name, failures):
    if not failures:
        print(f'ok   {name}', flush=True)
        return
    text = '\n'.join(failures).replace('\n', '\n     ')
    print(f'FAIL {name}\n     {text}', flush=True)


def find_scenarios(folders, text):
    paths = sorted(path for folder in folders for path in Path(folder).rglob('*.scenario'))
    return [path for path in paths if text in str(path)]


def main(arguments=None):
    parser = argparse.ArgumentParser(description='Runs the scenarios of this folder.')
    parser.add_argument('--binary', required=True)
    parser.add_argument('--filter', default='', help='only paths that contain this text')
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('folders', nargs='*', default=[HERE / suite for suite in SUITES])
    options = parser.parse_args(arguments)
    binary = Path(options.binary).resolve()
    if not os.access(binary, os.X_OK):
        parser.error(f'{binary} is no program')
    sys.setrecursionlimit(RECURSION_MAX)
    threading.stack_size(STACK_BYTES)
    paths = find_scenarios(options.folders, options.filter)
    failed = 0
    with ThreadPoolExecutor(max_workers=options.jobs) as pool:
        for path, failures in zip(paths, pool.map(lambda path: failures_of(path, binary), paths)):
            failed += bool(failures)
            report(f'{path.parent.name}/{path.stem}', failures)
    print(f'{len(paths) - failed} passed, {failed} failed')
    return 0 if paths and not failed else 1


if __name__ == '__main__':
    sys.exit(main())
