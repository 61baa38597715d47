using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Specs;

/// <summary>Requests for one plan without a sweep: nothing is measured.</summary>
public static class OneShotSpec
{
    /// <summary>One scheme on every layer that can take it.</summary>
    /// <param name="model">Path of the model.</param>
    /// <param name="scheme">The scheme.</param>
    /// <param name="target">Deployment target, or null for the model's own.</param>
    /// <param name="weightThreshold">Weights with at most this many elements are left alone.</param>
    public static SweepSpec ForScheme(string model, Scheme scheme, string? target, long weightThreshold) =>
        Create(model, target, weightThreshold, [scheme], []);

    /// <summary>A configuration file in coremltools' form.</summary>
    /// <param name="model">Path of the model.</param>
    /// <param name="config">Path of the file.</param>
    /// <param name="target">Deployment target, or null for the model's own.</param>
    /// <exception cref="Graphs.BadInputException">The file cannot be read.</exception>
    public static SweepSpec ForConfig(string model, string config, string? target) => Create(model, target, 0, [], [GivenPlan.Read(config)]);

    private static SweepSpec Create(string model, string? target, long weightThreshold, ImmutableArray<Scheme> schemes, ImmutableArray<GivenPlan> plans) => new()
    {
        Name = model, // what its messages begin with
        Model = model,
        Target = target,
        Objective = new ObjectiveSpec("none", Higher: true, MaxDrop: null, Command: [], Timeout: TimeSpan.Zero),
        Samples = new SamplesSpec(0, 0, 0),
        Seed = 0,
        WeightThreshold = weightThreshold,
        Schemes = schemes,
        OpTypeConfigs = ImmutableSortedDictionary<string, LayerOverride>.Empty,
        OpNameConfigs = ImmutableSortedDictionary<string, LayerOverride>.Empty,
        GivenPlans = plans,
        Search = new SearchSpec(Uniform: true, GreedyPlans: 0, Probes: false),
        Canonical = string.Empty,
    };
}
