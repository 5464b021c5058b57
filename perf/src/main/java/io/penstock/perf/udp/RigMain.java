package io.penstock.perf.udp;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.perf.rig.ProcessUsage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * Clients and their backend, on either side of a target and on one thread. Prints {@code ready}; then, for each line of
 * {@link LoadOrder}'s options on standard input, the {@link Outcome} of that run. The end of the input ends it.
 */
public final class RigMain {
    private static final IpAddress LOCALHOST = IpAddress.ofIpv4(0x7f000001);

    private RigMain() {}

    /**
     * Serves orders until there are no more.
     *
     * @param args the backend's port for datagrams one by one, and that for grouped ones
     */
    public static void main(String[] args) throws IOException {
        Syscalls syscalls = new LinuxSyscalls();
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (EchoSocket single = new EchoSocket(syscalls, LOCALHOST, Integer.parseInt(args[0]), false);
                EchoSocket grouped = new EchoSocket(syscalls, LOCALHOST, Integer.parseInt(args[1]), true);
                ClientSocket singleClients = new ClientSocket(syscalls, false);
                ClientSocket groupedClients = new ClientSocket(syscalls, true)) {
            System.out.println("ready");
            int run = 0;
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                LoadOrder order = new LoadOrder();
                new CommandLine(order).parseArgs(line.trim().split(" +", -1));
                ClosedLoop loop = new ClosedLoop(
                        order.grouping ? groupedClients : singleClients,
                        order.grouping ? grouped : single,
                        order,
                        ++run);
                System.out.println(
                        loop.run(() -> ProcessUsage.cpuNs(order.pids)).json());
            }
        }
    }
}
