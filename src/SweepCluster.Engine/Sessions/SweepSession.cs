using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Inference;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Sessions;

/// <summary>Everything that a silo needs to work on a sweep: the opened model, and unless a command measures, the data, its split and the compiled network.</summary>
internal sealed class SweepSession
{
    /// <summary>Most samples of one job of a trial. A constant: where ranges are cut decides the last bits of sums.</summary>
    internal const int SamplesPerTrial = 512;

    /// <summary>Most samples of one job of a layer's probes, which measures them once for each scheme.</summary>
    internal const int SamplesPerProbe = 128;

    private readonly ImmutableArray<SamplePart> _choice, _confirm;

    private SweepSession(SweepModel model, Dataset? data, SampleSplit? split, Network? network)
    {
        Model = model;
        Data = data;
        Split = split;
        Network = network;
        SweepSpec spec = model.Spec;
        string id = JobKeys.Hash($"sweep\n{spec.Canonical}\n{model.Hash}\n{data?.Hash}\n{SweepModel.Version}")[..16];
        Record = new SweepRecord(id, spec.Name, spec.Canonical, model.Hash, data?.Hash, SweepModel.Version, JsonSerializer.Serialize(spec, EngineJson.Default.SweepSpec));
        Context = JobKeys.Hash(
            $"{model.Hash}\n{model.Target.Name}\n{data?.Hash}\n{Preprocessing(spec)}\n{string.Join('\0', spec.Objective.Command)}\n{SweepModel.Version}");
        ProbeParts = Cut(split is null ? default : split.Probe, SamplesPerProbe);
        _choice = Cut(split is null ? default : split.Choice, SamplesPerTrial);
        _confirm = Cut(split is null ? default : split.Confirm, SamplesPerTrial);
    }

    internal SweepModel Model { get; }

    internal SweepSpec Spec => Model.Spec;

    /// <summary>The samples; null where a command measures.</summary>
    internal Dataset? Data { get; }

    internal SampleSplit? Split { get; }

    /// <summary>The uncompressed model, compiled; null where a command measures.</summary>
    internal Network? Network { get; }

    /// <summary>The sweep as a store keeps it.</summary>
    internal SweepRecord Record { get; }

    /// <summary>Hash of what every measurement depends on beside the plan and the samples.</summary>
    internal string Context { get; }

    /// <summary>The parts in which a layer is probed.</summary>
    internal ImmutableArray<SamplePart> ProbeParts { get; }

    /// <summary>Opens model and data.</summary>
    /// <exception cref="BadInputException">They cannot be read, do not fit each other or the spec, or the model holds an operation that cannot be run.</exception>
    internal static SweepSession Open(SweepSpec spec)
    {
        SweepModel model = SweepModel.Open(spec);
        if (!spec.Objective.Command.IsEmpty)
        {
            return new SweepSession(model, null, null, null);
        }

        DataSpec source = spec.Data ?? throw new BadInputException($"{spec.Name}: found no data, expected labelled data or a command that measures.");
        if (model.Graph.Inputs.Length != 1)
        {
            throw new BadInputException($"{spec.Model}: found {model.Graph.Inputs.Length} inputs, expected one; measure such a model by a command of your own.");
        }

        Network network = Network.Compile(model.Graph, model.ValuesOf);
        Dataset data = DatasetReader.Open(source, model.Graph.Inputs[0]);
        data.CheckLabels(network.OutputSize);
        SamplesSpec samples = spec.Samples;
        SampleSplit split = SampleSplit.Create(data.Count, spec.Seed, samples.Probe, samples.Choice, samples.Confirm, $"{source.Path}, samples of '{spec.Name}'");
        return new SweepSession(model, data, split, network);
    }

    /// <summary>The samples of a range, in the order in which they are measured.</summary>
    internal ReadOnlyMemory<int> SamplesOf(SampleRange range) => range == SampleRange.Choice ? Split!.Choice : Split!.Confirm;

    /// <summary>The parts in which a plan is measured over a range; one without samples where a command measures.</summary>
    internal ImmutableArray<SamplePart> TrialParts(SampleRange range) => range == SampleRange.Choice ? _choice : _confirm;

    /// <summary>Cuts samples into jobs. The places are fixed, so that the parts of fewer samples are among those of more.</summary>
    private static ImmutableArray<SamplePart> Cut(ReadOnlyMemory<int> samples, int most) => [.. Enumerable.Range(0, Math.Max(1, (samples.Length + most - 1) / most))
        .Select(part => (Start: part * most, Count: Math.Min(most, samples.Length - (part * most))))
        .Select(part => new SamplePart(part.Start, part.Count, JobKeys.Hash(string.Join(' ', samples.Slice(part.Start, part.Count).ToArray()))))];

    private static string Preprocessing(SweepSpec spec) => spec.Data is not { } data ? ""
        : $"{data.Layout} {data.Color} {string.Join(' ', data.Scale.Select(Text))} {string.Join(' ', data.Bias.Select(Text))}";

    private static string Text(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
