package io.penstock.health;

import io.penstock.linux.Errno;
import java.io.FileNotFoundException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What happened, in one short line that may go into a log whatever a target sent. */
final class Evidence {
    private static final int MAX_LENGTH = 200;

    /** How Netty's native transport words a failed system call; the text after it depends on the locale. */
    private static final Pattern ERRNO = Pattern.compile("failed with error\\(-(\\d+)\\)");

    private Evidence() {}

    /** The first line, without anything that does not print, and shortened. */
    static String line(byte[] text, int length) {
        return line(new String(text, 0, length, StandardCharsets.UTF_8));
    }

    static String line(String text) {
        StringBuilder line = new StringBuilder();
        int end = Math.min(text.length(), MAX_LENGTH);
        for (int i = 0; i < end && text.charAt(i) != '\n' && text.charAt(i) != '\r'; i++) {
            char c = text.charAt(i);
            boolean prints = !Character.isISOControl(c) && !Character.isSurrogate(c) && Character.isDefined(c);
            // Logs put evidence between double quotes.
            line.append(c == '"' ? '\'' : prints ? c : ' ');
        }
        return line.toString().strip();
    }

    static String of(Throwable failure) {
        OptionalInt errno = errno(failure);
        if (errno.isPresent()) {
            return Errno.describe(errno.getAsInt());
        }
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
            if (root instanceof SSLException) {
                break;
            }
            root = root.getCause();
        }
        if (root instanceof NoRouteToHostException) {
            return Errno.describe(Errno.EHOSTUNREACH);
        }
        if (root instanceof FileNotFoundException) {
            // Of a UNIX socket, whose file is not there.
            return Errno.describe(Errno.ENOENT);
        }
        if (root instanceof PortUnreachableException) {
            return Errno.describe(Errno.ECONNREFUSED);
        }
        String message = root.getMessage();
        String text = message == null ? root.getClass().getSimpleName() : message;
        return line(root instanceof SSLException ? "TLS: " + text : text);
    }

    /**
     * A failure, or no verdict when this host could not even try.
     *
     * @param route an address that it names and this host has not is a mistake that must show, and so a failure
     */
    static ProbeResult result(Throwable failure, Route route) {
        return isOurs(failure, route.source() != null)
                ? ProbeResult.noVerdict(of(failure))
                : ProbeResult.failure(of(failure));
    }

    /** Whether this host, and not the target, is why a system call failed: no descriptor, no memory, no port. */
    private static boolean isOurs(Throwable failure, boolean hasSource) {
        return switch (errno(failure).orElse(0)) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS, Errno.EAGAIN -> true;
            case Errno.EADDRNOTAVAIL -> !hasSource;
            default -> false;
        };
    }

    private static OptionalInt errno(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause.getMessage() != null) {
                Matcher matcher = ERRNO.matcher(cause.getMessage());
                if (matcher.find()) {
                    return OptionalInt.of(Integer.parseInt(matcher.group(1)));
                }
            }
            cause = cause.getCause();
        }
        return OptionalInt.empty();
    }
}
