package io.penstock.forwarder.tune;

import java.util.Optional;

/**
 * One thing that the host was asked about.
 *
 * @param what as the kernel or the shell calls it
 * @param needs what the configuration asks for, or what is known to do
 * @param why what becomes of it when it is short
 * @param remedy how it is changed
 * @param sysctl the line of sysctl.d(5) that changes it; empty where that is done otherwise
 */
public record Finding(
        String what, String has, String needs, Verdict verdict, String why, String remedy, Optional<String> sysctl) {
    /** How bad it is. */
    public enum Verdict {
        OK,
        /** Works, and would work better. */
        BETTER,
        /** What the configuration promises cannot be kept. */
        SHORT
    }

    static Finding of(String what, Object has, Object needs, Verdict verdict, String why, String remedy) {
        return new Finding(what, has.toString(), needs.toString(), verdict, why, remedy, Optional.empty());
    }

    /** @param value that the setting shall have */
    static Finding ofSysctl(String name, Object has, Object value, Verdict verdict, String why) {
        return ofSysctl(name, has, value.toString(), value, verdict, why);
    }

    /** @param needs in words */
    static Finding ofSysctl(String name, Object has, String needs, Object value, Verdict verdict, String why) {
        return new Finding(
                name,
                has.toString(),
                needs,
                verdict,
                why,
                "sysctl -w \"" + name + "=" + value + "\"",
                Optional.of(name + " = " + value));
    }
}
