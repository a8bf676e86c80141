package org.eridanus.experiment;

import org.eridanus.baseline.ItemScorer;
import org.eridanus.evaluation.Evaluation;

/** A method that ranks each event itself before it learns from it, in the very way in which it does so in the stream. */
interface SelfTestingScorer extends ItemScorer {
    /**
     * Tests on an event of the log, then learns from it. Events have to come in their order, all of them.
     *
     * @param event number of the event in the log
     */
    Evaluation testThenLearn(int event);
}
