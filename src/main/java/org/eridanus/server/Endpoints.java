package org.eridanus.server;

import io.javalin.config.RoutesConfig;

/** A group of routes. */
public interface Endpoints {
    /** Adds its routes; called once. */
    void add(RoutesConfig routes);

    /** The server stops: lets go of its callers. */
    default void close() {}
}
