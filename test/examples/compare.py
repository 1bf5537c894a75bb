#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Loads each of pi's published examples and compares what it registers with what it registers in pi.

    python3 test/examples/compare.py --binary PATH [--package DIR] [--filter TEXT] [--times N]

Prints a table and, as the last line, "N passed, N failed"; the exit code is 1 when an example differs or too
few load. Without the package and without a network it says "skipped" and ends with 0.

--times N measures load times: medians of N runs, each in a process of its own. For a cold run the program and the
extension's files are dropped from the system's file cache first, for a warm one nothing is; the prelude is
compiled into the program in both, and nothing compiled is kept from run to run. pi's own times stand beside:
its cold loads translate the extension, its warm ones find that in a cache.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import facts
import package

HERE = Path(__file__).resolve().parent
# Loaded with the registrations that pi has, among the examples that need nothing from npm.
EQUAL_MIN = 75
RUN_SECONDS_MAX = 60
SHOWN_DIFFERENCES_MAX = 5


@dataclass
class Row:
    """What is known of one example after it was loaded."""
    name: str
    load: str  # 'yes', 'no' or 'as in pi: no'
    differences: list = field(default_factory=list)
    skipped: str = ''
    times: tuple = ()  # medians in ms: load cold and warm, whole process cold and warm
    pi_times: dict = field(default_factory=dict)

    def passed(self):
        return not self.differences and not self.skipped


class Loader:
    """Runs the program on examples, in an environment that has nothing of the user's."""

    def __init__(self, binary, place):
        self.binary, self.place = str(binary), Path(place)
        self.agent = str(self.place / 'agent')
        self.env = {'PATH': os.environ.get('PATH', ''), 'LANG': 'C.UTF-8', 'HOME': str(self.place / 'home'),
                    'ISOPOD_HOME': str(self.place / 'isopod'), 'PI_CODING_AGENT_DIR': self.agent}
        for name in ('home', 'agent', 'isopod', 'project'):
            (self.place / name).mkdir()

    def run(self, *arguments):
        """(Its JSON document, milliseconds of the whole process)."""
        start = time.perf_counter()
        done = subprocess.run([self.binary, *map(str, arguments), '--json'], cwd=self.place / 'project',
                              env=self.env, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=RUN_SECONDS_MAX, check=False)
        passed = (time.perf_counter() - start) * 1000
        try:
            return json.loads(done.stdout), passed
        except ValueError:
            text = done.stderr.decode('utf-8', 'replace').strip() or 'nothing'
            raise RuntimeError(f'exit {done.returncode}, no JSON; it said: {text[-300:]}') from None

    def times(self, path, count):
        cold, warm = [], []
        for _ in range(count):
            drop_from_file_cache(Path(self.binary))
            drop_from_file_cache(path)
            cold.append(self._load_and_process(path))
            warm.append(self._load_and_process(path))
        columns = (statistics.median(column) for runs in (cold, warm) for column in zip(*runs))
        cold_load, cold_process, warm_load, warm_process = columns
        return cold_load, warm_load, cold_process, warm_process

    def _load_and_process(self, path):
        document, passed = self.run('run', path)
        return document['extensions'][0]['load_ms'], passed


def drop_from_file_cache(path):
    for file in [path] if path.is_file() else [part for part in path.rglob('*') if part.is_file()]:
        with open(file, 'rb') as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def compare_failure(row, expected, error):
    """pi cannot load the example; we must refuse it for the same reason."""
    wanted = expected['error'].removeprefix('Failed to load extension: ').split('\n')[0]
    if error and wanted in error['message']:
        row.load = 'no, as in pi'
    else:
        row.differences.append(f'error is {error}; pi has {wanted}')


def compare(loader, path, expected):
    row = Row(path.name, 'no', pi_times=expected['pi_load_ms'])
    try:
        document, _ = loader.run('inspect', path)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        row.differences.append(str(error))
        return row
    if not expected['ok']:
        compare_failure(row, expected, document.get('error'))
    elif not document['ok']:
        row.differences.append(document['error']['message'].split('\n')[0])
    else:
        row.load = 'yes'
        actual = facts.compact(facts.facts_of(document, loader.agent))
        row.differences = facts.differences({name: expected[name] for name in facts.FIELDS}, actual)
    return row


def rows_of(loader, examples, options):
    expected = json.loads((HERE / 'registrations.json').read_text())
    for name in sorted(expected):
        if options.filter not in name:
            continue
        path, skipped = examples / name, ''
        if name in package.WITH_DEPENDENCIES:
            try:
                path = package.installed(examples, name)
            except package.Unavailable as error:
                skipped = f'skipped: its npm dependencies are missing: {error}'
        row = Row(name, '-', skipped=skipped) if skipped else compare(loader, path, expected[name])
        row.name, row.pi_times = name, expected[name]['pi_load_ms']
        if options.times and row.load == 'yes':
            row.times = loader.times(path, options.times)
        yield row


def show(row, with_times):
    line = f'{row.name:28} {row.load:13} ' + ('equal' if row.passed() else row.skipped or 'DIFFERS').ljust(8)
    if with_times:
        ours = (' '.join('%7.1f' % figure for figure in row.times)) if row.times else ' ' * 31
        line += f' {ours} {row.pi_times["cold"]:8.1f} {row.pi_times["warm"]:8.1f}'
    print(line.rstrip(), flush=True)
    for difference in row.differences[:SHOWN_DIFFERENCES_MAX]:
        print(f'    {difference}')
    if len(row.differences) > SHOWN_DIFFERENCES_MAX:
        print(f'    and {len(row.differences) - SHOWN_DIFFERENCES_MAX} more')


def show_head(with_times):
    head = f'{"example":28} {"loads":13} {"as in pi":8}'
    if with_times:
        head += f' {"cold":>7} {"warm":>7} {"process":>7} {"":>7} {"pi cold":>8} {"pi warm":>8}  (ms)'
    print(head)


def show_totals(rows):
    timed = [row for row in rows if row.times]
    if timed:
        columns = list(zip(*[(*row.times, row.pi_times['cold'], row.pi_times['warm']) for row in timed]))
        figures = ' '.join(f'{statistics.median(column):7.1f}' for column in columns)
        print(f'{"median of " + str(len(timed)):51} {figures}')


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Compares what pi's examples register with what they do in pi.")
    parser.add_argument('--binary', required=True)
    parser.add_argument('--package', help='the unpacked npm package, instead of fetching it')
    parser.add_argument('--filter', default='', help='only examples whose name contains this')
    parser.add_argument('--times', type=int, default=0, metavar='N', help='measure load times, N runs each')
    options = parser.parse_args(arguments)
    try:
        examples = package.examples_folder(options.package)
    except package.Unavailable as error:
        print(f'skipped: {package.PACKAGE} is neither here nor to be had: {error}')
        return 0
    rows = []
    show_head(options.times)
    with tempfile.TemporaryDirectory(prefix='isopod-examples-') as place:
        for row in rows_of(Loader(Path(options.binary).resolve(), os.path.realpath(place)), examples, options):
            rows.append(row)
            show(row, options.times)
    show_totals(rows)
    failed = sum(1 for row in rows if row.differences)
    equal = sum(1 for row in rows if row.load == 'yes' and row.passed())
    skipped = sum(1 for row in rows if row.skipped)
    print(f'{equal} load with the registrations that pi has; {skipped} skipped')
    print(f'{len(rows) - failed - skipped} passed, {failed} failed')
    return 1 if failed or (equal < EQUAL_MIN and not options.filter) else 0


if __name__ == '__main__':
    sys.exit(main())
