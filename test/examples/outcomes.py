#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fires a fixed row of events at each of pi's examples and compares every outcome with pi's own.

    python3 test/examples/outcomes.py --binary PATH [--package DIR] [--filter TEXT]

The last line is "N passed, N failed", counting outcomes; the exit code is 1 when one differs. Without the
package and without a network it says "skipped" and ends with 0.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import compare
import facts
import package

HERE = Path(__file__).resolve().parent
# What a turn's options are in the outcome of before_agent_start; the other members describe the host's agent.
COMPARED_OPTIONS = ('forceSystemPrompt', 'sections', 'promptGuidelines', 'selectedTools')
# The recording fetched something from a host that nobody here has.
UNCOMPARED = ('gondolin',)
SHOWN_DIFFERENCES_MAX = 4


def outcome_of(result, expected, names):
    """The value of one fired event in the form of outcomes.json; `names` maps paths to placeholders."""
    value = result.get('value') or {}
    outcome = value.get('result')
    if isinstance(outcome, dict):
        options = outcome.get('systemPromptOptions', {})
        outcome = {key: member for key, member in outcome.items() if key not in ('context', 'systemPromptOptions')}
        outcome |= {key: options[key] for key in COMPARED_OPTIONS if key in options}
    shown = {'result': outcome}
    if 'input' in expected:
        shown['input'] = value.get('event', {}).get('input')
    errors = [error['message'] for error in value.get('errors', [])] + ([] if result['ok'] else [result['error']])
    if errors:
        shown['errors'] = errors
    text = json.dumps(shown)
    for path, placeholder in names:
        text = text.replace(path, placeholder)
    return facts.compact(json.loads(text))


def fire(loader, path, events):
    """Fires all the events at one example in one process; the results, one for each."""
    arguments = []
    for event in events:
        arguments += ['--emit', event['name'], json.dumps(event['payload'])]
    document, _ = loader.run('run', path, '--allow', 'all', *arguments)
    return document['results']


def compare_example(loader, path, recorded, name):
    """(Number of equal outcomes, one text for each other one)."""
    expected = [recorded['examples'][name].get(str(index), usual) for index, usual in enumerate(recorded['usual'])]
    names = [(str(path), '$EXT'), (str(loader.place / 'project'), '$CWD'), (loader.agent, '$TMP/agent')]
    try:
        results = fire(loader, path, recorded['events'])
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return 0, [str(error)]
    equal, wrong = 0, []
    for event, wanted, result in zip(recorded['events'], expected, results):
        found = facts.differences(wanted, outcome_of(result, wanted, names))
        equal += not found
        if found:
            wrong.append(f'{event["name"]} {json.dumps(event["payload"])[:80]}: {"; ".join(found[:2])}')
    return equal, wrong


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Compares what pi's examples answer to events with pi's own.")
    parser.add_argument('--binary', required=True)
    parser.add_argument('--package', help='the unpacked npm package, instead of fetching it')
    parser.add_argument('--filter', default='', help='only examples whose name contains this')
    options = parser.parse_args(arguments)
    recorded = json.loads((HERE / 'outcomes.json').read_text())
    try:
        examples = package.examples_folder(options.package)
    except package.Unavailable as error:
        print(f'skipped: {package.PACKAGE} is neither here nor to be had: {error}')
        return 0
    passed = failed = 0
    for name in recorded['examples']:
        if options.filter not in name or name in UNCOMPARED:
            continue
        try:
            path = package.installed(examples, name) if name in package.WITH_DEPENDENCIES else examples / name
        except package.Unavailable as error:
            print(f'skip {name}: {error}')
            continue
        with tempfile.TemporaryDirectory(prefix='isopod-outcomes-') as place:
            equal, wrong = compare_example(
                compare.Loader(Path(options.binary).resolve(), os.path.realpath(place)), path, recorded, name)
        passed, failed = passed + equal, failed + len(wrong)
        print(f'{"FAIL" if wrong else "ok  "} {name}: {equal} of {len(recorded["events"])}', flush=True)
        for line in wrong[:SHOWN_DIFFERENCES_MAX]:
            print(f'    {line}')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
