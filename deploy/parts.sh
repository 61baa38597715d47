#!/usr/bin/env bash
# Writes what a published program consists of: sbom.cdx.json, and in licences/ the texts that its packages bring along, .NET's own among them.
#   deploy/parts.sh DEPS.json FOLDER
# SOURCE_DATE_EPOCH is the commit's date. deploy/SweepCluster.Sbom has been restored before.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
packages=${NUGET_PACKAGES:-$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')}
mkdir -p "$2"
dotnet run --project "$here/SweepCluster.Sbom" -c Release -v quiet --no-restore -- "$1" "$packages" "$SOURCE_DATE_EPOCH" >"$2/sbom.cdx.json"
sed -n 's:.*"purl"\: "pkg\:nuget/\(.*\)@\(.*\)".*:\1 \2:p' "$2/sbom.cdx.json" | while read -r name number; do
  find "$packages/${name,,}/${number,,}" -maxdepth 1 -type f \( -iname 'license*' -o -iname 'notice*' -o -iname 'third*party*' \) | while read -r text; do
    mkdir -p "$2/licences/$name"
    cp "$text" "$2/licences/$name/"
  done
done
