# SPDX-License-Identifier: MIT
"""Reads scenario files: plain text that says what to write, what to run and what must come of it.

README.md in this folder describes the format. A mistake in a scenario is a ScenarioError with its line, so
that a misspelt expectation fails instead of never being checked.
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

BLOCKS = {'file', 'files', 'stdin', 'stdout-equals'}
SETUP = {'file-base64', 'file-repeat', 'fixture', 'dir', 'link', 'fifo', 'chmod', 'env', 'limit', 'signal', 'terminal',
         'unprivileged'}
CHECKS = {'exit', 'stdout', 'stderr', 'json', 'accounting', 'unchanged', 'exists', 'absent'}


class ScenarioError(Exception):
    """The scenario itself is wrong."""


@dataclass
class Line:
    """One directive; `block` is the text up to `end` for those that take one."""
    number: int
    name: str
    rest: str
    block: str = ''


@dataclass
class Step:
    """One run of the program with what must hold after it."""
    run: Line  # its rest is the command line
    checks: list = field(default_factory=list)


@dataclass
class Scenario:
    """Steps in order; an entry is a setup Line or a Step."""
    path: Path
    about: str = ''
    entries: list = field(default_factory=list)


def _read_block(lines, start):
    """The text of the lines after `start` up to `end`, and the index of that."""
    for index in range(start + 1, len(lines)):
        if lines[index] == 'end':
            return ''.join(line + '\n' for line in lines[start + 1:index]), index
    raise ScenarioError(f'line {start + 1}: the block has no line "end"')


def read_lines(text):
    """The directives of a scenario, without comments and empty lines."""
    lines = text.split('\n')
    directives, index = [], 0
    while index < len(lines):
        text = lines[index].strip()
        if text and not text.startswith('#'):
            name, _, rest = text.partition(' ')
            directive = Line(index + 1, name, rest.strip())
            if name in BLOCKS:
                directive.block, index = _read_block(lines, index)
            directives.append(directive)
        index += 1
    return directives


def _add(scenario, line):
    if line.name == 'isopod':
        scenario.entries.append(Step(line))
    elif line.name in SETUP or line.name in BLOCKS - {'stdout-equals'}:
        scenario.entries.append(line)
    elif line.name in CHECKS or line.name == 'stdout-equals':
        if not scenario.entries or not isinstance(scenario.entries[-1], Step):
            raise ScenarioError(f'line {line.number}: "{line.name}" does not follow a run')
        scenario.entries[-1].checks.append(line)
    else:
        raise ScenarioError(f'line {line.number}: there is no directive "{line.name}"')


def parse(path, text):
    """The scenario of a file. Each run must state its exit code, and there must be one."""
    comment = re.match(r'(?:#[^\n]*\n)+', text)
    if not comment:
        raise ScenarioError('line 1: a scenario starts with a comment that says what it shows')
    scenario = Scenario(path, re.sub(r'^# ?', '', comment[0], flags=re.M).strip())
    for line in read_lines(text):
        _add(scenario, line)
    steps = [entry for entry in scenario.entries if isinstance(entry, Step)]
    if not steps:
        raise ScenarioError('there is no isopod line')
    for step in steps:
        if not any(check.name == 'exit' for check in step.checks):
            raise ScenarioError(f'line {step.run.number}: the run states no exit code')
    return scenario
