#!/usr/bin/env bash
# Installs what the tests need from the system's packages, builds once, runs every test, and ends with "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export HOME="${HOME:-/tmp}"

# --- what the tests need beside .NET: two picture libraries, a browser that looks at the pages, PostgreSQL and Prometheus for servers of the tests' own, and Go with the libraries that helm is made of ---
needed=()
ldconfig -p | grep -q 'libturbojpeg\.so\.0' || needed+=(libturbojpeg0)
ldconfig -p | grep -q 'libpng16\.so\.16' || needed+=(libpng16-16)
command -v chromium >/dev/null || needed+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || needed+=(postgresql)
command -v prometheus >/dev/null && command -v promtool >/dev/null || needed+=(prometheus)
command -v go >/dev/null || needed+=(golang-go)
go_libraries=/usr/share/gocode/src
[ -d $go_libraries/github.com/Masterminds/sprig ] || needed+=(golang-github-masterminds-sprig-dev)
[ -d $go_libraries/github.com/gobwas/glob ] || needed+=(golang-github-gobwas-glob-dev)
[ -d $go_libraries/sigs.k8s.io/yaml ] || needed+=(golang-k8s-sigs-yaml-dev)
if [ ${#needed[@]} -gt 0 ]; then
  echo "Installing ${needed[*]} ..."
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  policy=/usr/sbin/policy-rc.d # asked by Debian's packages before they start a service; ours says no: the tests start servers of their own
  if [ ! -e "$policy" ]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod +x "$policy"
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" >/dev/null
  if [[ " ${needed[*]} " == *" prometheus "* ]] && command -v systemctl >/dev/null; then
    "${as_root[@]}" systemctl disable --quiet prometheus || true # nor at the next start of the machine
  fi
  if [ "$(trap -p EXIT)" ]; then
    "${as_root[@]}" rm -f "$policy"
    trap - EXIT
  fi
fi

# --- one build; OrleansEngine=true in the environment builds and tests the Orleans room too, whose packages have no lock files ---
locked=(--locked-mode)
if [ "${OrleansEngine:-}" = true ]; then
  locked=()
else
  cases=$(find tests/SweepCluster.Orleans.Tests -name '*.cs' -exec cat {} + | grep -cE '^ *\[(Fact|Theory)' || true)
  echo "Left out: $cases tests of SweepCluster.Orleans.Tests, which need Microsoft.Orleans 10.4.2; OrleansEngine=true in the environment runs them."
fi
dotnet restore SweepCluster.sln "${locked[@]}" --verbosity quiet
dotnet format whitespace SweepCluster.sln --verify-no-changes --no-restore
dotnet build SweepCluster.sln -c Release --no-restore --verbosity quiet -nologo

# --- tests; those that read models too large for the repository are left out, by name, where ../shared is absent ---
left_out=
if [ ! -d "${SWEEP_SHARED:-../shared}/data" ]; then
  left_out='Needs!=shared'
  echo "Left out, because ../shared is absent:"
  dotnet test SweepCluster.sln -c Release --no-build --list-tests --filter 'Needs=shared' -nologo | grep -E '^    ' || true
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0

run() { # title, project or solution, filter (may be empty), then environment settings
  local title=$1 target=$2 only=$3 wanted=()
  shift 3
  if [ -n "$left_out" ] && [ -n "$only" ]; then
    wanted=(--filter "($left_out)&($only)")
  elif [ -n "$left_out$only" ]; then
    wanted=(--filter "$left_out$only")
  fi
  echo "== $title"
  set +e
  env "$@" dotnet test "$target" -c Release --no-build -nologo "${wanted[@]}" 2>&1 \
    | tee -a "$log" | grep -vE '^\s*$|Test run for|VSTest version|Starting test execution|A total of'
  [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
  set -e
}

run "all tests" SweepCluster.sln ''

# Broken models: 100,000 of them, each read, written back and read again, or refused in one line. Longer runs: docs/formats/coreml.md.
echo "== broken models"
dotnet run --project tests/SweepCluster.Fuzz -c Release --no-build -- --cases 100000 || status=1

# The kernels once more on narrower instruction sets: the same bits are promised on each. The two without AVX2 have no fused
# multiply-add in hardware, where whole networks take minutes; there the networks' tests are those of bits and operations.
kernels=tests/SweepCluster.Numerics.Tests
networks=tests/SweepCluster.Inference.Tests
compression=tests/SweepCluster.Compression.Tests
run "kernels without AVX-512" $kernels '' DOTNET_EnableAVX512=0
run "networks without AVX-512" $networks '' DOTNET_EnableAVX512=0
run "kernels without AVX2" $kernels '' DOTNET_EnableAVX2=0
run "networks without AVX2" $networks 'FullyQualifiedName~SameBits|FullyQualifiedName~OperationTests|FullyQualifiedName~NeuralNetworks' DOTNET_EnableAVX2=0
run "kernels without vector instructions" $kernels '' DOTNET_EnableHWIntrinsic=0
kinds='FullyQualifiedName~Quantization|FullyQualifiedName~Palettization|FullyQualifiedName~Pruning|FullyQualifiedName~Joint|FullyQualifiedName~Casting|FullyQualifiedName~WeightError|FullyQualifiedName~ReferenceProfileTests'
run "compression without AVX-512" $compression "$kinds" DOTNET_EnableAVX512=0
run "compression without AVX2" $compression "$kinds" DOTNET_EnableAVX2=0
bits='FullyQualifiedName~SameBits|FullyQualifiedName~PaletteCoderTests|FullyQualifiedName~LinearKernelTests|FullyQualifiedName~NibbleBlocksTests|FullyQualifiedName~QuantizationCompressorTests|FullyQualifiedName~ReferenceProfileTests|FullyQualifiedName~Pruning|FullyQualifiedName~Casting|FullyQualifiedName~WeightError'
run "compression without vector instructions" $compression "$bits" DOTNET_EnableHWIntrinsic=0

passed=$(grep -oE 'Passed: +[0-9]+, Skipped' "$log" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }')
failed=$(grep -oE 'Failed: +[0-9]+, Passed' "$log" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }')
[ "$failed" -eq 0 ] || status=1
if [ "$passed" -eq 0 ]; then
  echo "No test ran: that is a failure."
  status=1
fi
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  failed=1 # a test host that died reports no failed test
fi

echo "$passed passed, $failed failed"
exit "$status"
