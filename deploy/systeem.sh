#!/bin/sh
# Installs what only a system package can give, and nothing that is there already. Usage: sh deploy/systeem.sh
set -eu
JAVA_MIN=17

java_is_there() {
    # A java of another shape than expected is none: the version stands in the first quotes of its first line.
    version=$(java -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p') || return 1
    [ -n "$version" ] && [ "$version" -ge "$JAVA_MIN" ]
}

missing=""
java_is_there || missing="$missing default-jdk-headless"
command -v mvn >/dev/null || missing="$missing maven"
if [ -z "$missing" ]; then
    echo "Java en Maven zijn er al"
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "Er ontbreekt:$missing. Dat kan alleen root: sudo make setup-systeem" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null; then
    echo "Er ontbreekt:$missing, en hier is geen apt-get; installeer Java $JAVA_MIN of nieuwer en Maven zelf" >&2
    exit 1
fi
echo "apt-get installeert:$missing"
apt-get update -qq
# shellcheck disable=SC2086  # a list of names
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
java_is_there || {
    echo "Na het installeren is er nog geen Java $JAVA_MIN of nieuwer (java -version); zet de juiste vooraan in PATH" >&2
    exit 1
}
