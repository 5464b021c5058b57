package io.penstock.admin;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What an admin server shows its clients, and which of theirs it believes; all files in PEM form.
 *
 * @param certificate the server's own first, then those that lead to its authority
 * @param key PKCS #8, not encrypted
 * @param clientCa the authorities of the certificates of clients; empty to ask for none
 */
public record AdminTls(Path certificate, Path key, Optional<Path> clientCa) {}
