# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The suites of ./dev test: each one runs to its end, is counted, and adds to the totals.

TOTAL_PASSED=0
TOTAL_FAILED=0
SUITE_LINES=()
# The rooms whose tests run again with the engines that find leaks and freed values.
ENGINE_ROOMS=(engine modules isolate pi)

# add_result TITLE PASSED FAILED
add_result() {
  TOTAL_PASSED=$((TOTAL_PASSED + $2))
  TOTAL_FAILED=$((TOTAL_FAILED + $3))
  SUITE_LINES+=("$(printf '  %-34s %6d passed %6d failed' "$1" "$2" "$3")")
}

# suite TITLE LOG KIND PLACE COMMAND... runs the command as a step and counts its tests in PLACE, as
# count_results.py reads that kind. A suite that ran no test, or ended badly without naming one, has failed.
suite() {
  local title=$1 log=$2 kind=$3 place=$4 status=0 passed=0 failed=0
  shift 4
  step "$title" "$log" "$@" || status=$?
  read -r passed failed < <(python3 tools/count_results.py "$kind" "$place") || :
  if [ $((passed + failed)) -eq 0 ]; then
    say "    No test ran in this suite."
    failed=1
  elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1
  fi
  add_result "$title" "$passed" "$failed"
}

suite_checks() {
  local check
  configure dev || { add_result checks 0 1; return; }
  for check in "$@"; do
    if step "check $check" "check-$check" run_check "$check"; then
      add_result "check $check" 1 0
    else
      add_result "check $check" 0 1
    fi
  done
}

suite_tools() {
  suite "tests of the checks" tools unittest "$LOG_DIR/tools.log" run_tool_tests
  suite "tests of the scenario runner" scenario-runner unittest "$LOG_DIR/scenario-runner.log" \
    run_scenario_runner_tests
}

# run_ctest PRESET [ROOM...] runs the tests of all rooms, or of those.
run_ctest() {
  local preset=$1 results=$ISOPOD_ROOT/build/$1/results filter=()
  shift
  [ $# -eq 0 ] || filter=(--tests-regex "^($(IFS='|' && printf '%s' "$*"))\$")
  rm -rf "$results" && mkdir -p "$results"
  if [ "$preset" = gcstress ]; then
    # A collection at each allocation makes filling a heap take time in the square of its size.
    local -x GTEST_FILTER='-*LimitsTest.*' RC_PARAMS=${RC_PARAMS:-max_success=20}
  fi
  GTEST_OUTPUT=xml:$results/ ctest --test-dir "build/$preset" --output-on-failure --no-tests=error \
    --parallel "$JOBS" --output-junit "$results/ctest.xml" "${filter[@]}"
}

# suite_rooms PRESET [ROOM...]
suite_rooms() {
  local preset=$1 targets=() rooms
  shift
  if [ $# -gt 0 ]; then
    configure "$preset" || { add_result "build $preset" 0 1; return; }
    mapfile -t targets < <(existing_targets "$preset" "${@/#/test_}")
    [ ${#targets[@]} -gt 0 ] || { say "  No room of these exists yet: $*"; return; }
  fi
  build "$preset" "${targets[@]}" || { add_result "build $preset" 0 1; return; }
  rooms=("${targets[@]#test_}")
  suite "unit tests ($preset)" "test-$preset" gtest "build/$preset/results" run_ctest "$preset" "${rooms[@]}"
}

suite_engine() {
  suite_rooms leak "${ENGINE_ROOMS[@]}"
  suite_rooms gcstress "${ENGINE_ROOMS[@]}"
}

# The files are named one by one, because versions of node differ in what they do with a folder.
run_script_tests() {
  local files
  mapfile -t files < <(find js/test -type f -regextype posix-extended -regex '.*[._-]test\.(js|mjs|cjs)' | sort)
  [ ${#files[@]} -gt 0 ] || { echo "js/test holds no test"; return 1; }
  "$(test_node)" --test --test-reporter=tap "${files[@]}"
}

suite_scripts() {
  [ -d js/test ] || return 0
  setup_test_node
  suite "tests of js/" test-js tap "$LOG_DIR/test-js.log" run_script_tests
}

suite_binary() {
  [ -f test/run.py ] || return 0
  build release || { add_result "build release" 0 1; return; }
  suite "tests of the binary" test-binary total "$LOG_DIR/test-binary.log" \
    python3 test/run.py --binary build/release/isopod "$@"
}

# pi's published examples. They come from npm: without them and without a network, what needs them is skipped.
suite_examples() {
  local script binary=build/release/isopod
  build release || { add_result "build release" 0 1; return; }
  suite "tests of the examples' scripts" examples-scripts unittest "$LOG_DIR/examples-scripts.log" \
    python3 -m unittest discover --start-directory test/examples --pattern '*_test.py'
  if step "pi's published examples" examples-fetch python3 test/examples/package.py; then
    for script in compare outcomes; do
      suite "pi's examples: $script" "examples-$script" total "$LOG_DIR/examples-$script.log" \
        python3 "test/examples/$script.py" --binary "$binary"
    done
  else
    say "    Skipped: they are not in .deps/ and npm cannot fetch them."
    SUITE_LINES+=("  pi's examples                      skipped: no package and no network")
  fi
  suite "extensions at work" examples-drive total "$LOG_DIR/examples-drive.log" \
    python3 test/examples/drive.py --binary "$binary"
}

# Ends a run of suites: the table, one plain line, and the exit status.
finish_suites() {
  local start=$1
  say
  printf '%s\n' "${SUITE_LINES[@]}"
  say "  ${DIM}in $(elapsed "$start")${RESET}"
  say "$TOTAL_PASSED passed, $TOTAL_FAILED failed"
  [ "$TOTAL_FAILED" -eq 0 ] && [ "$TOTAL_PASSED" -gt 0 ]
}
