#!/bin/sh
# Installs what only a system package can provide, and skips what is there already. Usage: sh deploy/systeem.sh
set -eu
JAVA_MIN=17
# Debian starts and enables the services it installs, unless this file says no (man invoke-rc.d). Tests use another file.
POLICY="${POLICY_RC_D:-/usr/sbin/policy-rc.d}"

java_is_there() {
    # The version stands between the first quotes of the first line. A java that prints something else does not count.
    version=$(java -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p') || return 1
    [ -n "$version" ] && [ "$version" -ge "$JAVA_MIN" ]
}

are_there() {
    for name in "$@"; do command -v "$name" >/dev/null || return 1; done
}

policy_back() {
    rm -f "$POLICY"
    if [ -e "$POLICY.bewaard" ]; then mv "$POLICY.bewaard" "$POLICY"; fi
}

missing="" services=""
java_is_there || missing="$missing default-jdk-headless"
are_there mvn || missing="$missing maven"
# Tests open no windows, and this form of Chromium takes a quarter less of the processor.
# It brings a font: fontconfig-config, which it needs to draw letters, depends on one.
are_there chromium-headless-shell || missing="$missing chromium-headless-shell"
are_there prometheus promtool || services="$services prometheus"
are_there prometheus-alertmanager amtool || services="$services prometheus-alertmanager"
missing="$missing$services"
if [ -z "$missing" ]; then
    echo "Java, Maven, Chromium, Prometheus en Alertmanager zijn er al"
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "Er ontbreekt:$missing. Dat kan alleen root: sudo make setup-systeem" >&2
    exit 1
fi
if ! command -v apt-get >/dev/null; then
    echo "Er ontbreekt:$missing, en hier is geen apt-get; installeer Java $JAVA_MIN of nieuwer, Maven, Chromium," \
        "Prometheus en Alertmanager zelf" >&2
    exit 1
fi
echo "apt-get installeert:$missing"
apt-get update -qq
if [ -n "$services" ]; then
    # If an interrupted run left a saved file, that is the original.
    if [ -e "$POLICY" ] && [ ! -e "$POLICY.bewaard" ]; then mv "$POLICY" "$POLICY.bewaard"; fi
    trap policy_back EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >"$POLICY"
    chmod 755 "$POLICY"
fi
# shellcheck disable=SC2086  # $missing is a list of names
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
for service in $services; do
    # It should not start at the next boot either, since the tests start their own.
    update-rc.d "$service" disable >/dev/null
done
[ -z "$services" ] || echo "Niet gestart, ook niet bij het opstarten van de machine:$services"
java_is_there || {
    echo "Na het installeren is er nog geen Java $JAVA_MIN of nieuwer (java -version); zet de juiste vooraan in PATH" >&2
    exit 1
}
