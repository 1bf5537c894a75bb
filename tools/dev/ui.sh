# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What ./dev prints: one line a step with its time, everything else into build/logs.

LOG_DIR=$ISOPOD_ROOT/build/logs
BOLD='' DIM='' RED='' GREEN='' RESET=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' RESET=$'\e[0m'
fi

say() { printf '%s\n' "$*"; }
say_error() { printf '%s\n' "${RED}dev: $*${RESET}" >&2; }

die() {
  say_error "$1"
  [ $# -lt 2 ] || printf '%s\n' "     $2" >&2
  exit 1
}

now_ms() { printf '%s' $((${EPOCHREALTIME/./} / 1000)); }

# elapsed START_MS prints the seconds since then, as "3.2 s".
elapsed() {
  local passed=$(($(now_ms) - $1))
  printf '%d.%d s' $((passed / 1000)) $((passed % 1000 / 100))
}

# Rewrites one line of the terminal each second, so that a long step is seen to be alive.
tick() {
  local title=$1 start=$2
  while sleep 1; do
    printf '\r  %s... %s ' "$title" "$(elapsed "$start")"
  done
}

# step TITLE LOG COMMAND... runs the command with its output in build/logs/LOG.log and prints the title
# with the time it took. The status is the command's; a failure shows the end of the log.
step() {
  local title=$1 log=$LOG_DIR/$2.log start ticker='' status=0
  shift 2
  mkdir -p "$LOG_DIR"
  start=$(now_ms)
  if [ -t 1 ]; then
    printf '  %s...' "$title"
    tick "$title" "$start" &
    ticker=$!
  fi
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ -n "$ticker" ]; then
    kill "$ticker" 2>/dev/null || :
    wait "$ticker" 2>/dev/null || :
    printf '\r\e[K'
  fi
  if [ "$status" -eq 0 ]; then
    printf '  %s%s%s  %s%s%s\n' "$GREEN" "$title" "$RESET" "$DIM" "$(elapsed "$start")" "$RESET"
    return 0
  fi
  printf '  %s%s: failed%s  %s\n' "$RED" "$title" "$RESET" "$(elapsed "$start")"
  show_log_end "$log"
  return "$status"
}

# The first failed command of a build, or else the last lines.
show_log_end() {
  local first
  first=$(grep -n -m 1 '^FAILED: ' "$1" | cut -d: -f1) || :
  if [ -n "$first" ]; then
    sed -n "$first,$((first + 30))p" "$1" | sed 's/^/    | /'
  else
    tail -n 40 "$1" | sed 's/^/    | /'
  fi
  say "    The whole log: ${1#"$ISOPOD_ROOT"/}"
}

have() { command -v "$1" >/dev/null 2>&1; }
