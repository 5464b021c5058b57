package io.penstock.bgp.event;

/** Takes what happened, in order, without waiting for anybody. */
@FunctionalInterface
public interface EventRecorder {
    void record(BgpEvent event);
}
