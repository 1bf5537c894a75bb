# SPDX-License-Identifier: MIT
"""The expectations of scenarios: each takes what a run left behind and yields what is wrong with it."""
import difflib
import json
import re
from dataclasses import dataclass

from scenario import ScenarioError

SHOWN_CHARACTERS_MAX = 4000
SHOWN_LINES_MAX = 40
ENDINGS = ('ok', 'error', 'denied', 'timeout', 'cancelled', 'in_flight')
_MISSING = object()


@dataclass
class Outcome:
    """What a run left behind. `expand` replaces variables in the text of an expectation."""
    code: int
    stdout: bytes
    stderr: bytes
    expand: object
    _document: object = _MISSING

    def text(self, stream):
        return (self.stdout if stream == 'stdout' else self.stderr).decode('utf-8', 'surrogateescape')

    def document(self):
        if self._document is _MISSING:
            self._document = parse_json(self.stdout.decode('utf-8'))
        return self._document


def parse_json(text):
    """JSON as the standard has it: Python also takes NaN and Infinity."""
    def refuse(word):
        raise ValueError(f'{word} is not JSON')
    return json.loads(text, parse_constant=refuse)


def shortened(text):
    """The text for a report: its beginning and its end when it is long."""
    text = text.encode('utf-8', 'backslashreplace').decode()
    lines = text.split('\n')
    if len(lines) > SHOWN_LINES_MAX:
        half = SHOWN_LINES_MAX // 2
        text = '\n'.join([*lines[:half], f'[... {len(lines)} lines ...]', *lines[-half:]])
    if len(text) > SHOWN_CHARACTERS_MAX:
        half = SHOWN_CHARACTERS_MAX // 2
        text = f'{text[:half]}\n[... {len(text)} characters ...]\n{text[-half:]}'
    return text


def _diff(expected, actual):
    lines = difflib.unified_diff(expected.splitlines(), actual.splitlines(), 'expected', 'actual', lineterm='')
    return shortened('\n'.join(lines))


def find(document, path):
    """The value at a path such as results.0.value.content; a dot in a key is written \\. ."""
    value = document
    for key in ([] if path == '.' else re.split(r'(?<!\\)\.', path)):
        key = key.replace('\\.', '.')
        if isinstance(value, list) and re.fullmatch(r'-?\d+', key) and -len(value) <= int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            return _MISSING
    return value


def _is_same(actual, wanted):
    """Equality of JSON: for Python, True equals 1."""
    if isinstance(actual, bool) or isinstance(wanted, bool):
        return actual is wanted
    if isinstance(actual, list) and isinstance(wanted, list):
        return len(actual) == len(wanted) and all(map(_is_same, actual, wanted))
    if isinstance(actual, dict) and isinstance(wanted, dict):
        return actual.keys() == wanted.keys() and all(_is_same(actual[key], wanted[key]) for key in actual)
    return actual == wanted


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TAKES_JSON = {
    '==': _is_same,
    '!=': lambda actual, wanted: not _is_same(actual, wanted),
    '>=': lambda actual, wanted: _is_number(actual) and actual >= wanted,
    '<=': lambda actual, wanted: _is_number(actual) and actual <= wanted,
    'length': lambda actual, wanted: isinstance(actual, (str, list, dict)) and len(actual) == wanted,
}
_TAKES_TEXT = {
    'contains': lambda actual, wanted: isinstance(actual, (str, list, dict)) and wanted in actual,
    'lacks': lambda actual, wanted: isinstance(actual, (str, list, dict)) and wanted not in actual,
    'matches': lambda actual, wanted: isinstance(actual, str) and re.search(wanted, actual) is not None,
}


def check_json(line, outcome):
    words = line.rest.split(' ', 2)
    if len(words) < 2 or (words[1] in ('exists', 'absent')) != (len(words) == 2):
        raise ScenarioError(f'line {line.number}: json takes PATH OPERATOR VALUE, PATH exists or PATH absent')
    path, operator = words[0], words[1]
    try:
        actual = find(outcome.document(), path)
    except (ValueError, RecursionError) as error:
        return f'stdout is not one JSON document: {error}'
    if operator in ('exists', 'absent'):
        return None if (actual is _MISSING) == (operator == 'absent') else f'{path} is not {operator}'
    wanted = outcome.expand(words[2])
    if operator in _TAKES_JSON:
        holds, wanted = _TAKES_JSON[operator], parse_json(wanted)
    elif operator in _TAKES_TEXT:
        holds = _TAKES_TEXT[operator]
    else:
        raise ScenarioError(f'line {line.number}: there is no operator "{operator}"')
    if actual is _MISSING:
        return f'{path} is absent'
    return None if holds(actual, wanted) else f'{path} is {shortened(json.dumps(actual))}'


def check_stream(line, outcome):
    """stdout|stderr contains|lacks|matches|never|equals|count N|empty."""
    actual = outcome.text(line.name)
    operator, _, wanted = line.rest.partition(' ')
    if operator == 'empty':
        return None if not actual else f'{line.name} is:\n{shortened(actual)}'
    if not wanted:
        raise ScenarioError(f'line {line.number}: "{line.name} {operator}" takes a text')
    wanted = outcome.expand(wanted)
    if operator == 'contains':
        holds = wanted in actual
    elif operator == 'lacks':
        holds = wanted not in actual
    elif operator == 'matches':
        holds = re.search(wanted, actual, re.M) is not None
    elif operator == 'never':
        holds = re.search(wanted, actual, re.M) is None
    elif operator == 'equals':
        holds = actual == wanted + '\n'
    elif operator == 'count':
        count, _, part = wanted.partition(' ')
        holds = part != '' and actual.count(part) == int(count)
    else:
        raise ScenarioError(f'line {line.number}: there is no operator "{operator}"')
    return None if holds else f'{line.name} is:\n{shortened(actual)}'


def check_accounting(line, outcome):
    """Every hostcall is counted once: issued is the sum of the ways to end, and none is under way."""
    if line.rest:
        raise ScenarioError(f'line {line.number}: "accounting" takes nothing')
    try:
        figures = find(outcome.document(), 'hostcalls')
        total = sum(figures[ending] for ending in ENDINGS)
        by_lane = sum(figures['by_lane'].values())
        holds = figures['issued'] == total == by_lane and figures['in_flight'] == 0
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        return f'there are no figures of hostcalls: {error!r}'
    return None if holds else f'the figures do not add up: {json.dumps(figures)}'


def check_exit(line, outcome):
    try:
        wanted = int(line.rest)
    except ValueError:
        raise ScenarioError(f'line {line.number}: exit takes a number') from None
    if outcome.code == wanted:
        return None
    return f'the exit code is {outcome.code}; stderr is:\n{shortened(outcome.text("stderr"))}'


def check_whole_stdout(line, outcome):
    wanted, actual = outcome.expand(line.block), outcome.text('stdout')
    return None if wanted == actual else 'stdout differs:\n' + _diff(wanted, actual)


CHECKS = {'exit': check_exit, 'stdout': check_stream, 'stderr': check_stream, 'json': check_json,
          'accounting': check_accounting, 'stdout-equals': check_whole_stdout}
