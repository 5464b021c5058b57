package io.penstock.forwarder.bpf;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.stream.Collectors;

/** The interfaces of this process's network namespace. */
public final class NetworkInterfaces {
    private NetworkInterfaces() {}

    /**
     * The number of one.
     *
     * @throws BpfException when there is none of that name; the message says which there are
     */
    public static int index(String name) throws BpfException {
        try {
            NetworkInterface found = NetworkInterface.getByName(name);
            if (found == null) {
                throw new BpfException("no interface " + name + " here; there are: " + names());
            }
            return found.getIndex();
        } catch (SocketException e) {
            throw new BpfException("cannot look for the interface " + name + ": " + e.getMessage());
        }
    }

    static String describe(int ifindex) {
        try {
            NetworkInterface found = NetworkInterface.getByIndex(ifindex);
            return "interface " + (found == null ? "number " + ifindex : found.getName());
        } catch (SocketException e) {
            return "interface number " + ifindex;
        }
    }

    private static String names() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .map(NetworkInterface::getName)
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
