package org.eridanus.stream;

import java.time.Clock;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.Topology;
import org.eridanus.feature.FeatureSchema;
import org.eridanus.feature.FeedbackTable;
import org.eridanus.model.Generation;
import org.eridanus.model.JointFeature;
import org.eridanus.model.ModelDefinition;
import org.eridanus.model.ModelSettings;
import org.eridanus.recommend.ServedModel;
import org.eridanus.topic.TopicNames;
import org.eridanus.trainer.TrainerSettings;

/**
 * What the roles do, all of them by one preset.
 *
 * @param roles which roles run here
 * @param topics how topics are called
 * @param model the model
 * @param schema the categories and combinations that go with it
 * @param generation which of the models that learn from the log it is
 * @param feedback what interactions say of their users' taste
 * @param limits when the features role writes ticks, and how many users are kept
 * @param trainer how versions are cut and events tested
 * @param scorer how lists are made
 */
public record PipelineSettings(
        Set<Role> roles,
        TopicNames topics,
        ModelSettings model,
        FeatureSchema schema,
        Generation generation,
        FeedbackTable feedback,
        FeaturesLimits limits,
        TrainerSettings trainer,
        ScorerSettings scorer) {
    public PipelineSettings {
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("roles must name at least one of features, trainer, scorer, got none");
        }
        roles = Set.copyOf(roles);
    }

    /** All roles with a preset and its schema, everything else by default. */
    public static PipelineSettings of(ModelSettings model) {
        return of(ModelDefinition.of(model));
    }

    /** All roles with a model, everything else by default. */
    public static PipelineSettings of(ModelDefinition model) {
        return new PipelineSettings(
                EnumSet.allOf(Role.class),
                TopicNames.PLAIN,
                model.settings(),
                model.schema(),
                Generation.FIRST,
                FeedbackTable.ALL_POSITIVE,
                FeaturesLimits.DEFAULT,
                TrainerSettings.DEFAULT,
                ScorerSettings.DEFAULT);
    }

    /** The same for other roles. */
    public PipelineSettings withRoles(Set<Role> others) {
        return new PipelineSettings(others, topics, model, schema, generation, feedback, limits, trainer, scorer);
    }

    /** The same with other names of topics. */
    public PipelineSettings withTopics(TopicNames others) {
        return new PipelineSettings(roles, others, model, schema, generation, feedback, limits, trainer, scorer);
    }

    /** What the model is. */
    public ModelDefinition definition() {
        return new ModelDefinition(model, schema);
    }

    /** The joint features of the schema's combinations. */
    public List<JointFeature> features() {
        return JointFeature.of(schema, model.join());
    }

    /** The topology of each role, to be looked at. */
    public Map<Role, Topology> topologies(Clock clock) {
        return topologies(new ServedModel(definition(), generation), new OpenContexts(), clock, Monitors.NONE);
    }

    /** The topology of each role that runs here. */
    Map<Role, Topology> topologies(ServedModel served, OpenContexts open, Clock clock, Monitors monitors) {
        Map<Role, Topology> topologies = new EnumMap<>(Role.class);
        for (Role role : roles) {
            topologies.put(
                    role,
                    switch (role) {
                        case FEATURES ->
                            new FeaturesTopology(featuresSettings(), topics, clock, monitors.features()).build();
                        case TRAINER ->
                            new TrainerTopology(definition(), generation, topics, trainer, monitors.trainer()).build();
                        case SCORER ->
                            new ScorerTopology(scorer, topics, served, open, clock, monitors.scorer()).build();
                    });
        }
        return topologies;
    }

    private FeaturesSettings featuresSettings() {
        return new FeaturesSettings(model.preset(), schema, feedback, limits);
    }

    /**
     * Who is told of what the roles do.
     *
     * @param features of the features role
     * @param trainer of the trainer role
     * @param scorer of the scorer role
     */
    public record Monitors(FeaturesMonitor features, TrainerMonitor trainer, ScorerMonitor scorer) {
        /** Nobody. */
        public static final Monitors NONE = new Monitors(FeaturesMonitor.NONE, TrainerMonitor.NONE, ScorerMonitor.NONE);
    }
}
