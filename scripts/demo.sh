#!/bin/sh
# The main job on real input: check the register of KlarPris, publish its site, write its papers,
# and deliver its 200 invented customers to nine vendors, each a stand-in on this machine.
set -eu
cd "$(dirname "$0")/.."
out=$PWD/build/klarpris
klarsyn=$PWD/${KLARSYN_VENV:-.venv}/bin/klarsyn

say() { printf '\n\033[1m$ %s\033[0m\n' "$1"; }
[ -t 1 ] || say() { printf '\n$ %s\n' "$1"; }

say "klarsyn -C examples/klarpris check"
"$klarsyn" -C examples/klarpris check

say "klarsyn -C examples/klarpris publish build/klarpris"
"$klarsyn" -C examples/klarpris publish "$out"

say "klarsyn -C examples/klarpris export --all build/papers"
"$klarsyn" -C examples/klarpris export --all "$PWD/build/papers"

say "klarsyn standins --hurry 60 --run 'scripts/demo_delivery.sh ...'"
company=$(mktemp -d)
trap 'rm -rf "$company"' EXIT
cp -R examples/klarpris/. "$company"
"$klarsyn" -C "$company" standins --hurry 60 --run "scripts/demo_delivery.sh '$klarsyn' '$company'"

printf '\nThe page in six languages:   %s\n' "$out/index.html"
printf 'The same, for machines:      %s\n' "$out/subprocessors.json"
printf 'What changed, and when:      %s\n' "$out/en/changes.html"
printf 'The legal papers:            %s\n' "$PWD/build/papers"
printf 'The plan of deliveries:      %s\n' "$PWD/build/deliveries.md"
