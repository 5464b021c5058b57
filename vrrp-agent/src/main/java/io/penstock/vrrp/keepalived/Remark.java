package io.penstock.vrrp.keepalived;

/** Something that the result does not say, or says otherwise; printed as {@code file:line:column: text}. */
public record Remark(String at, boolean important, String text) {
    @Override
    public String toString() {
        return at + ": " + (important ? "DIFFERENT: " : "left out: ") + text;
    }
}
