package org.eridanus.dataset;

import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.eridanus.event.Attributes;
import org.eridanus.event.UserProfile;

/**
 * The users of a {@link SyntheticWorld}: who they are, and how that leans their taste. The formulas are in the
 * javadoc of {@link SyntheticWorld}.
 */
final class SyntheticPeople {
    private static final List<String> GENDERS = List.of("F", "M");
    private static final List<String> OCCUPATIONS = List.of(
            "astronomer",
            "baker",
            "carpenter",
            "dentist",
            "engineer",
            "farmer",
            "gardener",
            "librarian",
            "musician",
            "nurse",
            "other",
            "retired",
            "sailor",
            "student",
            "teacher");
    private static final int STUDENT = OCCUPATIONS.indexOf("student");
    private static final int RETIRED = OCCUPATIONS.indexOf("retired");
    private static final int AGE_BANDS = 6;
    private static final int YOUNGEST = 14;
    private static final int OLDEST = 79;

    /** Spread of a user's own taste for genres and for clusters, on a logarithmic scale. */
    private static final double GENRE_SPREAD = 1.8;

    private static final double CLUSTER_SPREAD = 1.2;

    /** Spread of what each of gender, age band and occupation adds to it. */
    private static final double SHARED_SPREAD = 0.8;

    private final int clusters;
    private final IntUnaryOperator genreOfCluster;
    private final double[][] leaningOfGender;
    private final double[][] leaningOfAge;
    private final double[][] leaningOfOccupation;

    SyntheticPeople(int clusters, IntUnaryOperator genreOfCluster, SplitMix64 random) {
        this.clusters = clusters;
        this.genreOfCluster = genreOfCluster;
        leaningOfGender = leanings(GENDERS.size(), random);
        leaningOfAge = leanings(AGE_BANDS, random);
        leaningOfOccupation = leanings(OCCUPATIONS.size(), random);
    }

    private double[][] leanings(int groups, SplitMix64 random) {
        double[][] leanings = new double[groups][clusters];
        for (double[] group : leanings) {
            for (int cluster = 0; cluster < clusters; cluster++) {
                group[cluster] = SHARED_SPREAD * random.nextGaussian();
            }
        }
        return leanings;
    }

    Person draw(SplitMix64 random) {
        int gender = random.nextInt(GENDERS.size());
        int age = (int) Math.min(OLDEST, Math.max(YOUNGEST, Math.round(34.0 + 13.0 * random.nextGaussian())));
        int occupation = occupation(age, random);
        return new Person(
                gender,
                age,
                occupation,
                taste(gender, age, occupation, random),
                taste(gender, age, occupation, random));
    }

    private static int occupation(int age, SplitMix64 random) {
        if (age < 20) {
            return STUDENT;
        }
        if (age >= 65) {
            return RETIRED;
        }
        return random.nextInt(OCCUPATIONS.size());
    }

    private double[] taste(int gender, int age, int occupation, SplitMix64 random) {
        int band = (age - YOUNGEST) * AGE_BANDS / (OLDEST - YOUNGEST + 1);
        double[] ofGenre = new double[Titles.GENRES.size()];
        for (int genre = 0; genre < ofGenre.length; genre++) {
            ofGenre[genre] = GENRE_SPREAD * random.nextGaussian();
        }
        double[] taste = new double[clusters];
        double sum = 0.0;
        for (int cluster = 0; cluster < clusters; cluster++) {
            double leaning = leaningOfGender[gender][cluster]
                    + leaningOfAge[band][cluster]
                    + leaningOfOccupation[occupation][cluster];
            double own = ofGenre[genreOfCluster.applyAsInt(cluster)] + CLUSTER_SPREAD * random.nextGaussian();
            taste[cluster] = StrictMath.exp(own + leaning);
            sum += taste[cluster];
        }
        for (int cluster = 0; cluster < clusters; cluster++) {
            taste[cluster] /= sum;
        }
        return taste;
    }

    /** One user: attributes by index, and the taste at the beginning and at the end of a life, each [clusters]. */
    static final class Person {
        private final int gender;
        private final int age;
        private final int occupation;
        private final double[] before;
        private final double[] after;

        Person(int gender, int age, int occupation, double[] before, double[] after) {
            this.gender = gender;
            this.age = age;
            this.occupation = occupation;
            this.before = before;
            this.after = after;
        }

        /** The taste when {@code shift} of it has gone over to the later one, [clusters], summing to 1. */
        double[] taste(double shift) {
            double[] taste = new double[before.length];
            for (int cluster = 0; cluster < taste.length; cluster++) {
                taste[cluster] = (1.0 - shift) * before[cluster] + shift * after[cluster];
            }
            return taste;
        }

        UserProfile profile(String id) {
            return new UserProfile(
                    id,
                    new Attributes(Map.of(
                            "age", List.of(Integer.toString(age)),
                            "gender", List.of(GENDERS.get(gender)),
                            "occupation", List.of(OCCUPATIONS.get(occupation)))));
        }
    }
}
