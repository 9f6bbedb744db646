#!/bin/sh
# Builds .venv with exactly the versions and hashes of requirements.lock. Usage: sh deploy/setup.sh PYTHON
set -eu
python=$1

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Opvangpeil heeft Python 3.11 of nieuwer nodig; $python is $("$python" -V). Kies een ander: make setup PYTHON=python3.12" >&2
    exit 1
}
# The python3 of Debian comes without ensurepip.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "python3-venv ontbreekt; apt-get installeert het"
        apt-get update -qq && apt-get install -qq -y python3-venv >/dev/null
    else
        echo "python3-venv ontbreekt. Installeer het met: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
echo "Opvangpeil klaarmaken: .venv met de vastgelegde versies (eenmalig, ongeveer een minuut)"
[ -x .venv/bin/pip ] || "$python" -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
