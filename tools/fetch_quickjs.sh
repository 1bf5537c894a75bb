#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# fetch_quickjs.sh DEST: puts the sources of quickjs-ng into DEST.
#
# They come from Debian's package qjs-src, which is the same on every architecture. The suite of this
# machine is too old to have it, so a newer suite of the same archive is read with an apt state of our own:
# no root, and nothing below /etc or /var is written. Archive and keys are those of this machine's own apt
# sources. Trust rests on the archive's signature, not on one pinned file, because the suite moves on; the
# build then runs tools/quickjs_smoke.c to see that the engine still does what isopod needs.
#
# ISOPOD_APT_ETC names another directory than /etc/apt to read the sources from.
set -euo pipefail
export LC_ALL=C.UTF-8

readonly PACKAGE=qjs-src VERSION_MIN=0.17~ VERSION_BELOW=1~
readonly SUITES=(forky sid testing unstable)
readonly DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
readonly APT_ETC=${ISOPOD_APT_ETC:-/etc/apt}

say() { printf 'fetch_quickjs: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

# Prints "uri<TAB>key<TAB>suite" for each enabled archive of a one-line sources file.
read_one_line_sources() {
  awk '
    { sub(/#.*/, "") }
    $1 == "deb" {
      options = ""
      if (match($0, /\[[^]]*\]/)) {
        options = substr($0, RSTART + 1, RLENGTH - 2)
        $0 = substr($0, 1, RSTART - 1) " " substr($0, RSTART + RLENGTH)
      }
      key = ""
      count = split(options, option, " ")
      for (i = 1; i <= count; i++) if (option[i] ~ /^signed-by=/) key = substr(option[i], 11)
      for (i = 4; i <= NF; i++) if ($i == "main") { print $2 "\t" key "\t" $3; break }
    }' "$1"
}

# The same for a deb822 file. A key given inline keeps its lines, joined by "|".
read_deb822_sources() {
  awk '
    function finish(   uris, suites, i, j, uri_count, suite_count) {
      if (field["types"] ~ /(^| )deb( |$)/ && tolower(field["enabled"]) != "no" &&
          field["components"] ~ /(^| )main( |$)/) {
        uri_count = split(field["uris"], uris, " ")
        suite_count = split(field["suites"], suites, " ")
        for (i = 1; i <= uri_count; i++)
          for (j = 1; j <= suite_count; j++) print uris[i] "\t" field["signed-by"] "\t" suites[j]
      }
      split("", field)
      name = ""
    }
    /^#/ { next }
    /^[ \t]*$/ { finish(); next }
    /^[ \t]/ {
      sub(/^[ \t]+/, "")
      field[name] = field[name] (name == "signed-by" ? "|" : " ") $0
      next
    }
    /^[A-Za-z-]+:/ {
      name = tolower($1)
      sub(/:$/, "", name)
      sub(/^[^:]*:[ \t]*/, "")
      field[name] = $0
    }
    END { finish() }' "$1"
}

# The main archives of Debian among the sources, each once: an archive is one that serves a suite of Debian.
list_archives() {
  local file
  {
    for file in "$APT_ETC"/sources.list "$APT_ETC"/sources.list.d/*.list; do
      [ ! -f "$file" ] || read_one_line_sources "$file"
    done
    for file in "$APT_ETC"/sources.list.d/*.sources; do
      [ ! -f "$file" ] || read_deb822_sources "$file"
    done
  } | awk -F'\t' '
    BEGIN {
      names = "stable|oldstable|testing|unstable|sid|bookworm|trixie|forky|duke"
      suite = "^(" names ")(-updates|-backports)?$"
    }
    $3 ~ suite && $1 !~ /^(cdrom|file|copy):/ && !seen[$1]++ { print $1 "\t" $2 }'
}

# An apt that keeps its whole state below $state. The file is passed with -c, so it wins over the machine's
# own settings; those still supply proxies and certificates.
write_apt_configuration() {
  local state=$1
  cat >"$state/apt.conf" <<CONF
Dir::Etc::sourcelist "$state/archive.sources";
Dir::Etc::sourceparts "$state/empty";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$state/empty";
Dir::State "$state";
Dir::State::lists "$state/lists";
Dir::State::status "$state/status";
Dir::Cache "$state/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Dir::Log "$state";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
APT::Get::AllowUnauthenticated "false";
APT::Sandbox::User "";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONF
}

prepare_state() {
  local state=$1 uri=$2 key=$3 suite=$4
  rm -rf "$state"
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/empty" "$state/deb"
  : >"$state/status"
  {
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$uri" "$suite"
    [ -z "$key" ] || printf 'Signed-By: %s\n' "$key" | tr '|' '\n' | sed '2,$s/^/ /'
  } >"$state/archive.sources"
  write_apt_configuration "$state"
}

# A mirror that lags may serve a release file past its date. It is signed all the same, so the second try
# accepts the age but never a missing signature.
update_lists() {
  local state=$1
  apt-get -c "$state/apt.conf" -qq -o APT::Update::Error-Mode=any update >>"$log" 2>&1 && return
  grep -q 'not valid anymore\|Release file.*expired' "$log" || return 1
  say "the release file of the archive is past its date; its signature is still checked"
  apt-get -c "$state/apt.conf" -qq -o Acquire::Check-Valid-Until=false \
    -o APT::Update::Error-Mode=any update >>"$log" 2>&1
}

# Prints the highest version of the package that is in our range.
best_version() {
  local state=$1 version best=''
  while read -r version; do
    dpkg --compare-versions "$version" ge "$VERSION_MIN" || continue
    dpkg --compare-versions "$version" lt "$VERSION_BELOW" || continue
    if [ -z "$best" ] || dpkg --compare-versions "$version" gt "$best"; then best=$version; fi
  done < <(apt-cache -c "$state/apt.conf" madison "$PACKAGE" 2>/dev/null | awk -F'|' '{ gsub(/ /, "", $2); print $2 }')
  [ -n "$best" ] && printf '%s\n' "$best"
}

# try_suite URI KEY SUITE leaves the package in $work/apt/deb.
try_suite() {
  local state=$work/apt version
  prepare_state "$state" "$1" "$2" "$3"
  printf '== suite %s\n' "$3" >>"$log"
  update_lists "$state" || return 1
  version=$(best_version "$state") || { say "suite $3 has no $PACKAGE from 0.17 on and below 1"; return 1; }
  (cd "$state/deb" && apt-get -c "$state/apt.conf" -qq download "$PACKAGE=$version") >>"$log" 2>&1
}

download() {
  local uri key suite
  while IFS=$'\t' read -r uri key; do
    for suite in "${SUITES[@]}"; do
      try_suite "$uri" "$key" "$suite" && return
      if [ "$key" != "$DEBIAN_KEYRING" ] && [ -f "$DEBIAN_KEYRING" ] && grep -q 'NO_PUBKEY' "$log"; then
        try_suite "$uri" "$DEBIAN_KEYRING" "$suite" && return
      fi
      ! grep -q 'Could not connect\|Could not resolve\|Temporary failure' "$log" || break
    done
  done <"$work/archives"
  return 1
}

# unpack DEB DEST: the sources appear under their final name only when they are complete.
unpack() {
  local deb=$1 dest=$2 found sources
  dpkg-deb -x "$deb" "$work/unpacked"
  found=$(find "$work/unpacked" -name quickjs.c -print -quit)
  sources=$(dirname "${found:-none}")
  [ -f "$sources/quickjs.h" ] || die "the package holds no quickjs.c and quickjs.h"
  mkdir -p "$(dirname "$dest")"
  rm -rf "$dest.new"
  cp -R "$sources" "$dest.new"
  cp "$work/unpacked/usr/share/doc/$PACKAGE/copyright" "$dest.new/COPYRIGHT" 2>/dev/null || :
  dpkg-deb -f "$deb" Version >"$dest.new/.version"
  rm -rf "$dest"
  mv "$dest.new" "$dest"
  say "quickjs-ng $(cat "$dest/.version") is in $dest"
}

main() {
  local dest=${1:?usage: fetch_quickjs.sh DEST} tool
  for tool in apt-get apt-cache dpkg dpkg-deb awk; do
    command -v "$tool" >/dev/null || die "$tool is missing; set ISOPOD_QUICKJS_DIR to the sources of quickjs-ng 0.17 or newer"
  done
  work=$(mktemp -d "${TMPDIR:-/tmp}/isopod-quickjs.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  log=$work/log
  : >"$log"
  list_archives >"$work/archives"
  [ -s "$work/archives" ] || die "the apt sources in $APT_ETC name no main archive of Debian"
  if ! download; then
    sed 's#://[^/ ]*#://...#g' "$log" | tail -n 20 >&2
    die "no signed $PACKAGE from 0.17 on was found in the archives of this machine's apt sources"
  fi
  unpack "$(find "$work/apt/deb" -name '*.deb' -print -quit)" "$dest"
}

main "$@"
