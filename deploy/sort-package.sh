#!/usr/bin/env bash
# Writes a NuGet package anew so that the same content gives the same bytes: the files in order, with the date SOURCE_DATE_EPOCH, and the one name that is made up anew each time (of the core properties) made of the content.
#   deploy/sort-package.sh FROM.nupkg TO.nupkg
set -euo pipefail
export TZ=UTC LC_ALL=C
to=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unzip -q "$1" -d "$work/files"
cd "$work/files"
for core in package/services/metadata/core-properties/*.psmdcp; do
  [ -e "$core" ] || continue
  name=$(basename "$core" .psmdcp)
  stable=$(sha256sum "$core" | cut -c1-32)
  mv "$core" "$(dirname "$core")/$stable.psmdcp"
  sed -i -E "s/$name(.*) Id=\"[^\"]*\"/$stable\1 Id=\"R${stable:0:16}\"/" _rels/.rels
done
find . -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
rm -f "$to"
{ echo '[Content_Types].xml'; echo _rels/.rels; find . -type f | sed 's:^\./::' | grep -vxF -e '[Content_Types].xml' -e _rels/.rels | sort; } | zip -q -X -9 -nw "$to" -@
