using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Formats;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Inference;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Measures one model file on labelled data, alone or beside another.</summary>
public static class ModelEvaluation
{
    private const int RangeSamples = 32; // that are run once more for their largest value

    /// <summary>Runs the model over the samples.</summary>
    /// <param name="model">Path of the model.</param>
    /// <param name="request">Data, samples, and a model to compare with.</param>
    /// <param name="threads">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="BadInputException">A model or the data cannot be used, or they do not fit each other.</exception>
    public static EvaluationResult Run(string model, EvaluationRequest request, int threads, CancellationToken cancellationToken)
    {
        (Graph graph, Network network) = Compile(model);
        Dataset data = DatasetReader.Open(request.Data, graph.Inputs[0]);
        if (request.DataHash is { } expected && data.Hash != expected)
        {
            throw new BadInputException($"{request.Data.Path}: found data with the SHA-256 {data.Hash}, expected {expected}, which the sweep measured.");
        }

        data.CheckLabels(network.OutputSize);
        ReadOnlyMemory<int> samples = Samples(request, data.Count);
        float[] outputs = Outputs(network, data, samples, threads, cancellationToken);
        float[] reference = request.Baseline is { } path
            ? Outputs(Comparable(path, network), data, samples, threads, cancellationToken)
            : outputs;
        OutcomeTally tally = OutcomeTally.Compare(outputs, reference, data.LabelsOf(samples.Span), network.OutputSize, OutputKind.Logits);

        bool paired = request.Baseline is not null;
        ImmutableSortedDictionary<string, Estimate> metrics = OutcomeMetrics.MeasureAll(tally);
        return new EvaluationResult(
            graph.FormatDescription,
            tally,
            paired ? metrics : metrics.RemoveRange([OutcomeMetrics.Agreement, OutcomeMetrics.Kl]),
            paired ? Drops(tally, metrics.Keys) : ImmutableSortedDictionary<string, Estimate>.Empty,
            [.. data.Notices.Concat(Range(graph, network, data, samples))]);
    }

    // A program in float16 is run in float32 here: whether its values would stay in range there is seen from some samples.
    private static IEnumerable<string> Range(Graph graph, Network network, Dataset data, ReadOnlyMemory<int> samples)
    {
        if (!graph.Nodes.Any(node => node.Outputs.Any(output => output.Type == ElementType.Float16)))
        {
            yield break;
        }

        int count = Math.Min(samples.Length, RangeSamples), length = (int)data.SampleShape.ElementCount;
        float[] input = new float[count * length];
        for (int i = 0; i < count; i++)
        {
            data.Read(samples.Span[i], input.AsSpan(i * length, length));
        }

        float largest = network.LargestMagnitude(input, count, network.CreateWorkspace(count));
        yield return string.Create(CultureInfo.InvariantCulture, $"the program computes in float16, and was run in float32: the largest value in it over {count} samples is {largest:G4}, ")
            + (largest < HalfRange.FirstInfinite ? $"float16 holds up to {HalfRange.Largest}" : $"beyond float16's {HalfRange.Largest}: a device may get infinity there");
    }

    private static (Graph Graph, Network Network) Compile(string path)
    {
        Graph graph = ModelFormats.For(path).Read(path);
        return (graph, Network.Compile(graph, weight => Decompressor.ToFloat32(weight.Stored)));
    }

    private static Network Comparable(string path, Network network)
    {
        Network other = Compile(path).Network;
        return other.InputShape == network.InputShape && other.OutputSize == network.OutputSize
            ? other
            : throw new BadInputException(
                $"{path}: found input {other.InputShape} and {other.OutputSize} outputs, expected {network.InputShape} and {network.OutputSize} as the evaluated model has.");
    }

    private static ReadOnlyMemory<int> Samples(EvaluationRequest request, int count)
    {
        if (request.Sweep is not { } sweep)
        {
            return Enumerable.Range(0, count).ToArray();
        }

        SampleSplit split = SampleSplit.Create(count, sweep.Seed, sweep.Samples.Probe, sweep.Samples.Choice, sweep.Samples.Confirm);
        return request.Part switch
        {
            "choice" => split.Choice,
            "confirm" => split.Confirm,
            _ => (int[])[.. split.Choice.Span, .. split.Confirm.Span],
        };
    }

    private static float[] Outputs(Network network, Dataset data, ReadOnlyMemory<int> samples, int threads, CancellationToken cancellationToken) =>
        new Evaluator(data, threads).Run(network, samples, progress: null, cancellationToken);

    private static ImmutableSortedDictionary<string, Estimate> Drops(OutcomeTally tally, IEnumerable<string> metrics)
    {
        ImmutableSortedDictionary<string, Estimate>.Builder drops = ImmutableSortedDictionary.CreateBuilder<string, Estimate>(StringComparer.Ordinal);
        foreach (string metric in metrics.Where(metric => metric is OutcomeMetrics.Top1 or OutcomeMetrics.Top5))
        {
            if (OutcomeMetrics.Drop(tally, metric) is { } drop)
            {
                drops[metric] = drop;
            }
        }

        return drops.ToImmutable();
    }
}
