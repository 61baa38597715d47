#!/usr/bin/env bash
# Builds a commit twice, in two folders, and compares what deploy/package.sh makes, byte for byte. Takes its variables, as SELF_CONTAINED=false.
#   deploy/reproduce.sh [COMMIT]
set -euo pipefail
cd "$(dirname "$0")/.."
commit=$(git rev-parse "${1:-HEAD}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for place in first 'second/in a longer path'; do
  mkdir -p "$(dirname "$work/$place")"
  git clone -q . "$work/$place"
  git -C "$work/$place" checkout -q "$commit"
  "$work/$place/deploy/package.sh" --out "$work/$place.out" >"$work/$place.log" 2>&1 || { tail -20 "$work/$place.log"; exit 1; }
done
same=0
while read -r file; do
  if cmp -s "$work/first.out/$file" "$work/second/in a longer path.out/$file"; then
    sha256sum "$work/first.out/$file" | sed "s:$work/first.out/::"
  else
    echo "differs: $file"
    same=1
  fi
done < <({ cd "$work/first.out" && find . -type f; cd "$work/second/in a longer path.out" && find . -type f; } | sed 's:^\./::' | sort -u)
exit "$same"
