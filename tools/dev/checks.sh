# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The checks of tools/. Each prints its problems and one closing line, and remembers what it can.

FAST_CHECKS=(format layers sizes hosts text headers)

run_check() {
  case $1 in
    headers | tidy) python3 "tools/check_$1.py" . build/dev ;;
    *) python3 "tools/check_$1.py" . ;;
  esac
}

# The self-tests of the checks: tools/*_test.py.
run_tool_tests() {
  python3 -m unittest discover --start-directory tools --pattern '*_test.py'
}

# The self-tests of the scenario runner: test/*_test.py.
run_scenario_runner_tests() {
  python3 -m unittest discover --start-directory test --pattern '*_test.py'
}
