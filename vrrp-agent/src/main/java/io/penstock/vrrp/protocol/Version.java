package io.penstock.vrrp.protocol;

/** Of the protocol. */
public enum Version {
    /** RFC 3768: IPv4 only, whole seconds. */
    V2(2),
    /** RFC 9568, which was RFC 5798: hundredths of a second. */
    V3(3);

    private final int number;

    Version(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
