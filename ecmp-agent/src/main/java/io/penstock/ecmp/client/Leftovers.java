package io.penstock.ecmp.client;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.ecmp.kernel.NetlinkKernel;
import io.penstock.ecmp.router.RouterRole;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.netlink.Route;
import io.penstock.netlink.Sysctls;
import io.penstock.sysctl.SysctlHolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an agent that is gone has left in the kernel.
 *
 * @param removed one line for each, as ip(8) would be told
 * @param problems what could not be removed or put back, and why
 */
record Leftovers(List<String> removed, List<String> problems) {
    /** Removes all that carries the agent's number, and puts back the settings that it remembered. */
    static Leftovers remove(EcmpConfig config) throws IOException {
        List<String> removed = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        // Of a file that has no routes any more they may be in the main table.
        Set<Integer> tables = new HashSet<>(new RouterRole(config, 0).tables());
        tables.add(Route.MAIN_TABLE);
        try (NetlinkKernel kernel = NetlinkKernel.open(new LinuxSyscalls(), () -> tables)) {
            KernelState observed = kernel.observe();
            List<KernelChange> changes = of(observed, config.protocol());
            var results = kernel.apply(changes);
            ChangeWords words = new ChangeWords(observed.links());
            for (int i = 0; i < changes.size(); i++) {
                String line = words.of(changes.get(i));
                results.get(i).ifPresentOrElse(refusal -> problems.add(line + ": " + refusal), () -> removed.add(line));
            }
        }
        problems.addAll(SysctlHolder.open(new Sysctls(), config.stateDirectory(), "ecmp-agent", config.protocol())
                .release());
        return new Leftovers(removed, problems);
    }

    /** Routes first: nobody is led here any more when the addresses go. */
    static List<KernelChange> of(KernelState observed, int protocol) {
        List<KernelChange> changes = new ArrayList<>(RouterRole.withdrawAll(observed, protocol));
        observed.addresses().stream()
                .filter(address -> address.protocol() == protocol)
                .forEach(address -> changes.add(new RemoveAddress(address)));
        return changes;
    }
}
