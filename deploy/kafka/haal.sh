#!/bin/sh
# Copies the jars of pom.xml from Maven Central, in exactly those versions. It does nothing when they are there already.
# Usage: sh deploy/kafka/haal.sh [FOLDER]; the default is .kafka/lib in the checkout.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../../.kafka/lib}
marker=$folder/klaar

if [ -f "$marker" ] && cmp -s "$here/pom.xml" "$marker"; then
    exit 0
fi
for command in java mvn; do
    command -v "$command" >/dev/null || {
        echo "$command ontbreekt; installeer het met: sudo apt-get install openjdk-17-jre-headless maven" >&2
        exit 1
    }
done
echo "Kafka halen van Maven Central (eenmalig, 44 MB)" >&2
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
rm -f "$folder"/*.jar "$marker"
# -C refuses a jar that does not match its checksum.
mvn --batch-mode --quiet --strict-checksums --file "$here/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$folder" >&2
cp "$here/pom.xml" "$marker"
