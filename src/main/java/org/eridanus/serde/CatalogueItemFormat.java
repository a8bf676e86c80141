package org.eridanus.serde;

import org.eridanus.event.Item;
import org.eridanus.event.Limits;
import org.eridanus.feature.CatalogueItem;
import org.eridanus.feature.FeatureSchema;

/**
 * The values of {@code catalogue}. Version 1:
 *
 * <pre>
 * version       byte       1
 * id            text
 * title         text
 * attributes    list of (name text, values list of text), names ascending
 * categories    list of (name text, values list of text), names ascending
 * </pre>
 */
public final class CatalogueItemFormat implements WireFormat<CatalogueItem> {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final String WHAT = "catalogue item";

    @Override
    public byte[] encode(CatalogueItem announced) {
        WireWriter out = new WireWriter(WHAT, 256);
        write(out, announced);
        return out.toBytes();
    }

    @Override
    public CatalogueItem decode(byte[] bytes) {
        WireReader in = new WireReader(WHAT, bytes);
        CatalogueItem announced = read(in);
        in.end();
        return announced;
    }

    /** Writes an item, version byte and all, into a larger value. */
    static void write(WireWriter out, CatalogueItem announced) {
        out.putByte(VERSION);
        out.putText(announced.item().id());
        out.putText(announced.item().title());
        out.putNamedTexts(announced.item().attributes().values(), Limits.ATTRIBUTES, Limits.ATTRIBUTE_VALUES);
        out.putNamedTexts(announced.categories(), FeatureSchema.MAX_SIZE, Limits.ATTRIBUTE_VALUES);
    }

    /** Reads an item out of a larger value. */
    static CatalogueItem read(WireReader in) {
        in.version(WHAT, VERSION);
        Item item = new Item(in.getText(), in.getText(), in.getAttributes());
        return new CatalogueItem(item, in.getNamedTexts(FeatureSchema.MAX_SIZE, Limits.ATTRIBUTE_VALUES));
    }
}
