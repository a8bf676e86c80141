/**
 * From events to features: categories, the schema that lists them, the membership rule and the combinations it
 * allows, a user's history, and the enriched interaction that carries all of it. Imports {@code event} alone.
 */
@NullMarked
package org.eridanus.feature;

import org.jspecify.annotations.NullMarked;
