package org.eridanus.metrics;

import org.eridanus.recommend.ServedModel;

/**
 * The size of the served model as of the last look, so that a scrape does not go over all its items.
 *
 * <p>Threading: safe for use by all threads.
 */
final class SizeWatch {
    private final ServedModel model;
    private volatile ServedModel.Size size;

    SizeWatch(ServedModel model) {
        this.model = model;
        this.size = model.size();
    }

    ServedModel.Size size() {
        return size;
    }

    void refresh() {
        size = model.size();
    }
}
