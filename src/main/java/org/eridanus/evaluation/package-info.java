/**
 * How good a ranking is: ranks with ties, HR, NDCG and MRR, the evaluation of one event, leave-one-out and prequential
 * protocols, and the paired bootstrap over users. Imports {@code event} and {@code feature}.
 */
@NullMarked
package org.eridanus.evaluation;

import org.jspecify.annotations.NullMarked;
