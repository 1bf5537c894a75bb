# SPDX-License-Identifier: MIT
"""The facts about one extension that isopod and pi must agree on, in the compact form of registrations.json."""
import hashlib
import json

FIELDS = ('tools', 'commands', 'flags', 'shortcuts', 'handlers', 'providers')
AGENT_FOLDER = '$AGENT'
_TEXT_LENGTH_MAX = 24
_DIGEST_LENGTH = 16
_SHOWN_MAX = 160


def compact(value):
    """The value with every sentence and every address replaced by its digest: equal texts stay equal."""
    if isinstance(value, dict):
        return {key: compact(member) for key, member in value.items()}
    if isinstance(value, list):
        return [compact(member) for member in value]
    if isinstance(value, str) and (len(value) > _TEXT_LENGTH_MAX or ' ' in value):
        return 'sha256:' + hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGEST_LENGTH]
    return value


def facts_of(registrations, agent_folder):
    """The compared fields of one entry; `agent_folder` is where pi's helpers found the agent's files."""
    text = json.dumps({field: registrations[field] for field in FIELDS}).replace(agent_folder, AGENT_FOLDER)
    return json.loads(text)


def _shown(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN_MAX else text[:_SHOWN_MAX] + '...'


def differences(expected, actual, path=''):
    """One line for each place where two compact values differ."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        found = []
        for key in sorted(expected.keys() | actual.keys()):
            place = f'{path}.{key}' if path else key
            if key not in actual:
                found.append(f'{place} is missing; pi has {_shown(expected[key])}')
            elif key not in expected:
                found.append(f'{place} is {_shown(actual[key])}; pi has none')
            else:
                found += differences(expected[key], actual[key], place)
        return found
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [line for index, pair in enumerate(zip(expected, actual))
                for line in differences(*pair, f'{path}.{index}')]
    same = type(expected) is type(actual) and expected == actual
    return [] if same else [f'{path} is {_shown(actual)}; pi has {_shown(expected)}']
