# shellcheck shell=bash
# What every script here starts with: strict mode, the checkout's root, words on stderr, packages from apt.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export root

say() { printf '%s\n' "$*" >&2; }

# Ends the script with one sentence that names the remedy.
fail() {
    say "$(basename "$0"): $*"
    exit 1
}

# Installs Debian packages: apt_install "what for" package...; as root, else through sudo.
apt_install() {
    local why=$1 sudo=()
    shift
    command -v apt-get >/dev/null || fail "$why is missing and this machine has no apt-get: install $* by your own means and run this again."
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "$why is missing: run 'apt-get install $*' as root and run this again."
        sudo=(sudo)
    fi
    say "Installing $why from Debian's packages: $*"
    # Two scripts may want packages at once: wait for each other rather than fail on dpkg's lock.
    local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
    "${apt[@]}" install -y --no-install-recommends "$@" >&2 ||
        { "${apt[@]}" update >&2 && "${apt[@]}" install -y --no-install-recommends "$@" >&2; } ||
        fail "apt-get could not install $*: mend its sources, or install $why yourself, and run this again."
}

# Python with packages of PyPI: python_tools NAME package==version...; its folder is .tools/NAME, and scripts of the same name wait.
python_tools() {
    local tools=$root/.tools/$1 want=${*:2}
    mkdir -p "$root/.tools"
    exec 9>"$tools.lock"
    flock 9
    if [ "$(cat "$tools/want" 2>/dev/null)" != "$want" ]; then
        say "Installing $want from PyPI into .tools/$1"
        rm -rf "$tools"
        command -v python3 >/dev/null || apt_install Python python3 python3-venv
        python3 -m venv "$tools" >/dev/null 2>&1 || { apt_install "Python's venv" python3-venv && python3 -m venv "$tools" >&2; }
        "$tools/bin/python" -m pip install --quiet --disable-pip-version-check "${@:2}" >&2 ||
            fail "pip could not install $want: check the network, and that python3 is 3.10 or newer, and run this again."
        echo "$want" >"$tools/want"
    fi
    exec 9>&-
}

# One place for what is built, whatever the environment says: the release binary is target/release/mintmark.
export CARGO_TARGET_DIR="$root/target"
