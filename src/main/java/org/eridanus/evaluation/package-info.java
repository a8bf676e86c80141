/**
 * How good a ranking is: ranks with ties, HR, NDCG and MRR, and the evaluation of one event. Imports {@code event} and
 * {@code feature}.
 */
@NullMarked
package org.eridanus.evaluation;

import org.jspecify.annotations.NullMarked;
