# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Configuring and building one preset of CMakePresets.json in build/<preset>.

# Other people may work on the machine; ISOPOD_JOBS bounds the compilers that run at once.
JOBS=${ISOPOD_JOBS:-$(nproc)}

# configure PRESET does nothing when the preset is configured: the build repeats it by itself when a file of
# CMake changed.
configure() {
  [ ! -f "build/$1/build.ninja" ] || return 0
  step "configure $1" "configure-$1" cmake --preset "$1" || {
    rm -f "build/$1/CMakeCache.txt"
    return 1
  }
}

# build PRESET [TARGET...]
build() {
  local preset=$1 targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  configure "$preset" &&
    step "build $preset${1:+ ($*)}" "build-$preset" \
      cmake --build --preset "$preset" --parallel "$JOBS" "${targets[@]}"
}

build_or_die() {
  build "$@" || die "The build of the preset $1 failed." "Its log stands above and in build/logs/."
}

# existing_targets PRESET NAME... prints those of the names that are targets.
existing_targets() {
  local preset=$1 name
  shift
  for name in "$@"; do
    if grep -q "^build $name: " "build/$preset/build.ninja"; then printf '%s\n' "$name"; fi
  done
}
