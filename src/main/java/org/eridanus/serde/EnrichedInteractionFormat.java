package org.eridanus.serde;

import java.util.List;
import java.util.Map;
import org.eridanus.event.Attributes;
import org.eridanus.event.Coordinate;
import org.eridanus.event.Interaction;
import org.eridanus.event.Limits;
import org.eridanus.feature.EnrichedInteraction;
import org.eridanus.feature.EnrichedInteraction.Feedback;
import org.eridanus.feature.FeatureSchema;

/**
 * The values of {@code enriched-interactions}. Version 2, in this order (see {@link WireWriter} for the
 * primitives):
 *
 * <pre>
 * version       byte       2
 * partition     var int    coordinate
 * offset        var long   coordinate
 * user          text
 * item          text
 * type          text
 * flags         byte       1 a rating follows, 2 item announced, 4 repeat, 8 negative, 16 ignored (neither: positive)
 * rating        double     only with flag 1
 * timestamp     signed     event time, ms
 * recordTime    signed     ms
 * weight        float
 * categories    list of (name text, values list of text), names ascending
 * consumed      var int
 * history       list of text, the newest first
 * combinations  list of text
 * schema        text       hash of the schema that categories and combinations are of
 * profile       list of (name text, values list of text), names ascending
 * </pre>
 */
public final class EnrichedInteractionFormat implements WireFormat<EnrichedInteraction> {
    /** The version that is written. */
    public static final int VERSION = 2;

    private static final String WHAT = "enriched interaction";
    private static final int RATING = 1;
    private static final int ANNOUNCED = 2;
    private static final int REPEAT = 4;
    private static final int NEGATIVE = 8;
    private static final int IGNORED = 16;

    @Override
    public byte[] encode(EnrichedInteraction event) {
        WireWriter out = new WireWriter(WHAT, expectedLength(event));
        write(out, event);
        return out.toBytes();
    }

    @Override
    public EnrichedInteraction decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        EnrichedInteraction event = read(in);
        in.end();
        return event;
    }

    /**
     * The head of an event; what follows it is not looked at.
     *
     * @throws WireException if the head is not what {@link #encode} writes
     */
    public static EventHead head(byte[] bytes) {
        return head(new WireReader(WHAT, bytes));
    }

    /** Reads the head of an event out of a larger value. */
    static EventHead head(WireReader in) {
        in.version(WHAT, VERSION);
        Coordinate coordinate = new Coordinate(in.getVarInt(), in.getVarLong());
        String user = in.getText();
        String item = in.getText();
        in.getText();
        int flags = flags(in);
        return new EventHead(coordinate, user, item, feedback(flags), (flags & ANNOUNCED) != 0, (flags & REPEAT) != 0);
    }

    /** About how many bytes an event takes. */
    static int expectedLength(EnrichedInteraction event) {
        return 256 + 12 * event.history().size();
    }

    /** Writes an event, version byte and all, into a larger value. */
    static void write(WireWriter out, EnrichedInteraction event) {
        Interaction interaction = event.interaction();
        Double rating = interaction.rating();
        out.putByte(VERSION);
        out.putVarInt(event.coordinate().partition());
        out.putVarLong(event.coordinate().offset());
        out.putText(interaction.user());
        out.putText(interaction.item());
        out.putText(interaction.type());
        out.putByte(flags(event));
        if (rating != null) {
            out.putDouble(rating);
        }
        out.putSigned(interaction.timestamp());
        out.putSigned(event.recordTime());
        out.putFloat(event.weight());
        out.putNamedTexts(event.categories(), FeatureSchema.MAX_SIZE, Limits.ATTRIBUTE_VALUES);
        out.putVarInt(event.consumed());
        out.putTexts(event.history(), Limits.HISTORY);
        out.putTexts(event.combinations(), FeatureSchema.MAX_SIZE);
        out.putText(event.schema());
        out.putNamedTexts(event.profile().values(), Limits.ATTRIBUTES, Limits.ATTRIBUTE_VALUES);
    }

    /** Reads an event out of a larger value. */
    static EnrichedInteraction read(WireReader in) {
        in.version(WHAT, VERSION);
        Coordinate coordinate = new Coordinate(in.getVarInt(), in.getVarLong());
        String user = in.getText();
        String item = in.getText();
        String type = in.getText();
        int flags = flags(in);
        Double rating = (flags & RATING) == 0 ? null : (Double) in.getDouble();
        Interaction interaction = new Interaction(user, item, type, rating, in.getSigned());
        long recordTime = in.getSigned();
        float weight = in.getFloat();
        Map<String, List<String>> categories = in.getNamedTexts(FeatureSchema.MAX_SIZE, Limits.ATTRIBUTE_VALUES);
        int consumed = in.getVarInt();
        List<String> history = in.getTexts(Limits.HISTORY);
        List<String> combinations = in.getTexts(FeatureSchema.MAX_SIZE);
        String schema = in.getText();
        Attributes profile = in.getAttributes();
        return new EnrichedInteraction(
                coordinate,
                interaction,
                recordTime,
                feedback(flags),
                weight,
                (flags & ANNOUNCED) != 0,
                (flags & REPEAT) != 0,
                categories,
                history,
                consumed,
                combinations,
                schema,
                profile);
    }

    private static int flags(EnrichedInteraction event) {
        return (event.interaction().rating() == null ? 0 : RATING)
                | (event.itemAnnounced() ? ANNOUNCED : 0)
                | (event.repeat() ? REPEAT : 0)
                | switch (event.feedback()) {
                    case POSITIVE -> 0;
                    case NEGATIVE -> NEGATIVE;
                    case IGNORED -> IGNORED;
                };
    }

    private static int flags(WireReader in) {
        int flags = in.getByte();
        if (flags >= 2 * IGNORED || (flags & (NEGATIVE | IGNORED)) == (NEGATIVE | IGNORED)) {
            throw in.broken("unknown flags " + flags);
        }
        return flags;
    }

    private static Feedback feedback(int flags) {
        if ((flags & NEGATIVE) != 0) {
            return Feedback.NEGATIVE;
        }
        return (flags & IGNORED) != 0 ? Feedback.IGNORED : Feedback.POSITIVE;
    }
}
