package io.penstock.forwarder.table;

/** Who may come in, and how fast. Lives as long as the service is known, over all tables. Safe from any thread. */
public final class Admission {
    /** Nobody is kept out. */
    public static final Admission OPEN = new Admission();

    private Admission() {}
}
