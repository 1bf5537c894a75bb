#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes outcomes.json from a recording of what pi's examples answer to a fixed row of events.

    python3 test/examples/make_outcomes.py RECORDING [OUTPUT]

The recording is one JSON object {example: {ok, results: [{step: {op, event, payload}, outcome, inputAfter,
errors}]}}, with placeholders for paths. It is not part of this repository; what this keeps are the events, the
outcome that most examples give, and for each example the outcomes that are others, texts as digests.
"""
import collections
import json
import sys
from pathlib import Path

import facts

HERE = Path(__file__).resolve().parent


def outcome_of(result):
    """What isopod must show for this step: the result, the changed input of a tool call, the errors."""
    outcome = result.get('outcome')
    if isinstance(outcome, dict) and 'canContinue' in str(outcome.get('context')):
        outcome = {key: value for key, value in outcome.items() if key != 'context'}  # The recorder's own.
    shown = {'result': outcome}
    if 'inputAfter' in result:
        shown['input'] = result['inputAfter']
    if result.get('errors'):
        shown['errors'] = [error['error'] for error in result['errors']]
    return facts.compact(shown)


def main(recording, output=HERE / 'outcomes.json'):
    recorded = {name: entry for name, entry in json.loads(Path(recording).read_text()).items() if entry['ok']}
    rows = {name: [result for result in entry['results'] if result['step']['op'] == 'emit']
            for name, entry in recorded.items()}
    steps = [result['step'] for result in next(iter(rows.values()))]
    outcomes = {name: [outcome_of(result) for result in row] for name, row in rows.items()}
    usual = []
    for index in range(len(steps)):
        texts = collections.Counter(json.dumps(row[index], sort_keys=True) for row in outcomes.values())
        usual.append(json.loads(texts.most_common(1)[0][0]))
    examples = {name: {str(index): outcome for index, outcome in enumerate(row) if outcome != usual[index]}
                for name, row in sorted(outcomes.items())}
    lines = ['"events": [\n' + ',\n'.join(
        json.dumps({'name': step['event'], 'payload': step.get('payload') or {}}) for step in steps) + '\n]',
             '"usual": [\n' + ',\n'.join(map(json.dumps, usual)) + '\n]',
             '"examples": {\n' + ',\n'.join(
                 f'{json.dumps(name)}: {json.dumps(row)}' for name, row in examples.items()) + '\n}']
    Path(output).write_text('{\n' + ',\n'.join(lines) + '\n}\n')
    print(f'{len(examples)} examples, {len(steps)} events')


if __name__ == '__main__':
    main(*sys.argv[1:3])
