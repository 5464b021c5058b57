# shellcheck shell=bash
# What the scripts share: messages, installing what is missing on Debian, building. Sourced, never run.

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
# Used by the scripts that source this.
# shellcheck disable=SC2034
forwarder_launcher=$root/l4-forwarder/target/dist/bin/l4-forwarder
# shellcheck disable=SC2034
agent_launcher=$root/ecmp-agent/target/dist/bin/ecmp-agent
# shellcheck disable=SC2034
vrrp_agent_launcher=$root/vrrp-agent/target/dist/bin/vrrp-agent
# shellcheck disable=SC2034
bgp_anycast_agent_launcher=$root/bgp-anycast-agent/target/dist/bin/bgp-anycast-agent

# A closed standard input would give its number 0 to the next file that is opened.
if [ ! -L /proc/$$/fd/0 ]; then
    exec </dev/null
fi

say() { printf '==> %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# --- what is missing ---

# sets as_root to the words that run a command as root; fails when there is no way
find_root() {
    if [ "$(id -u)" -eq 0 ]; then
        as_root=(env)
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && [ -z "${CI:-}" ]; }; }; then
        as_root=(sudo)
    else
        return 1
    fi
}

# install_packages WHY PACKAGE...: quiet unless it fails; 1 when it could not
install_packages() {
    local why=$1 log status=0
    shift
    if ! command -v apt-get >/dev/null; then
        say "cannot install $* ($why): this is not Debian, please install the equivalent"
        return 1
    fi
    if ! find_root; then
        say "cannot install $* ($why): neither root nor sudo; please run: apt-get install $*"
        return 1
    fi
    say "installing $* ($why)"
    log=$(mktemp)
    # Nothing but what is asked for, and no questions.
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0)
    {
        "${apt[@]}" install --no-install-recommends "$@" ||
            # The package lists may be missing or too old to be served; fetch them once, try again.
            { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@"; }
    } >"$log" 2>&1 </dev/null || status=1
    if [ "$status" -ne 0 ]; then
        tail -n 15 "$log" >&2
        say "could not install $*"
    fi
    rm -f "$log"
    return "$status"
}

# unpack_packages WHY DIRECTORY PACKAGE...: the packages' files below DIRECTORY; the libraries they need installed as usual.
# For packages of servers: installing those would start a daemon, enable it at boot and make it a user.
unpack_packages() {
    local why=$1 directory=$2 work names status=0 dependencies=()
    shift 2
    names=$(printf '%s\n' "$@")
    # The lists may be missing; what would be installed is known only with them.
    if [ -z "$(apt-cache -q=2 policy "$1" 2>/dev/null)" ] && find_root; then
        "${as_root[@]}" apt-get -q=2 update >/dev/null 2>&1 || true
    fi
    mapfile -t dependencies < <(apt-get -s install --no-install-recommends "$@" 2>/dev/null |
        sed -n 's/^Inst \(lib[^ ]*\).*/\1/p' | grep -vxF "$names")
    if [ "${#dependencies[@]}" -gt 0 ]; then
        install_packages "$why" "${dependencies[@]}" || return 1
    fi
    say "unpacking $* into $directory ($why)"
    work=$(mktemp -d)
    mkdir -p "$directory"
    { (cd "$work" && apt-get -q download "$@") >"$work/log" 2>&1 &&
        find "$work" -name '*.deb' -exec dpkg-deb -x {} "$directory" \; >>"$work/log" 2>&1; } || status=1
    if [ "$status" -ne 0 ]; then
        tail -n 15 "$work/log" >&2
        say "could not unpack $*"
    fi
    rm -rf "$work"
    return "$status"
}

# has TOOL: on the PATH, or where Debian keeps tools for root
has() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null; }

# missing_packages TOOL:PACKAGE...: prints the packages whose tool is not there
missing_packages() {
    local pair
    for pair in "$@"; do
        has "${pair%%:*}" || printf '%s\n' "${pair#*:}"
    done
}

# java_version HOME: the number 17 of a JDK (with a compiler) in HOME, or 0
java_version() {
    local version=
    if [ -x "$1/bin/javac" ]; then
        version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
    fi
    printf '%s\n' "${version:-0}"
}

