# Sourced by the other scripts: a virtual environment in $venv with the extras named.
# Needs bash and python3 only. Installs again only when what the project needs has changed.

fail() { echo "${0##*/}: $*" >&2; exit 1; }

venv=.venv

prepare() { # prepare [EXTRA,…]
    cd "$(dirname "${BASH_SOURCE[0]}")/.."
    local python="${PYTHON:-python3}"
    command -v "$python" >/dev/null || fail "python3 is missing: apt install python3 python3-venv"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        || fail "Python 3.11 or newer is needed, this is $("$python" --version): set PYTHON=python3.11"
    if ! "$venv"/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        rm -rf "$venv"
        "$python" -c 'import ensurepip, venv' 2>/dev/null \
            || fail "Python's venv module is missing: apt install python3-venv"
        "$python" -m venv "$venv"
    fi
    local extras="${1:-}" stamp="$venv/.installed${1:+-${1//,/-}}"
    local wanted; wanted="$PWD $(cat setup.cfg pyproject.toml | cksum)"
    if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        echo "Installing timtin${extras:+ with $extras} into $venv …" >&2
        "$venv"/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -e ".${extras:+[$extras]}"
        # pip would do so on one processor, and the tests of packages as well.
        "$venv"/bin/python -m compileall -qq -j 0 -x '/tests?/' "$venv"/lib || true
        echo "$wanted" >"$stamp"
    fi
}
