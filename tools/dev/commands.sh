# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# One function for each command of ./dev.

command_help() {
  cat <<'HELP'
usage: ./dev COMMAND

  setup            install what building, testing and checking need
  build [PRESET]   build a preset (release when none is named) in build/PRESET
  demo             build the release binary and run a real extension with it
  test [SUITE...]  build and run the tests; suites: checks tools unit engine scripts binary examples
  soak             the long forms of the tests (ISOPOD_SOAK_SECONDS of fuzzing each, 300 unless set)
  bench [ARGS]     build the release binary and measure it beside other runtimes
  asan, tsan       the unit tests under sanitizers; room names after it select
  fuzz [NAME...]   run the fuzzers, each for ISOPOD_FUZZ_SECONDS (60 unless set)
  lint             every check: format, layers, sizes, hosts, text, headers, tidy
  format           let clang-format rewrite our sources
  clean [--all]    remove build/, with --all also what was fetched

Every command installs what it lacks first. Logs are in build/logs; docs/building.md tells more.
HELP
}

command_setup() {
  setup_for build test lint tidy
  setup_test_node
  say "Everything is in place. Next: ./dev demo"
}

command_build() {
  local preset=${1:-release}
  case $preset in
    release) setup_for build ;;
    fuzz) setup_for build fuzz ;;
    *) setup_for build test ;;
  esac
  build_or_die "$preset"
}

# --- demo ---

# The example is taken as it was published, never changed, and checked against the digest it had then.
DEMO_PACKAGE=@earendil-works/pi-coding-agent@1.5.2
DEMO_FILE=package/examples/extensions/hello.ts
DEMO_SHA256=0aa4e9800c2526914d4c1edb00b2cfa9bd9dd6da5218289994cccd5f5bfa4934

fetch_demo() {
  local folder=$DEPS_DIR/demo.new
  rm -rf "$folder" && mkdir -p "$folder" &&
    (cd "$folder" && retry 2 npm pack "$DEMO_PACKAGE" && tar -xzf ./*.tgz "$DEMO_FILE") &&
    printf '%s  %s\n' "$DEMO_SHA256" "$folder/$DEMO_FILE" | sha256sum --check --quiet &&
    mkdir -p "$DEPS_DIR/demo" &&
    mv "$folder/$DEMO_FILE" "$DEPS_DIR/demo/hello.ts" && rm -rf "$folder"
}

command_demo() {
  local extension=.deps/demo/hello.ts status=0 shown
  setup_for build
  build_or_die release
  if [ ! -f "$extension" ] && ! step "fetch pi's published example" fetch-demo fetch_demo; then
    extension=examples/hello.ts
    say "  pi's published example is out of reach; this runs $extension of this repository instead."
  fi
  shown="build/release/isopod run $extension --call hello '{\"name\":\"world\"}'"
  say && say "${BOLD}\$ $shown${RESET}"
  build/release/isopod run "$extension" --call hello '{"name":"world"}' || status=$?
  say
  [ "$status" -eq 0 ] || die "The demo ended with status $status."
  say "That was an unmodified TypeScript extension, run without Node. Next: ./dev test"
}

# --- tests ---

command_test() {
  local start suites=("$@") suite
  start=$(now_ms)
  [ $# -gt 0 ] || suites=(checks tools unit engine scripts binary examples)
  setup_for build test lint
  for suite in "${suites[@]}"; do
    case $suite in
      checks) suite_checks "${FAST_CHECKS[@]}" ;;
      unit) suite_rooms dev ;;
      tools | engine | scripts | binary | examples) "suite_$suite" ;;
      *) die "There is no suite $suite." "The suites are: checks tools unit engine scripts binary examples" ;;
    esac
  done
  finish_suites "$start"
}

command_asan() { test_under asan "$@"; }
command_tsan() { test_under tsan "$@"; }

test_under() {
  local start
  start=$(now_ms)
  setup_for build test
  suite_rooms "$@"
  finish_suites "$start"
}

command_soak() {
  local start
  start=$(now_ms)
  export ISOPOD_SOAK=1 RC_PARAMS="${RC_PARAMS:-max_success=20000}"
  setup_for build test lint fuzz
  suite_rooms asan
  suite_rooms tsan
  suite_rooms leak
  suite_rooms gcstress
  suite_binary
  ISOPOD_FUZZ_SECONDS=${ISOPOD_SOAK_SECONDS:-300} suite_fuzz
  finish_suites "$start"
}

command_bench() {
  setup_for build
  build_or_die release
  python3 bench/cold_start.py "$@"
}

# --- fuzzing ---

command_fuzz() {
  local start
  start=$(now_ms)
  setup_for build fuzz
  suite_fuzz "$@"
  finish_suites "$start"
}

# Each fuzzer starts from its kept inputs; what it finds beside them stays in build/fuzz/corpus.
suite_fuzz() {
  local names=("$@") name
  [ $# -gt 0 ] || mapfile -t names < <(find fuzz -name '*_fuzz.cc' -printf '%f\n' | sed 's/_fuzz\.cc$//' | sort)
  build fuzz "${names[@]/#/fuzz_}" || { add_result "build fuzz" 0 1; return; }
  for name in "${names[@]}"; do
    if step "fuzz $name" "fuzz-$name" run_fuzzer "$name"; then
      add_result "fuzz $name" 1 0
    else
      add_result "fuzz $name" 0 1
    fi
  done
}

run_fuzzer() {
  local found=build/fuzz/corpus/$1 kept=fuzz/corpus/$1 folders=("build/fuzz/corpus/$1")
  mkdir -p "$found"
  [ ! -d "$kept" ] || folders+=("$kept")
  "build/fuzz/fuzz_$1" -max_total_time="${ISOPOD_FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=4096 \
    -print_final_stats=1 -artifact_prefix="build/fuzz/$1-" "${folders[@]}"
}

# --- checks ---

command_lint() {
  local start
  start=$(now_ms)
  setup_for build test lint tidy
  # The prelude's generated files are part of what the checks read.
  build dev || { add_result "build dev" 0 1; finish_suites "$start"; return 1; }
  suite_checks "${FAST_CHECKS[@]}" tidy
  suite_tools
  finish_suites "$start"
}

command_format() {
  setup_for build lint
  python3 tools/check_format.py . --fix
}

command_clean() {
  rm -rf build
  [ "${1:-}" != --all ] || rm -rf .deps js/node_modules
}
