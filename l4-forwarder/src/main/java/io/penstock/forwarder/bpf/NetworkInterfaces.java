package io.penstock.forwarder.bpf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.LibraryLoader;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The interfaces of the calling thread's network namespace. By libc: {@code java.net.NetworkInterface} does not see those
 * without addresses.
 */
public final class NetworkInterfaces {
    /**
     * <pre>
     * struct if_nameindex {          net/if.h
     *     unsigned int if_index; 0   0 in the element after the last
     *     char *if_name;         8
     * };
     * </pre>
     */
    private static final int NAME_INDEX_BYTES = 16;

    private static final int NAME = 8;

    /** IF_NAMESIZE, with the zero at the end. */
    private static final int NAME_BYTES = 16;

    private static final LibC LIBC =
            LibraryLoader.create(LibC.class).failImmediately().load("c");

    /** Public only because jnr-ffi implements it from another package. */
    public interface LibC {
        /** See if_nametoindex(3). */
        int if_nametoindex(String name);

        /** See if_nameindex(3). */
        long if_nameindex();

        /** See if_nameindex(3). */
        void if_freenameindex(long list);
    }

    private record Interface(int index, String name) {}

    private NetworkInterfaces() {}

    /**
     * The number of one.
     *
     * @throws BpfException when there is none of that name; the message says which there are
     */
    public static int index(String name) throws BpfException {
        int index = LIBC.if_nametoindex(name);
        if (index == 0) {
            List<String> names = all().stream().map(Interface::name).sorted().toList();
            throw new BpfException("no interface " + name + " here; there are: " + String.join(", ", names));
        }
        return index;
    }

    /** The numbers of all. */
    public static List<Integer> indices() {
        return all().stream().map(Interface::index).toList();
    }

    static boolean exists(int ifindex) {
        return all().stream().anyMatch(found -> found.index() == ifindex);
    }

    static String describe(int ifindex) {
        return "interface "
                + all().stream()
                        .filter(found -> found.index() == ifindex)
                        .map(Interface::name)
                        .findFirst()
                        .orElse("number " + ifindex);
    }

    private static List<Interface> all() {
        List<Interface> all = new ArrayList<>();
        long list = LIBC.if_nameindex();
        if (list == 0) {
            return all;
        }
        UnsafeBuffer element = new UnsafeBuffer(list, NAME_INDEX_BYTES);
        for (long at = list;
                Memory.intAt(element, 0) != 0;
                at += NAME_INDEX_BYTES, element.wrap(at, NAME_INDEX_BYTES)) {
            all.add(new Interface(Memory.intAt(element, 0), name(element.getLong(NAME, ByteOrder.nativeOrder()))));
        }
        LIBC.if_freenameindex(list);
        return all;
    }

    private static String name(long address) {
        UnsafeBuffer octets = new UnsafeBuffer(address, NAME_BYTES);
        int length = 0;
        while (length < NAME_BYTES && octets.getByte(length) != 0) {
            length++;
        }
        return octets.getStringWithoutLengthUtf8(0, length);
    }
}
