package io.penstock.vrrp.event;

/** Takes what happened, in order, without waiting for anybody. */
public interface EventRecorder {
    void record(VrrpEvent event);
}
