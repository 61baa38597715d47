#!/usr/bin/env bash
# Makes what people without containers install, in the folder out/: a tarball of Debian's layout, the same as a .deb, and the .NET tool.
#   deploy/package.sh [--out FOLDER]
# RID=linux-arm64 for another machine; SELF_CONTAINED=false leaves .NET's runtime out (then aspnetcore-runtime-10.0 must be there); READY_TO_RUN=false leaves machine code out;
# ORLEANS=true builds with Orleans. The commit comes from git, or where git is not there from REVISION and SOURCE_DATE_EPOCH. The same commit gives the same bytes: deploy/reproduce.sh.
set -euo pipefail
out=
[ "${1:-}" != --out ] || out=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$(dirname "$0")/.."
out=${out:-$PWD/out}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TZ=UTC LC_ALL=C
export NuGetAudit=false # an advisory of tomorrow must not keep today's commit from being built; tests/run.sh asks for advisories
umask 022

rid=${RID:-linux-x64}
self_contained=${SELF_CONTAINED:-true}
revision=${REVISION:-$(git rev-parse HEAD)}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct "$revision")}
export SOURCE_DATE_EPOCH
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
case $rid in linux-x64) machine=amd64 ;; linux-arm64) machine=arm64 ;; *) echo "package.sh: RID: found '$rid', expected linux-x64 or linux-arm64." >&2; exit 2 ;; esac

name=sweepcluster_${version}_$machine
root=$out/$name
build=(-c Release -nologo -v quiet -p:Ship=true -p:SourceRevisionId="$revision" -p:OrleansEngine="${ORLEANS:-false}" -p:NuGetLockFilePath=obj/packages.ship.lock.json)
rm -rf "$root" "$out/$name.tar.gz" "$out/$name.deb" "$out/SweepCluster.$version.nupkg"
mkdir -p "$root" "$out"

# --- the program: packages first as the lock files name them, then with what a whole program for one kind of machine adds ---
dotnet restore src/SweepCluster.Cli --locked-mode -v quiet
dotnet publish src/SweepCluster.Cli "${build[@]}" -r "$rid" --self-contained "$self_contained" -p:PublishReadyToRun="${READY_TO_RUN:-true}" -o "$root/usr/lib/sweepcluster"
mkdir -p "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/etc/sweepcluster" "$root/usr/share/doc/sweepcluster"
ln -s ../lib/sweepcluster/sweep "$root/usr/bin/sweep"
cp deploy/systemd/*.service "$root/usr/lib/systemd/system/"
cp deploy/systemd/*.env "$root/etc/sweepcluster/"
printf '# HOST:PORT:DATABASE:USER:PASSWORD\n' >"$root/etc/sweepcluster/pgpass"
: >"$root/etc/sweepcluster/tokens"
cp -r docs/*.md docs/sweep.schema.json docs/formats docs/images dashboards deploy/prometheus "$root/usr/share/doc/sweepcluster/"
cp LICENSE "$root/usr/share/doc/sweepcluster/copyright"
dotnet restore deploy/SweepCluster.Sbom --locked-mode -v quiet
deploy/parts.sh "$root/usr/lib/sweepcluster/sweep.deps.json" "$root/usr/share/doc/sweepcluster"

find "$root" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
chmod 755 "$root/usr/lib/sweepcluster/sweep"
[ ! -e "$root/usr/lib/sweepcluster/createdump" ] || chmod 755 "$root/usr/lib/sweepcluster/createdump"
chmod 600 "$root/etc/sweepcluster/pgpass" "$root/etc/sweepcluster/tokens"

archive() { # folder, archive, what of it
  tar -C "$1" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "${@:3}" | gzip -9n >"$2"
}

# Unpacked over an installation, a tarball must not write over its settings: there they are examples, which README.md copies.
(cd "$root" && archive . "$out/$name.tar.gz" --transform='s:^etc:usr/share/doc/sweepcluster/etc:S' usr etc)

# --- the .deb: the same files, and what Debian wants to know ---
if command -v dpkg-deb >/dev/null; then
  control=$(mktemp -d)
  trap 'rm -rf "$control"' EXIT
  depends="libc6, libstdc++6, libgcc-s1, libssl3 | libssl3t64, zlib1g, libturbojpeg0 | libturbojpeg, libpng16-16 | libpng16-16t64"
  [ "$self_contained" = true ] || depends="aspnetcore-runtime-10.0, $depends"
  mkdir -p "$control/$name/DEBIAN"
  cp -a "$root/." "$control/$name/"
  cat >"$control/$name/DEBIAN/control" <<CONTROL
Package: sweepcluster
Version: $version
Architecture: $machine
Maintainer: The SweepCluster authors <sweepcluster@example.org>
Installed-Size: $(find "$root" -printf '%y %s\n' | awk '{ sum += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print sum }')
Depends: $depends
Suggests: postgresql, prometheus
Section: science
Priority: optional
Description: finds which compression of which layer a trained network can bear
 Sweeps over palettization, quantization and pruning of a network's layers, on one
 machine or a cluster, with proof, and writes the compressed Core ML model.
CONTROL
  (cd "$root" && find etc -type f | sort | sed 's:^:/:') >"$control/$name/DEBIAN/conffiles"
  (cd "$root" && find usr -type f | sort | xargs -d '\n' md5sum) >"$control/$name/DEBIAN/md5sums"
  install -m 0755 deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm "$control/$name/DEBIAN/"
  find "$control/$name" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} + # dpkg-deb would keep dates before it
  dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$control/$name" "$out/$name.deb" >/dev/null
fi

# --- the tool, for every kind of machine ---
dotnet pack src/SweepCluster.Cli "${build[@]}" -p:RuntimeIdentifier= -p:NuGetLockFilePath=obj/packages.tool.lock.json -o "$out/tool.part"
deploy/sort-package.sh "$out/tool.part/SweepCluster.$version.nupkg" "$out/SweepCluster.$version.nupkg"
rm -rf "$out/tool.part"

cd "$out"
sha256sum "$name".* "SweepCluster.$version.nupkg"
