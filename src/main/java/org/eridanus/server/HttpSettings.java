package org.eridanus.server;

import java.util.Set;

/**
 * How the HTTP server listens.
 *
 * @param host the address to listen on; this machine's own by default, so that nobody else reaches it
 * @param port the port there, 0 for a free one
 * @param writable whether calls that change something are answered: on loopback alone
 */
public record HttpSettings(String host, int port, boolean writable) {
    /** This machine's own address. */
    public static final String LOOPBACK = "127.0.0.1";

    /** Port unless another one is asked for. */
    public static final int PORT = 8080;

    private static final Set<String> LOOPBACKS = Set.of(LOOPBACK, "localhost", "::1");

    public HttpSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the HTTP host must be an address, got nothing; write 127.0.0.1 to be"
                    + " reached from this machine alone");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the HTTP port must be 0..65535, got " + port + "; 0 is a free one");
        }
        if (writable && !LOOPBACKS.contains(host)) {
            throw new IllegalArgumentException("http.writable must be false where http.host is not this machine's own"
                    + " address, got " + host + "; listen on 127.0.0.1, or leave it off");
        }
    }

    /** On this machine's own address, and without calls that change something. */
    public static HttpSettings onLoopback(int port) {
        return new HttpSettings(LOOPBACK, port, false);
    }

    /** The same with calls that change something. */
    public HttpSettings withWriting() {
        return new HttpSettings(host, port, true);
    }

    /** The same on another port. */
    public HttpSettings withPort(int other) {
        return new HttpSettings(host, other, writable);
    }

    /** Whether only this machine reaches it. */
    boolean loopback() {
        return LOOPBACKS.contains(host);
    }
}
