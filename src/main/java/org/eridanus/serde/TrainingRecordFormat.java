package org.eridanus.serde;

import java.util.Optional;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.feature.TrainingRecord;

/**
 * The values of {@code training-log}. Version 1 is the version byte 1, a type byte, and by type:
 *
 * <pre>
 * 1 event           loggedAt signed, ms; then the enriched interaction as on {@code enriched-interactions}
 * 2 item announced  the item as on {@code catalogue}
 * 3 item removed    item text
 * 4 tick            time signed, ms
 * 5 freeze          reason text
 * 6 resume          reason text
 * 7 user forgotten  user text
 * 8 configured      preset text, hash text
 * 9 user evicted    user text
 * </pre>
 *
 * What is embedded keeps its own version byte, so that either form can grow without the other.
 */
public final class TrainingRecordFormat implements WireFormat<TrainingRecord> {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final String WHAT = "training record";
    private static final int EVENT = 1;
    private static final int ITEM_ANNOUNCED = 2;
    private static final int ITEM_REMOVED = 3;
    private static final int TICK = 4;
    private static final int FREEZE = 5;
    private static final int RESUME = 6;
    private static final int USER_FORGOTTEN = 7;
    private static final int CONFIGURED = 8;
    private static final int USER_EVICTED = 9;

    @Override
    public byte[] encode(TrainingRecord training) {
        WireWriter out = new WireWriter(
                WHAT,
                training instanceof TrainingRecord.Event e ? EnrichedInteractionFormat.expectedLength(e.event()) : 64);
        out.putByte(VERSION);
        if (training instanceof TrainingRecord.Event e) {
            out.putByte(EVENT);
            out.putSigned(e.loggedAt());
            EnrichedInteractionFormat.write(out, e.event());
        } else if (training instanceof TrainingRecord.ItemAnnounced announced) {
            out.putByte(ITEM_ANNOUNCED);
            CatalogueItemFormat.write(out, new CatalogueItem(announced.item(), announced.categories()));
        } else if (training instanceof TrainingRecord.ItemRemoved removed) {
            out.putByte(ITEM_REMOVED);
            out.putText(removed.item());
        } else if (training instanceof TrainingRecord.Tick tick) {
            out.putByte(TICK);
            out.putSigned(tick.time());
        } else if (training instanceof TrainingRecord.Freeze freeze) {
            out.putByte(FREEZE);
            out.putText(freeze.reason());
        } else if (training instanceof TrainingRecord.Resume resume) {
            out.putByte(RESUME);
            out.putText(resume.reason());
        } else if (training instanceof TrainingRecord.UserForgotten forgotten) {
            out.putByte(USER_FORGOTTEN);
            out.putText(forgotten.user());
        } else if (training instanceof TrainingRecord.Configured configured) {
            out.putByte(CONFIGURED);
            out.putText(configured.preset());
            out.putText(configured.hash());
        } else if (training instanceof TrainingRecord.UserEvicted evicted) {
            out.putByte(USER_EVICTED);
            out.putText(evicted.user());
        }
        return out.toBytes();
    }

    @Override
    public TrainingRecord decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        in.version(WHAT, VERSION);
        int type = in.getByte();
        TrainingRecord training = switch (type) {
            case EVENT -> event(in);
            case ITEM_ANNOUNCED -> announced(CatalogueItemFormat.read(in));
            case ITEM_REMOVED -> new TrainingRecord.ItemRemoved(in.getText());
            case TICK -> new TrainingRecord.Tick(in.getSigned());
            case FREEZE -> new TrainingRecord.Freeze(in.getText());
            case RESUME -> new TrainingRecord.Resume(in.getText());
            case USER_FORGOTTEN -> new TrainingRecord.UserForgotten(in.getText());
            case CONFIGURED -> new TrainingRecord.Configured(in.getText(), in.getText());
            case USER_EVICTED -> new TrainingRecord.UserEvicted(in.getText());
            default ->
                throw in.broken("type " + type + " found, a type of " + EVENT + ".." + USER_EVICTED
                        + " expected: the record was written by another version of Eridanus");
        };
        in.end();
        return training;
    }

    /**
     * What a record is, as far as accounting needs to know.
     *
     * @param event the head of the event that it holds, empty for a record of another type
     * @param announcement whether it announces an item
     * @param eviction whether it evicts a user
     */
    public record Head(Optional<EventHead> event, boolean announcement, boolean eviction) {}

    /**
     * The head of a record; what follows it is not looked at.
     *
     * @throws WireException if the head is not what {@link #encode} writes
     */
    public static Head head(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        in.version(WHAT, VERSION);
        int type = in.getByte();
        if (type != EVENT) {
            return new Head(Optional.empty(), type == ITEM_ANNOUNCED, type == USER_EVICTED);
        }
        in.getSigned();
        return new Head(Optional.of(EnrichedInteractionFormat.head(in)), false, false);
    }

    private static TrainingRecord event(WireReader in) {
        long loggedAt = in.getSigned();
        return new TrainingRecord.Event(EnrichedInteractionFormat.read(in), loggedAt);
    }

    private static TrainingRecord announced(CatalogueItem announced) {
        return new TrainingRecord.ItemAnnounced(announced.item(), announced.categories());
    }
}
