#!/usr/bin/env bash
# build-java-image.sh [JAVA_HOME]: makes the image shmipc-java:FEATURE (such as shmipc-java:17) for the container tests,
# out of this machine's own JDK and C library. It needs no registry. Where one is at hand, any public JRE image does.
set -euo pipefail

java_home=${1:-${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}}
feature=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release")
image=shmipc-java:$feature

# An image made from the same JDK by the same lines below is the same image.
made_from=$(cat "$java_home/release" "${BASH_SOURCE[0]}" | sha256sum | cut -c 1-16)
if [[ $(docker image inspect -f '{{.Config.Labels.madefrom}}' "$image" 2> /dev/null) == "$made_from" ]]; then
    printf '%s: there already\n' "$image"
    exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

# /bin, /lib and /lib64 are links, as everywhere today.
mkdir -p "$root"/{usr/bin,usr/lib,usr/lib64,opt,etc,proc,sys,dev,run,var,root,app}
install -d -m 1777 "$root/tmp" "$root/var/tmp"
ln -s usr/bin "$root/bin"
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"

# What a Spring Boot application loads, with the archive of class data that halves the time to main.
"$java_home/bin/jlink" --add-modules java.se,jdk.unsupported,jdk.management,jdk.crypto.ec,jdk.zipfs \
    --strip-debug --no-header-files --no-man-pages --output "$root/opt/java"
"$root/opt/java/bin/java" -Xshare:dump > /dev/null

# A shell and what one needs to look around.
for tool in sh cat df id ls mount ps readlink sleep; do
    cp -L "$(type -P "$tool")" "$root/usr/bin/$tool"
done

# The libraries of all that, where the loader looks for them; libgcc_s is opened by name when a thread ends.
{
    find "$root/usr/bin" "$root/opt/java" -type f \( -perm -u+x -o -name '*.so' \) -exec \
        env LD_LIBRARY_PATH="$root/opt/java/lib:$root/opt/java/lib/server" ldd {} + 2> /dev/null || true
    ldconfig -p | sed -n 's/.*\(libgcc_s\.so\.1\) .* => /\1 => /p'
} | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/lib.*\/ld-linux/ { print $1 }' | grep -v "^$work" | sort -u |
    while read -r library; do
        target=$root/usr/${library#/}
        target=${target/\/usr\/usr\//\/usr\/}
        mkdir -p "$(dirname "$target")"
        cp -L "$library" "$target"
    done

echo 'root:x:0:0:root:/root:/bin/sh' > "$root/etc/passwd"
echo 'root:x:0:' > "$root/etc/group"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' > "$root/etc/nsswitch.conf"

tar -C "$root" --numeric-owner --owner=0 --group=0 -c . |
    docker import -c 'ENV PATH=/usr/bin:/opt/java/bin' -c 'ENV LANG=C.UTF-8' -c "LABEL madefrom=$made_from" - "$image" \
        > /dev/null
printf '%s: %s bytes\n' "$image" "$(docker image inspect -f '{{.Size}}' "$image")"
