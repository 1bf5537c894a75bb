#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks how long our C++, TypeScript and JavaScript files and functions are.

Hard limits: 1,000 lines a file, 70 lines a function, from its first line to its closing brace. A lambda of
C++ counts as part of its function. In scripts a function that holds others is a module by another name, so
there the lines of the inner functions are counted for themselves and not for the outer one. The medians and
90th percentiles are printed beside what STYLE asks for; they do not fail the check.
"""
import re
import sys
from pathlib import Path

from checklib import CPP_SUFFIXES, SCRIPT_SUFFIXES, finish, our_files, read_text, root_argument

FILE_LINES_MAX = 1000
FUNCTION_LINES_MAX = 70
BUDGETS = {'headers': (100, 250), 'sources': (200, 600), 'functions': (10, 40)}

# Everything whose braces and parentheses are not structure. A regular expression is taken for one where a
# value may begin; a template is opaque, the code in its holes included.
_CPP_OPAQUE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)
_SCRIPT_OPAQUE = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|`(?:\\.|[^`\\])*`'
    r'|(?:(?<=[(,=:\[!&|?{};\n])|(?<=\breturn))[ \t]*/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*', re.S)
_NOT_A_FUNCTION = {'if', 'for', 'while', 'switch', 'catch', 'else', 'do', 'try', 'return', 'with', 'constexpr'}
_CPP_TYPE = re.compile(r'^(?:template\s*<.*>\s*)?(?:export\s+|inline\s+|typedef\s+|static\s+|const\s+)*'
                       r'(?:namespace|class|struct|union|enum|extern)\b(?!.*\)\s*(?:const|noexcept|override)?\s*$)', re.S)


def blank_opaque(text, is_script):
    """The text with comments, strings and the like turned into spaces; line breaks stay."""
    pattern = _SCRIPT_OPAQUE if is_script else _CPP_OPAQUE
    text = pattern.sub(lambda m: re.sub(r'[^\n]', ' ', m[0]), text)
    if not is_script:
        text = re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', lambda m: re.sub(r'[^\n]', ' ', m[0]), text, flags=re.M)
    return text


def _statement_before(text, position):
    """What stands between the last ; { or } outside parentheses and the position, with its offset."""
    depth, start = 0, position
    while start > 0:
        character = text[start - 1]
        if character in ')]':
            depth += 1
        elif character in '([':
            if depth == 0:
                break
            depth -= 1
        elif character in ';{}' and depth == 0:
            break
        start -= 1
    return text[start:position], start


def _opens_function(head, is_script):
    """Whether a brace after this text begins the body of a function."""
    plain = head.strip()
    words = re.findall(r'[A-Za-z_]\w*', plain)
    if not plain or not words:
        return False
    if is_script:
        if re.search(r'=>\s*$', plain):
            return True
        if re.search(r'\bfunction\b\s*\*?\s*[\w$]*\s*(<.*>)?\s*\(', plain, re.S):
            return True
        return words[0] not in _NOT_A_FUNCTION and bool(
            re.search(r'^[\w$#*\s\[\].]+(<.*>)?\(.*\)\s*(:\s*[^=]+)?$', plain, re.S)) and words[0] not in ('class', 'interface')
    if words[0] in _NOT_A_FUNCTION or _CPP_TYPE.match(plain) or re.search(r'=\s*$', plain):
        return False
    return ')' in plain and bool(re.search(r'\)[\w\s&:<>,()*{}.\->]*$', plain))


def functions_of(text, is_script):
    """(First line, number of lines) for each function of a file."""
    plain = blank_opaque(text, is_script)
    stack, found, unfinished = [], [], None
    for match in re.finditer(r'[{}]', plain):
        position = match.start()
        if match[0] == '{':
            entry = unfinished or _opened_function(plain, position, stack, is_script)
            unfinished = None
            stack.append(entry)
        elif stack:
            entry = stack.pop()
            # `Name() : member_{1}, other_{2} {` and `name(): {a: string} {`: braces before those of the body.
            if entry and re.match(r'\s*\{' if is_script else r'\s*[,{]', plain[position + 1:position + 200]):
                unfinished = entry
            elif entry:
                found.append(_closed_function(plain, position, entry, stack))
    return sorted(found)


def _opened_function(plain, position, stack, is_script):
    """The function that the brace at a position begins, or None."""
    head, start = _statement_before(plain, position)
    if (any(stack) and not is_script) or not _opens_function(head, is_script):
        return None
    start += re.match(r'(?:\s|(?:public|private|protected)\s*:(?!:))*', head).end()
    return {'first': plain.count('\n', 0, start) + 1, 'inner': 0}


def _closed_function(plain, position, entry, stack):
    lines = plain.count('\n', 0, position) + 2 - entry['first']
    outer = next((other for other in reversed(stack) if other), None)
    if outer:
        outer['inner'] += max(0, lines - 1)
    return entry['first'], max(1, lines - entry['inner'])


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0


def report(name, values):
    median, high = BUDGETS[name]
    print(f'  {name}: {len(values)}, median {percentile(values, 0.5)} (aim {median}), '
          f'p90 {percentile(values, 0.9)} (aim {high}), longest {max(values, default=0)}')


def main(root):
    problems, lengths = [], {'headers': [], 'sources': [], 'functions': []}
    for path in our_files(root):
        if path.suffix not in CPP_SUFFIXES | SCRIPT_SUFFIXES or path.parts[0] == 'examples':
            continue
        text, is_script = read_text(root / path), path.suffix in SCRIPT_SUFFIXES
        lines = text.count('\n')
        lengths['headers' if path.suffix == '.h' else 'sources'].append(lines)
        if lines > FILE_LINES_MAX:
            problems.append(f'{path}: {lines} lines; a file has at most {FILE_LINES_MAX}')
        for first, length in functions_of(text, is_script):
            lengths['functions'].append(length)
            if length > FUNCTION_LINES_MAX:
                problems.append(f'{path}:{first}: a function of {length} lines; at most {FUNCTION_LINES_MAX}')
    for name, values in lengths.items():
        report(name, values)
    return finish('sizes', problems, f'{len(lengths["headers"]) + len(lengths["sources"])} files')


if __name__ == '__main__':
    sys.exit(main(root_argument()))
