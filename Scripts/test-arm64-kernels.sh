#!/usr/bin/env bash
# Compiles the kernels for arm64 and runs their checks under qemu-user. Needs clang (the Swift toolchain's will do), an
# arm64 C library (Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross) and qemu-aarch64 (qemu-user).
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in clang qemu-aarch64 aarch64-linux-gnu-gcc; do
  command -v "$tool" > /dev/null || { echo "$tool is not installed: the arm64 kernels were not tested"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sources=(Sources/CKernels/*.c Sources/CKernels/levels/*.c Tests/Kernels/check-levels.c)
objects=()
for source in "${sources[@]}"; do
  object="$work/$(basename "$source").o"
  clang --target=aarch64-linux-gnu -std=gnu11 -O2 -Wall -Wextra -Wno-psabi -I Sources/CKernels/include -c "$source" -o "$object"
  objects+=("$object")
done
aarch64-linux-gnu-gcc -static "${objects[@]}" -lm -lpthread -o "$work/check-levels"
qemu-aarch64 "$work/check-levels"
