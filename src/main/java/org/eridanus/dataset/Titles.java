package org.eridanus.dataset;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Invents titles, each ending in the genre it belongs to: {@code The Unfinished Harbour (Drama)}. A title that was
 * given before returns as a sequel, {@code … II (Drama)}, so that no two items share one.
 *
 * <p>Threading: not safe for use by several threads; it remembers what it gave.
 */
final class Titles {
    private static final List<Words> WORDS = List.of(
            words(
                    "Drama",
                    "Unfinished Borrowed Quiet Unposted Folded Patient Second-Hand Wintering Unlit Lopsided",
                    "Harbour Ledger Orchard Staircase Lighthouse Inheritance Ferry Teapot Pension Allotment Sermon Quarrel"),
            words(
                    "Comedy",
                    "Overdue Reluctant Inflatable Sideways Left-Handed Unlicensed Wobbly Punctual Misfiled Buttered",
                    "Landlord Wedding Moustache Trombone Committee Sandwich Goose Plumber Karaoke Divorce Cactus Caravan"),
            words(
                    "Mystery",
                    "Seventh Muffled Locked Counterfeit Missing Velvet Misdated Unclaimed Crooked Whispered",
                    "Pantry Umbrella Postmark Cellar Alibi Greenhouse Clockmaker Keyhole Parcel Glove Butler Ticket"),
            words(
                    "Romance",
                    "Tuesday Apricot Accidental Rain-Soaked Moonlit Clumsy Overheard Sugared Tender Long-Distance",
                    "Balcony Waltz Bakery Postcard Vineyard Encore Serenade Bicycle Proposal Lagoon Bouquet Lemonade"),
            words(
                    "Adventure",
                    "Uncharted Emerald Runaway Monsoon Windward Leaky Thundering Forgotten Northbound Salted",
                    "Compass Caravel Glacier Plateau Balloon Archipelago Expedition Rapids Treasure Jungle Beacon Sledge"),
            words(
                    "Fantasy",
                    "Thirteenth Silver Whispering Amber Moth-Eaten Runic Sleeping Thorned Hollow Star-Fed",
                    "Griffin Wyvern Cauldron Oracle Tapestry Thistle Warlock Goblin Moonstone Kingdom Lantern Spell"),
            words(
                    "Horror",
                    "Pale Dripping Sleepless Unblinking Mouldering Hungry Scratching Nameless Backwards Rattling",
                    "Nursery Attic Scarecrow Chapel Doll Swamp Mirror Choir Cradle Orphanage Tooth Wallpaper"),
            words(
                    "Sci-Fi",
                    "Antimatter Recursive Orbital Chrome Interstellar Obsolete Cryogenic Quantum Plutonian Faulty",
                    "Android Nebula Airlock Colony Paradox Satellite Telescope Asteroid Wormhole Vending-Machine Probe Comet"),
            words(
                    "Western",
                    "Dusty Two-Dollar Whiskey Sunburnt Lonesome Rusty High-Noon Bow-Legged Copper Tumbling",
                    "Saloon Mustang Stagecoach Canyon Sheriff Spittoon Outlaw Prairie Mesa Lasso Rattlesnake Ranch"),
            words(
                    "Musical",
                    "Syncopated Glittering Off-Key Tap-Dancing Rehearsed Velvet-Voiced Brassy Upstairs Humming Feathered",
                    "Chorus Overture Understudy Ballroom Matinee Accordion Tambourine Orchestra Cabaret Metronome Duet Finale"),
            words(
                    "Documentary",
                    "Hidden Everyday Vanishing Underground Migrating Industrial Secret Measured Frozen Ordinary",
                    "Beehive Concrete Tides Lichen Timetable Glassworks Fungus Pylon Salt-Mine Penguin Typewriter Canal"),
            words(
                    "Thriller",
                    "Encrypted Ninth Poisoned Double-Crossed Midnight Wiretapped Stolen Falling Burning Forged",
                    "Courier Passport Elevator Embassy Witness Briefcase Tunnel Ransom Dossier Embargo Checkpoint Chauffeur"));

    private static final String[] ROMAN_TENS = {"", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"};
    private static final String[] ROMAN_ONES = {"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"};

    /** The genres of the synthetic world, in the order of their indexes. */
    static final List<String> GENRES = WORDS.stream().map(Words::genre).toList();

    private final Map<String, Integer> given = new HashMap<>();

    private static Words words(String genre, String adjectives, String nouns) {
        return new Words(genre, List.of(adjectives.split(" ")), List.of(nouns.split(" ")));
    }

    /** A title that was not given before, for an item whose first genre is {@code GENRES.get(genre)}. */
    String next(int genre, SplitMix64 random) {
        Words words = WORDS.get(genre);
        String adjective = pick(words.adjectives, random);
        String noun = pick(words.nouns, random);
        String other = pick(words.nouns, random);
        String name = switch (random.nextInt(5)) {
            case 0 -> noun.equals(other) ? "Every Other " + noun : "The " + noun + " and the " + other;
            case 1 -> noun.equals(other) ? "Every Other " + noun : "The " + noun + " behind the " + other;
            case 2 -> "My " + adjective + " " + noun;
            default -> "The " + adjective + " " + noun;
        };
        int part = given.merge(name, 1, Integer::sum);
        return name + (part == 1 ? "" : " " + roman(part)) + " (" + words.genre + ")";
    }

    private static String pick(List<String> words, SplitMix64 random) {
        return words.get(random.nextInt(words.size()));
    }

    /** {@code number}, at least 1, in Roman numerals; hundreds are all written in C. */
    static String roman(int number) {
        return "C".repeat(number / 100) + ROMAN_TENS[number / 10 % 10] + ROMAN_ONES[number % 10];
    }

    private record Words(String genre, List<String> adjectives, List<String> nouns) {}
}
