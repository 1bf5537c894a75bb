# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Brings in what a command needs: Debian packages, npm packages and the sources of quickjs-ng.
# What is there already is left alone, without a single network access.

DEPS_DIR=$ISOPOD_ROOT/.deps
STAMP_DIR=$DEPS_DIR/stamps

# setup_for PURPOSE... with purposes build, test, lint, tidy, fuzz.
setup_for() {
  local wanted=() purpose
  for purpose in "$@"; do
    case $purpose in
      build) wanted+=("${BUILD_PACKAGES[@]}") ;;
      test) wanted+=("${TEST_PACKAGES[@]}") ;;
      lint) wanted+=("${LINT_PACKAGES[@]}") ;;
      tidy) wanted+=("${TIDY_PACKAGES[@]}") ;;
      fuzz) wanted+=("${FUZZ_PACKAGES[@]}") ;;
    esac
  done
  node_is_usable || wanted+=("${NODE_PACKAGES[@]}")
  setup_packages "${wanted[@]}"
  setup_npm
  setup_quickjs
}

# --- Debian packages ---

package_is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

node_is_usable() {
  local major
  have node && have npm || return 1
  major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) || return 1
  [ "$major" -ge "$NODE_MAJOR_MIN" ]
}

setup_packages() {
  local missing=() package
  if ! have apt-get || ! have dpkg-query; then
    require_tools
    return
  fi
  for package in "$@"; do
    package_is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  for package in "${OPTIONAL_PACKAGES[@]}"; do
    package_is_installed "$package" || missing+=("$package")
  done
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  require_root "${missing[@]}"
  step "install packages" setup-apt apt_install "${missing[@]}" ||
    die "apt could not install the packages." \
      "Check the network and the apt sources of this machine, then start the same command again."
}

# Without apt the tools must be there already; missing libraries are then named by CMake.
require_tools() {
  local tool missing=()
  for tool in g++ cmake ninja python3 node npm; do
    have "$tool" || missing+=("$tool")
  done
  [ ${#missing[@]} -eq 0 ] || die "This machine has no apt and lacks: ${missing[*]}" \
    "Install them and the libraries that tools/dev/packages.sh names, then start again."
}

require_root() {
  [ "$(id -u)" -ne 0 ] || return 0
  have sudo || die "Installing packages needs root, and there is no sudo." \
    "As root: apt-get install --no-install-recommends $*"
  say "This asks for root through sudo."
  sudo -v || die "sudo was refused." "As root: apt-get install --no-install-recommends $*"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then env "$@"; else sudo env "$@"; fi
}

apt_run() {
  as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@"
}

# Package lists are fetched only when there are none, or when they turn out to be too old.
apt_install() {
  local packages
  if compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null; then
    mapfile -t packages < <(known_packages "$@")
    apt_run install --no-install-recommends "${packages[@]}" && return
  fi
  apt_run update || return
  mapfile -t packages < <(known_packages "$@")
  apt_run install --no-install-recommends "${packages[@]}"
}

# Leaves out the optional packages that this release of Debian does not have.
known_packages() {
  local package
  for package in "$@"; do
    if [[ " ${OPTIONAL_PACKAGES[*]} " != *" $package "* ]] ||
      [ -n "$(apt-cache madison "$package" 2>/dev/null)" ]; then
      printf '%s\n' "$package"
    fi
  done
}

# --- npm packages ---

npm_stamp() { cat js/package.json js/package-lock.json js/.npmrc | sha256sum | cut -d' ' -f1; }

setup_npm() {
  local stamp
  stamp=$(npm_stamp)
  if [ -d js/node_modules ] && [ "$(cat "$STAMP_DIR/npm" 2>/dev/null)" = "$stamp" ]; then
    return 0
  fi
  mkdir -p "$STAMP_DIR"
  step "install npm packages" setup-npm npm_install ||
    die "npm could not install the packages of js/package-lock.json." \
      "Check the network and the npm configuration of this machine, then start the same command again."
  printf '%s\n' "$stamp" >"$STAMP_DIR/npm"
}

# Installs beside the tree and swaps, so that a failed or interrupted run leaves the old packages in place.
npm_install() {
  local fresh=$DEPS_DIR/npm.new
  rm -rf "$fresh" && mkdir -p "$fresh" || return
  cp js/package.json js/package-lock.json js/.npmrc "$fresh/" || return
  (cd "$fresh" && retry 3 npm ci --ignore-scripts --no-audit --no-fund --prefer-offline) || return
  rm -rf "$DEPS_DIR/npm.old" || return
  [ ! -e js/node_modules ] || mv js/node_modules "$DEPS_DIR/npm.old" || return
  mv "$fresh/node_modules" js/node_modules && rm -rf "$fresh" "$DEPS_DIR/npm.old"
}

retry() {
  local tries=$1 try
  shift
  for ((try = 1; try <= tries; try++)); do
    "$@" && return
    [ "$try" -eq "$tries" ] || sleep $((try * 2))
  done
  return 1
}

# --- the node of the tests ---

# Prints the node that the tests of js/ run in: they compare with its behaviour, so its version matters more
# than for the build.
test_node() {
  if [ "$(node -p 'process.versions.node.split(".")[0]')" = "${TEST_NODE_VERSION%%.*}" ]; then
    command -v node
  else
    printf '%s\n' "$DEPS_DIR/node-$TEST_NODE_VERSION/bin/node"
  fi
}

setup_test_node() {
  [ ! -x "$(test_node)" ] || return 0
  step "fetch node $TEST_NODE_VERSION for the tests" setup-node fetch_test_node ||
    die "npm could not fetch node $TEST_NODE_VERSION, which the tests of js/ compare with." \
      "Check the network, or put a node ${TEST_NODE_VERSION%%.*} first on the PATH."
}

fetch_test_node() {
  local folder=$DEPS_DIR/node.new arch
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) echo "npm has no node for $(uname -m)"; return 1 ;;
  esac
  rm -rf "$folder" && mkdir -p "$folder" &&
    (cd "$folder" && retry 3 npm pack "node-linux-$arch@$TEST_NODE_VERSION" && tar -xzf ./*.tgz package/bin) &&
    "$folder/package/bin/node" --version &&
    mv "$folder/package" "$DEPS_DIR/node-$TEST_NODE_VERSION" && rm -rf "$folder"
}

# --- quickjs-ng ---

setup_quickjs() {
  local quickjs=${ISOPOD_QUICKJS_DIR:-$DEPS_DIR/quickjs}
  [ ! -f "$quickjs/quickjs.c" ] || return 0
  [ -z "${ISOPOD_QUICKJS_DIR:-}" ] ||
    die "ISOPOD_QUICKJS_DIR=$ISOPOD_QUICKJS_DIR has no quickjs.c." "Point it at the sources of quickjs-ng 0.17 or newer."
  step "fetch quickjs-ng" setup-quickjs bash tools/fetch_quickjs.sh "$quickjs" ||
    die "The sources of quickjs-ng could not be fetched." \
      "Check the network, or set ISOPOD_QUICKJS_DIR to the sources of quickjs-ng 0.17 or newer."
}
