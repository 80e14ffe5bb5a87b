#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Installs what mlpsweep needs on Debian 12 and 13 and Ubuntu 24.04. It says what it will install before
# it does, and does nothing if nothing is missing.
#
#   deploy/setup.sh            what building and running need
#   deploy/setup.sh --test     and what the tests and the demo need
#   deploy/setup.sh --dry-run  only says what is missing; exit status 1 if anything is
#
# Run it as root, or as a user who may use sudo.
set -euo pipefail

# a|b: either will do; the first one that the system offers is installed.
build=(gcc libc6-dev make cmake 'pkgconf|pkg-config' libopenmpi-dev openmpi-bin libopenblas-dev
    libsqlite3-dev libcjson-dev zlib1g-dev node-d3)
extra=(sqlite3 python3 procps)
# Some tests are skipped without these, so a system that does not offer them is not a failure.
optional=(gnuplot-nox python3-yaml dataset-fashion-mnist python3-jsonschema chromium)

usage() {
    sed -n '4,11s/^# \{0,1\}//p' "$0"
}

say() {
    printf 'setup: %s\n' "$*"
}

installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

offered() {
    [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]
}

# Puts those of the named packages that are missing into the array `missing`, and those that no known
# source offers into `unknown`.
find_missing() {
    local wanted name choice
    for wanted in "$@"; do
        choice=
        for name in ${wanted//|/ }; do
            installed "$name" && continue 2
        done
        for name in ${wanted//|/ }; do
            if offered "$name"; then
                choice=$name
                break
            fi
        done
        if [ -n "$choice" ]; then
            missing+=("$choice")
        else
            unknown+=("$wanted")
        fi
    done
}

look() {
    missing=() unknown=()
    find_missing "${packages[@]}"
    required=${#unknown[@]}
    find_missing "${wishes[@]}"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt() {
    # A machine that has just started may hold the lock, because it installs its own updates.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"
}

install_missing() {
    apt install --yes --no-install-recommends "${missing[@]}" >"$log" 2>&1
}

packages=("${build[@]}") wishes=() dry=
while [ $# -gt 0 ]; do
    case $1 in
    --test) packages+=("${extra[@]}") wishes=("${optional[@]}") ;;
    --dry-run) dry=1 ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    shift
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "this is neither Debian nor Ubuntu; please install the equivalents of:" >&2
    say "${packages[*]} ${wishes[*]}" >&2
    exit 1
fi

look
if [ ${#missing[@]} -eq 0 ] && [ "$required" -eq 0 ]; then
    say "nothing to do, all packages are there${unknown[*]:+ (except ${unknown[*]}, which no source offers)}"
    exit 0
fi
if [ -n "$dry" ]; then
    say "missing: ${missing[*]} ${unknown[*]}"
    exit 1
fi
if [ "$(id -u)" -ne 0 ] && ! { command -v sudo >/dev/null && sudo true; }; then
    say "missing: ${missing[*]} ${unknown[*]}" >&2
    say "only root can install them, and sudo is not available; run $0 as root" >&2
    exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if [ ${#unknown[@]} -gt 0 ]; then
    say "the package lists do not know: ${unknown[*]}; running apt-get update"
    apt update || say "apt-get update failed; continuing with the present lists" >&2
    look
fi
if [ "$required" -gt 0 ]; then
    say "no package source offers: ${unknown[*]:0:$required}" >&2
    say "(on Ubuntu they are in \"universe\": add-apt-repository universe)" >&2
    exit 1
fi
if [ ${#unknown[@]} -gt 0 ]; then
    say "no package source offers: ${unknown[*]}; the tests that need them will be skipped"
fi
if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi
say "installing: ${missing[*]}"
if ! install_missing; then
    # Old lists name files that the archive no longer has.
    say "that failed; running apt-get update and trying once more"
    apt update || true
    if ! install_missing; then
        cat "$log" >&2
        say "apt-get could not install them, see above" >&2
        exit 1
    fi
fi
say "done"
