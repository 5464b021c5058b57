package io.penstock.forwarder.it.adversary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps away from net.ipv4.tcp_max_tw_buckets. Beyond it Linux forgets a closed connection at once instead of keeping it in
 * TIME_WAIT, and answers what still comes for it with a reset: then a clean end may look like a reset, over a direct
 * connection as well.
 */
final class TimeWaits {
    private static final Pattern COUNT = Pattern.compile("^TCP:.* tw ([0-9]+)", Pattern.MULTILINE);
    private static final long LOOK_EVERY_NS = 100_000_000;

    private final long limit = Long.parseLong(read(Path.of("/proc/sys/net/ipv4/tcp_max_tw_buckets"))) * 3 / 4;
    private long nextLookNs = Long.MIN_VALUE;
    private boolean hasRoom;

    /** Whether more connections may be closed for now; looks at most every 100 ms. */
    boolean hasRoom(long nowNs) {
        if (nowNs >= nextLookNs) {
            nextLookNs = nowNs + LOOK_EVERY_NS;
            hasRoom = count() < limit;
        }
        return hasRoom;
    }

    private static long count() {
        Matcher matcher = COUNT.matcher(read(Path.of("/proc/net/sockstat")));
        if (!matcher.find()) {
            throw new IllegalStateException("no count of TIME_WAIT in /proc/net/sockstat");
        }
        return Long.parseLong(matcher.group(1));
    }

    private static String read(Path path) {
        try {
            // By lines, through a buffer: files of /proc/sys give only what the first read asks for.
            return String.join("\n", Files.readAllLines(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
