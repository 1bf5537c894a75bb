# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The Debian packages of each purpose. A library that CMakeLists.txt newly needs gets its package here.

BUILD_PACKAGES=(g++ cmake ninja-build pkg-config python3 git ca-certificates
  libexpected-dev libfmt-dev nlohmann-json3-dev libcli11-dev
  libuv1-dev libcurl4-openssl-dev libssl-dev zlib1g-dev)
TEST_PACKAGES=(libgtest-dev libgmock-dev librapidcheck-dev)
LINT_PACKAGES=(clang-format-14)
TIDY_PACKAGES=(clang-tidy-14)
FUZZ_PACKAGES=(clang-14 libclang-rt-14-dev)
# Used when they are there, installed when something else is being installed anyway.
OPTIONAL_PACKAGES=(ccache)
# Only when the machine has no usable node and npm of its own.
NODE_PACKAGES=(nodejs npm)
NODE_MAJOR_MIN=18
# The tests of js/ compare with this version of node; where the machine has another one, npm brings it.
TEST_NODE_VERSION=20.20.2
