package io.penstock.forwarder.balance;

/**
 * Keeps the fields of a subclass two cache lines (processors fetch them in pairs) away from whatever lies before them on
 * the heap: two objects side by side would otherwise share a line that different workers write. The JVM lays the fields of
 * a superclass out first.
 */
@SuppressWarnings("UnusedVariable") // there for their place only
abstract class CacheLinePadded {
    private long p01;
    private long p02;
    private long p03;
    private long p04;
    private long p05;
    private long p06;
    private long p07;
    private long p08;
    private long p09;
    private long p10;
    private long p11;
    private long p12;
    private long p13;
    private long p14;
    private long p15;
}
