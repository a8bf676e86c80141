/**
 * The deep association network: embedding tables, joint features, the pair counts that memorise, the tower, losses,
 * optimisers, negative sampling and mini-batches, and the rows in which a model travels. Imports {@code event} and
 * {@code feature}, and is one of two packages that know ND4J.
 */
@NullMarked
package org.eridanus.model;

import org.jspecify.annotations.NullMarked;
