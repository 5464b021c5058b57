package io.penstock.admin;

/** Is told of every answer, on any thread; must not block. */
public interface RequestListener {
    RequestListener NONE = (method, status) -> {};

    /**
     * One more request was answered.
     *
     * @param method as the request has it; what a peer invents included
     */
    void onAnswered(String method, int status);
}
