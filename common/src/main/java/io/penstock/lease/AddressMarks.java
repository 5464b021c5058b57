package io.penstock.lease;

import io.penstock.netlink.InterfaceAddress;
import java.io.IOException;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a kernel keeps marks of whose an address is (IFA_PROTO). One that does not takes them without a word: what an agent has put
 * there is then nobody's, so it could neither be refreshed nor removed.
 */
public final class AddressMarks {
    private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\D?.*");
    private static final int MAJOR = 5;
    private static final int MINOR = 18;

    private AddressMarks() {}

    /**
     * Refuses a kernel without them. A vendor's older one that has them nevertheless marks addresses of its own, such as ::1.
     *
     * @param observed all addresses that there are
     * @param release of the kernel, as uname(2) has it; one that cannot be read is taken for a new one
     * @throws IOException when it has none
     */
    public static void require(Collection<InterfaceAddress> observed, String release) throws IOException {
        if (isOld(release) && observed.stream().allMatch(address -> address.protocol() == 0)) {
            throw new IOException("Linux " + MAJOR + "." + MINOR
                    + " or a later one is needed, which keeps marks of whose an address is: this is " + release);
        }
    }

    private static boolean isOld(String release) {
        Matcher numbers = RELEASE.matcher(release);
        if (!numbers.matches()) {
            return false;
        }
        int major = Integer.parseInt(numbers.group(1));
        return major < MAJOR || (major == MAJOR && Integer.parseInt(numbers.group(2)) < MINOR);
    }
}
