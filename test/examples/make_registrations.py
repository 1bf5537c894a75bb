#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes registrations.json from a recording of what pi itself registers for each of its examples.

    python3 test/examples/make_registrations.py RECORDING [OUTPUT]

The recording is one JSON object {example: {ok, error, tools, commands, flags, shortcuts, handlers, providers,
coldLoadMs, warmLoadMs}}, with $TMP/agent for the agent's folder and $EXAMPLES for that of the examples. It is not part of this
repository; what this keeps of it are names, shapes, digests of texts, and pi's times.
"""
import json
import sys
from pathlib import Path

import facts

HERE = Path(__file__).resolve().parent
RECORDED_AGENT_FOLDER = '$TMP/agent'


def entry_of(recorded):
    entry = {'ok': recorded['ok']}
    if recorded['ok']:
        entry.update(facts.compact(facts.facts_of(recorded, RECORDED_AGENT_FOLDER)))
    else:
        entry['error'] = recorded['error']
    entry['pi_load_ms'] = {'cold': recorded['coldLoadMs'], 'warm': recorded['warmLoadMs']}
    return entry


def main(recording, output=HERE / 'registrations.json'):
    recorded = json.loads(Path(recording).read_text())
    lines = [f'{json.dumps(name)}: {json.dumps(entry_of(recorded[name]), ensure_ascii=False)}' for name in sorted(recorded)]
    Path(output).write_text('{\n' + ',\n'.join(lines) + '\n}\n')
    print(f'{len(lines)} examples')


if __name__ == '__main__':
    main(*sys.argv[1:3])
