package io.penstock.admin;

/** Answers the requests of one route. Called on a thread that may block; several may be called at a time. */
public interface AdminHandler {
    /**
     * Makes the answer.
     *
     * @throws RequestException to be answered with its status and message
     */
    AdminResponse handle(AdminRequest request) throws RequestException;
}
