#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads what a test runner left behind and prints "PASSED FAILED".

    count_results.py gtest FOLDER   ctest.xml (JUnit, by ctest) and one gtest XML per program
    count_results.py tap LOG        the summary that node --test writes
    count_results.py unittest LOG   the summary of python3 -m unittest
    count_results.py total LOG      the last line "N passed, N failed"

What cannot be read counts as nothing passed and nothing failed, which the caller takes for a failure.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def count_program(path):
    """Passed and failed cases of one gtest program, or None if its report is not whole."""
    try:
        suites = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return None
    cases = list(suites.iter('testcase'))
    failed = sum(1 for case in cases if case.find('failure') is not None)
    skipped = sum(1 for case in cases if case.find('skipped') is not None or case.get('status') == 'notrun')
    return len(cases) - failed - skipped, failed


def count_gtest(folder):
    """A program that ended badly without a failed case (a crash, a leak) counts as one failure more."""
    try:
        programs = ElementTree.parse(folder / 'ctest.xml').getroot().iter('testcase')
    except (OSError, ElementTree.ParseError):
        return 0, 0
    passed = failed = 0
    for program in programs:
        good = program.get('status') == 'run'
        cases = count_program(folder / f'test_{program.get("name")}.xml') or (1 if good else 0, 0)
        passed += cases[0]
        failed += cases[1] if good or cases[1] else 1
    return passed, failed


def last_numbers(text, *patterns):
    found = [re.findall(pattern, text, re.M) for pattern in patterns]
    return [int(numbers[-1]) if numbers else 0 for numbers in found]


def count_tap(text):
    passed, failed, cancelled = last_numbers(text, r'^# pass (\d+)', r'^# fail (\d+)', r'^# cancelled (\d+)')
    return passed, failed + cancelled


def count_unittest(text):
    ran, failures, errors, skipped = last_numbers(
        text, r'^Ran (\d+) test', r'failures=(\d+)', r'errors=(\d+)', r'skipped=(\d+)')
    return max(0, ran - failures - errors - skipped), failures + errors


def count_total(text):
    found = re.findall(r'^(\d+) passed, (\d+) failed\b', text, re.M)
    return (int(found[-1][0]), int(found[-1][1])) if found else (0, 0)


def main(kind, place):
    if kind == 'gtest':
        return count_gtest(Path(place))
    counters = {'tap': count_tap, 'unittest': count_unittest, 'total': count_total}
    return counters[kind](Path(place).read_text(errors='replace'))


if __name__ == '__main__':
    print(*main(*sys.argv[1:3]))
