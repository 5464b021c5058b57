# shellcheck shell=sh
# Starts a program on the Java it finds: $JAVA_HOME first, else the PATH. Java 17 or newer. Sourced by bin/PROGRAM, which sets
#
#   program   its name
#   main      its main class
#   memory    options for the JVM: what it may take
#   compiler  options for the JVM: when it compiles, if not as usual
#   self      the file itself, past symbolic links
#   home      the directory above bin and lib
# shellcheck disable=SC2154

die() {
    echo "$program: $*" >&2
    exit 127
}

if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || die "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it"
else
    java=$(command -v java) || die "no java: install Java 17 or newer (Debian: openjdk-17-jre-headless) or set JAVA_HOME"
fi

# The JDK's own release file answers without the cost of starting a JVM for it.
release=$(readlink -f -- "$java")
release=${release%/*/*}/release
version=
runtime=
if [ -r "$release" ]; then
    while IFS='="' read -r key _ value _; do
        case $key in
            JAVA_VERSION) version=${value%%[!0-9]*} ;;
            JAVA_RUNTIME_VERSION) runtime=$value ;;
        esac
    done <"$release"
fi
if [ -z "$version" ]; then
    version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
fi
[ "${version:-0}" -ge 17 ] || die "needs Java 17 or newer, $java is ${version:-of an unknown version} (see JAVA_HOME)"

# Strings of options, split on spaces below; none holds a path.
# Agrona's off-heap buffers reach jdk.internal.misc.Unsafe.
jvm="--add-opens java.base/jdk.internal.misc=ALL-UNNAMED"
# libc is called through JNI (jnr-ffi), the buffers through sun.misc.Unsafe: deliberate, so newer JDKs need not warn.
jvm="$jvm --enable-native-access=ALL-UNNAMED"
[ "$version" -lt 23 ] || jvm="$jvm --sun-misc-unsafe-memory-access=allow"
case " ${PENSTOCK_JAVA_OPTS:-}" in
    # Two collectors on one command line stop the JVM.
    *" -XX:+Use"*GC*) ;;
    # What turns all day allocates little or nothing: no collector threads, no card marking by several, the smallest footprint.
    *) jvm="$jvm -XX:+UseSerialGC" ;;
esac
jvm="$jvm $memory"
jvm="$jvm ${compiler:-}"
# No /tmp/hsperfdata file: nobody reads it, and writing it to a busy disk has been seen to stall JVMs.
jvm="$jvm -XX:-UsePerfData"
# After an OutOfMemoryError nothing is certain: end, and let the supervisor start a fresh process.
jvm="$jvm -XX:+ExitOnOutOfMemoryError"
# Classes as the JVM keeps them in memory, of this program where there is such an archive, else of the JDK; one that does not
# fit this JVM or these jars is passed over without a word.
archives=${PENSTOCK_ARCHIVES:-$home/archive}
if [ "$version" -ge 25 ]; then
    archive=-XX:AOTCache=$archives/java-$runtime.aot
    quiet="-Xlog:cds=off:stderr -Xlog:aot=off:stderr"
else
    archive=-XX:SharedArchiveFile=$archives/java-$runtime.jsa
    quiet=-Xlog:cds=off:stderr
fi
# With one that does not fit, a JVM may start without even the JDK's own.
if [ ! -r "${archive#*=}" ] || [ -n "$(find "$home/lib" -newer "${archive#*=}" 2>/dev/null)" ]; then
    archive=
fi
# The JVM's own warnings belong on standard error; standard output is for what a command prints.
jvm="$jvm -Xlog:disable -Xlog:all=warning:stderr $quiet"

case "${PENSTOCK_LOG_LEVEL:-}" in
    "") ;;
    error | warn | info | debug | trace | off) jvm="$jvm -Dorg.slf4j.simpleLogger.defaultLogLevel=$PENSTOCK_LOG_LEVEL" ;;
    *) die "PENSTOCK_LOG_LEVEL is one of error, warn, info, debug, trace and off (was $PENSTOCK_LOG_LEVEL)" ;;
esac

# exec: the process that was started is the program, so signals and /proc/PID reach it.
# shellcheck disable=SC2086  # options are meant to be split
exec "$java" $jvm ${archive:+"$archive"} ${PENSTOCK_JAVA_OPTS:-} "-Dpenstock.launcher=$self" -cp "$home/lib/*" "$main" "$@"
