#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cold start of a whole process to the result of one tool call, beside other runtimes.

    python3 bench/cold_start.py [--runs N] [--json]

Contenders, in turn, N times each after one warm-up: isopod running examples/hello.ts; bun and node, from npm,
running the same file through bench/driver.mjs, which registers the tool, calls it and prints the result. Every
output is compared before it counts. The runtimes are installed once, by name, into .deps/bench.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / '.deps' / 'bench'
EXTENSION = ROOT / 'examples' / 'hello.ts'
EXPECTED = 'Hello, world!'
PACKAGES = ['bun@1.4.5', 'node@24', 'typebox@1.3.27']


def install():
    if (PLACE / 'node_modules' / '.bin' / 'bun').exists():
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / 'package.json').write_text('{"private": true, "type": "module"}\n')
    subprocess.run(['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', *PACKAGES],
                   cwd=PLACE, check=True)


def contenders():
    binaries = PLACE / 'node_modules' / '.bin'
    (PLACE / 'hello.ts').write_text(EXTENSION.read_text())
    (PLACE / 'driver.mjs').write_text((ROOT / 'bench' / 'driver.mjs').read_text())
    call = ['hello', '{"name":"world"}']
    return {
        'isopod': [str(ROOT / 'build/release/isopod'), 'run', str(EXTENSION), '--call', *call],
        'bun': [str(binaries / 'bun'), 'driver.mjs', './hello.ts', *call],
        'node': [str(binaries / 'node'), 'driver.mjs', './hello.ts', *call],
        'isopod --version': [str(ROOT / 'build/release/isopod'), '--version'],
        'isopod --help': [str(ROOT / 'build/release/isopod'), '--help'],
        '/bin/true': ['/bin/true'],
    }


def run_once(name, command):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=PLACE, capture_output=True, text=True, check=False)
    took = (time.perf_counter() - start) * 1000
    says_hello = name in ('isopod', 'bun', 'node')
    if done.returncode != 0 or (says_hello and done.stdout.strip() != EXPECTED):
        sys.exit(f'{name} failed ({done.returncode}): {done.stdout}{done.stderr}')
    return took


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--runs', type=int, default=20)
    parser.add_argument('--json', action='store_true')
    options = parser.parse_args()
    install()
    times = {name: [] for name in contenders()}
    for index in range(options.runs + 1):
        for name, command in contenders().items():
            took = run_once(name, command)
            if index > 0:
                times[name].append(took)
    rows = {name: {'p50_ms': round(statistics.median(values), 2), 'min_ms': round(min(values), 2),
                   'max_ms': round(max(values), 2), 'n': len(values)} for name, values in times.items()}
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    print(f'{os.cpu_count()} CPUs, wall time of the whole process, ms')
    for name, row in rows.items():
        ratio = row['p50_ms'] / rows['bun']['p50_ms']
        print(f"{name:18} p50 {row['p50_ms']:8.2f}  min {row['min_ms']:8.2f}  max {row['max_ms']:8.2f}"
              f"  n {row['n']}  x bun {ratio:.2f}")


if __name__ == '__main__':
    main()
