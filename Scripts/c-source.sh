#!/usr/bin/env bash
# Writes the C files of directories one behind another, as a text for `rnn train text --level byte`: whole files in an
# order that follows from their names and a seed, until there are so many bytes. Only tabs, newlines and the printable
# bytes of ASCII are written; left out are files above 120,000 bytes, which would outweigh the others, and tables of
# numbers (more than a tenth digits).
# Usage: Scripts/c-source.sh [-b BYTES] [-s SEED] DIRECTORY... > c-source.txt   (default 2500000 bytes, seed 1)
#
# Debian's kernel source, for instance:
#   apt-get download linux-source-6.1 && dpkg-deb -x linux-source-6.1_*.deb unpacked
#   tar -xJf unpacked/usr/src/linux-source-6.1.tar.xz linux-source-6.1/{kernel,mm,lib}
#   cd linux-source-6.1 && .../Scripts/c-source.sh kernel mm lib > ../c-source.txt
set -euo pipefail
export LC_ALL=C
bytes=2500000
seed=1
while getopts b:s: option; do
  case $option in
    b) bytes=$OPTARG ;;
    s) seed=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { echo "usage: $0 [-b BYTES] [-s SEED] DIRECTORY..." >&2; exit 2; }

# A file's place is the checksum of the seed and its path: the same on every machine, which `shuf` is not.
find "$@" -type f -name '*.[ch]' -size -120000c | sort | while IFS= read -r file; do
  printf '%s %s\n' "$(printf '%s %s' "$seed" "$file" | sha256sum | cut -c 1-16)" "$file"
done | sort | cut -d ' ' -f 2- | {
  written=0
  files=0
  while [ "$written" -lt "$bytes" ] && IFS= read -r file; do
    size=$(tr -cd '\t\n\040-\176' < "$file" | wc -c)
    digits=$(tr -cd '0-9' < "$file" | wc -c)
    if [ $((digits * 10)) -gt "$size" ]; then continue; fi
    tr -cd '\t\n\040-\176' < "$file"
    written=$((written + size))
    files=$((files + 1))
  done
  cat > /dev/null
  echo "$written bytes of $files files" >&2
}
