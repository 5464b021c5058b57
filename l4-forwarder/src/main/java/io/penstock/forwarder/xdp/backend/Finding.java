package io.penstock.forwarder.xdp.backend;

/**
 * One thing that the host was asked about.
 *
 * @param what as the kernel or ip(8) calls it
 * @param why what becomes of it when it is missing
 * @param mend a command that puts it right, or words where none does; of no meaning when it is right
 */
public record Finding(String what, String has, String needs, Verdict verdict, String why, String mend) {
    /** How bad it is. */
    public enum Verdict {
        OK,
        /** Works, as far as can be told from here; worth a look. */
        HINT,
        /** Packets are lost, or answered by the wrong host. */
        MISSING
    }

    static Finding of(boolean right, String what, String has, String needs, String why, String mend) {
        return new Finding(what, has, needs, right ? Verdict.OK : Verdict.MISSING, why, mend);
    }

    /** The same, but not worse than a hint. */
    Finding asHint() {
        return verdict == Verdict.MISSING ? hint(what, has, needs, why, mend) : this;
    }

    static Finding hint(String what, String has, String needs, String why, String mend) {
        return new Finding(what, has, needs, Verdict.HINT, why, mend);
    }
}
