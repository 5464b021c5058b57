package io.penstock.net;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a UNIX socket, see unix(7): an absolute path, or {@code @} and the name of one without a file (an abstract one,
 * Linux only). Printed as {@code unix:/run/web.sock} or {@code unix:@web}. Of visible ASCII, so that it is as long in octets
 * as in characters.
 */
public record UnixAddress(String name) {
    public static final String PREFIX = "unix:";

    /** {@code sun_path} takes so many octets and a zero at the end, or at the beginning for the {@code @}. */
    public static final int MAX_OCTETS = 107;

    private static final Pattern NAME = Pattern.compile("/[!-~]{0,105}[!-.0-~]|@[!-~]{1,106}");

    public UnixAddress {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no name of a UNIX socket: " + name);
        }
    }

    /** Empty when the text, which begins with {@link #PREFIX}, names no such socket. */
    public static Optional<UnixAddress> parse(String text) {
        String name = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "";
        return ofName(name);
    }

    /** Empty when it is none. */
    public static Optional<UnixAddress> ofName(String name) {
        return NAME.matcher(name).matches() ? Optional.of(new UnixAddress(name)) : Optional.empty();
    }

    /** Whether there is no file, and so no permission either. */
    public boolean isAbstract() {
        return name.charAt(0) == '@';
    }

    /** Of one that is not abstract. */
    public Path path() {
        return Path.of(name);
    }

    @Override
    public String toString() {
        return PREFIX + name;
    }
}
