/**
 * The HTTP server: metrics, health and readiness, questions about recommendations, and what passes by. Imports
 * {@code event}, {@code feature}, {@code live}, {@code model}, {@code recommend}, {@code evaluation}, {@code metrics} and
 * {@code serde}, javalin, jackson.
 */
@NullMarked
package org.eridanus.server;

import org.jspecify.annotations.NullMarked;
