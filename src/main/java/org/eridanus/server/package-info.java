/**
 * The HTTP server on this machine's own address: metrics, health and readiness. Imports {@code recommend} and
 * {@code metrics}, javalin, jackson.
 */
@NullMarked
package org.eridanus.server;

import org.jspecify.annotations.NullMarked;
