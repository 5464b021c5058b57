package io.penstock.forwarder.it.adversary;

/**
 * One step of a peer, as {@code S:4096} or {@code H}.
 *
 * @param amount bytes or milliseconds, as the kind says; {@link #WHOLE_STREAM} for {@code R*}; 0 for kinds without one
 */
record Op(Kind kind, long amount) {
    /** Of {@link Kind#RECEIVE}: until the end of the stream or a reset. */
    static final long WHOLE_STREAM = Long.MAX_VALUE;

    private static final long MAX_AMOUNT = 1L << 30;

    enum Kind {
        /** Sets SO_RCVBUF in bytes, before the connection is there. */
        BUFFER('B', true),
        CONNECT('C', false),
        ACCEPT('A', false),
        /** Sends bytes, blocking until the kernel has taken all. */
        SEND('S', true),
        /** As {@link #SEND}, and receives whatever comes meanwhile. */
        DUPLEX('D', true),
        /** Sends one urgent byte. */
        URGENT('U', false),
        /** Receives this many bytes, or fewer when the stream ends or is reset before. */
        RECEIVE('R', true),
        /** Milliseconds. */
        PAUSE('P', true),
        /** Waits until the next kernel has acknowledged everything. */
        WAIT_ACKNOWLEDGED('W', false),
        /** shutdown(SHUT_WR). */
        HALF_CLOSE('H', false),
        /** close(2): a FIN, or a reset when received data is unread. */
        CLOSE('K', false),
        /** close(2) with SO_LINGER 0. */
        RESET('X', false);

        private final char letter;
        private final boolean hasAmount;

        Kind(char letter, boolean hasAmount) {
            this.letter = letter;
            this.hasAmount = hasAmount;
        }

        boolean hasAmount() {
            return hasAmount;
        }

        boolean opens() {
            return this == CONNECT || this == ACCEPT;
        }

        boolean sends() {
            return this == SEND || this == DUPLEX || this == URGENT;
        }

        boolean ends() {
            return this == CLOSE || this == RESET;
        }

        /** Whether it needs no connection. */
        boolean isPreparation() {
            return this == BUFFER || this == PAUSE;
        }
    }

    Op {
        boolean whole = kind == Kind.RECEIVE && amount == WHOLE_STREAM;
        if (kind.hasAmount() ? amount < 1 || (amount > MAX_AMOUNT && !whole) : amount != 0) {
            throw new IllegalArgumentException(kind + " cannot have the amount " + amount);
        }
    }

    static Op of(Kind kind) {
        return new Op(kind, 0);
    }

    static Op parse(String text) {
        if (text.equals("R*")) {
            return new Op(Kind.RECEIVE, WHOLE_STREAM);
        }
        for (Kind kind : Kind.values()) {
            if (!text.isEmpty() && text.charAt(0) == kind.letter) {
                return new Op(kind, amount(kind, text));
            }
        }
        throw new IllegalArgumentException("no such step: " + text);
    }

    private static long amount(Kind kind, String text) {
        if (!kind.hasAmount && text.length() == 1) {
            return 0;
        }
        if (!kind.hasAmount || text.length() < 3 || text.charAt(1) != ':') {
            throw new IllegalArgumentException("no such step: " + text);
        }
        return Long.parseLong(text.substring(2));
    }

    boolean isWholeStream() {
        return kind == Kind.RECEIVE && amount == WHOLE_STREAM;
    }

    @Override
    public String toString() {
        if (isWholeStream()) {
            return "R*";
        }
        return kind.hasAmount ? kind.letter + ":" + amount : String.valueOf(kind.letter);
    }
}