# sets and exports JAVA_HOME to a JDK of 17 or newer: the user's, the PATH's, any Debian has; fails when there is none
find_jdk() {
    local candidate on_path=
    if has javac; then
        on_path=$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v javac)")")")
    fi
    for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*; do
        if [ -n "$candidate" ] && [ "$(java_version "$candidate")" -ge 17 ]; then
            export JAVA_HOME=$candidate
            return 0
        fi
    done
    return 1
}

# has_clang: one that src/main/bpf/compile finds
has_clang() {
    local name
    for name in clang clang-{14..19}; do
        ! has "$name" || return 0
    done
    return 1
}

has_bpf_headers() { [ -f /usr/include/bpf/bpf_helpers.h ]; }

# What a forwarder with direct server return loads; libbpf-dev brings it too.
has_libbpf() { PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null | grep 'libbpf\.so\.1 ' >/dev/null; }

# need_libbpf: for what runs a forwarder with direct server return; fails when it cannot be had
need_libbpf() {
    has_libbpf || install_packages "to load XDP programs" libbpf1 || true
    has_libbpf
}

# A JDK, Maven, and clang with libbpf's headers for what runs in the kernel; without them nothing goes on.
need_build_tools() {
    local packages=() maven
    if ! find_jdk; then
        packages+=(openjdk-17-jdk-headless)
        # Debian 13 has no 17 any more, but a newer default.
        if command -v apt-cache >/dev/null && [ -z "$(apt-cache -q=2 policy openjdk-17-jdk-headless 2>/dev/null)" ] &&
            [ -n "$(apt-cache -q=2 policy default-jdk-headless 2>/dev/null)" ]; then
            packages=(default-jdk-headless)
        fi
    fi
    maven=$(missing_packages mvn:maven)
    [ -z "$maven" ] || packages+=("$maven")
    if [ "${#packages[@]}" -gt 0 ]; then
        install_packages "to build with Java 17 or newer" "${packages[@]}" || true
    fi
    packages=()
    has_clang || packages+=(clang)
    has_bpf_headers || packages+=(libbpf-dev)
    if [ "${#packages[@]}" -gt 0 ]; then
        install_packages "to compile XDP programs" "${packages[@]}" || true
    fi
    find_jdk || die "no JDK of 17 or newer: install openjdk-17-jdk-headless, or set JAVA_HOME to one"
    has mvn || die "no Maven: install maven"
    has_clang || die "no clang: install clang"
    has_bpf_headers || die "no headers of libbpf (bpf/bpf_helpers.h): install libbpf-dev"
}

# --- building ---

# Maven with the JDK found above; no transfer progress, colours only for people.
run_maven() (
    cd "$root" || exit 1
    if [ -t 1 ] && [ -z "${CI:-}" ]; then
        exec mvn -B --no-transfer-progress -Dstyle.color=always "$@"
    fi
    # Debian's mvn ends with an escape sequence even when it was told not to use any.
    set -o pipefail
    mvn -B --no-transfer-progress -Dstyle.color=never "$@" 2>&1 | sed -u 's/\x1b\[[0-9;]*m//g'
)

build_is_fresh() {
    local stamp=$root/target/built
    [ -f "$stamp" ] && [ -x "$forwarder_launcher" ] && [ -x "$agent_launcher" ] && [ -x "$vrrp_agent_launcher" ] &&
        [ -x "$bgp_anycast_agent_launcher" ] &&
        [ -d "$root/perf/target/dist/lib" ] &&
        [ -z "$(find "$root" -newer "$stamp" \( -path '*/src/main/*' -o -name pom.xml \) \
            -not -path '*/target/*' -print -quit)" ]
}

# Builds what target/dist lacks, or nothing when the sources have not changed since.
build() {
    local start=$SECONDS
    if build_is_fresh; then
        return 0
    fi
    need_build_tools
    if [ -d "$HOME/.m2/repository" ]; then
        say "building (mvn package)"
    else
        say "building (mvn package; the first time it fetches the libraries, which takes a few minutes)"
    fi
    run_maven -q -DskipTests package >&2 || die "the build failed"
    # As an installation does; without it starts only take longer.
    "$forwarder_launcher" archive >/dev/null || say "starts will be slower"
    mkdir -p "$root/target"
    touch -- "$root/target/built"
    say "built in $((SECONDS - start)) s"
}
