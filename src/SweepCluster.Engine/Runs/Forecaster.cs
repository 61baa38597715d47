using System.Collections.Immutable;
using SweepCluster.Compression;
using SweepCluster.Engine.Sessions;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Spaces;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Runs;

/// <summary>Counts a sweep before it runs and estimates its time from two small measurements: samples through the uncompressed model, and one layer's cells.</summary>
internal sealed class Forecaster(SweepSession session, int slots, TimeProvider time)
{
    private const int FirstSlice = 32;
    private const long LargestCalibration = 1 << 18; // elements of the layer whose cells are made
    private static readonly TimeSpan s_measurement = TimeSpan.FromSeconds(10); // at most about this long

    /// <summary>Measures and counts.</summary>
    internal SweepForecast Forecast(CancellationToken cancellationToken)
    {
        SweepSpec spec = session.Spec;
        SweepSpace space = session.Model.Space;
        bool samples = session.Network is not null;
        (ImmutableSortedDictionary<string, Estimate> baseline, TimeSpan perSample, int measured) = samples
            ? MeasureBaseline(cancellationToken)
            : (ImmutableSortedDictionary<string, Estimate>.Empty, TimeSpan.Zero, 0);
        ImmutableArray<(Weight Weight, ImmutableArray<Scheme> Schemes)> cells = WantedCells.Of(space);
        TimeSpan cellTime = MeasureCells(cells, cancellationToken);
        bool probes = samples && spec.Search.Probes;
        List<string> notices = [.. session.Model.Notices];
        if (samples && measured < spec.Samples.Choice)
        {
            notices.Add($"The uncompressed model was measured on the first {measured} of {spec.Samples.Choice} choice samples only, to answer soon.");
        }

        return new SweepForecast
        {
            ModelFormat = session.Model.Graph.FormatDescription,
            Target = session.Model.Target.Name,
            Baseline = baseline,
            BaselineBytes = session.Model.BaselineBytes,
            Layers = space.Layers.Length,
            LeftAlone = [.. space.LeftAlone.Select(entry => KeyValuePair.Create(entry.Weight.Name, entry.Reason))],
            Refusals = space.Refusals.Length,
            Cells = cells.Sum(entry => entry.Schemes.Length),
            Probes = probes ? space.Layers.Sum(layer => layer.Schemes.Length) : 0,
            UniformTrials = space.UniformPlans.Length,
            MixedTrials = spec.Search.GreedyPlans,
            Samples = samples ? (spec.Samples.Probe, spec.Samples.Choice, spec.Samples.Confirm) : default,
            CellBytes = cells.Sum(entry => entry.Schemes.Sum(scheme => CellSize.Of(entry.Weight, scheme))),
            FileBytes = Clusters.Bundles.SizeOf(spec),
            Needs = MemoryNeeds.Of(session),
            Slots = slots,
            TimePerSample = samples ? perSample : null,
            Duration = samples ? (cellTime + (perSample * Units(probes))) / slots : null,
            Notices = [.. notices],
        };
    }

    /// <summary>Samples that pass through the model in all.</summary>
    private double Units(bool probes)
    {
        SweepSpec spec = session.Spec;
        double trials = 1 + session.Model.Space.UniformPlans.Length + spec.Search.GreedyPlans;
        double confirmations = spec.Samples.Confirm > 0 ? 1 + Math.Min(ProgressMeter.UsualFrontier, trials - 1) : 0;
        return (trials * spec.Samples.Choice) + (confirmations * spec.Samples.Confirm) + (probes ? ProgressMeter.ProbeUnits(session) : 0);
    }

    /// <summary>Runs growing slices of the choice samples until all are measured or the time is up.</summary>
    private (ImmutableSortedDictionary<string, Estimate> Metrics, TimeSpan PerSample, int Samples) MeasureBaseline(CancellationToken cancellationToken)
    {
        Evaluator evaluator = new(session.Data!, slots);
        ReadOnlyMemory<int> choice = session.SamplesOf(Sweeps.Trials.SampleRange.Choice);
        OutcomeTally tally = OutcomeTally.Empty;
        TimeSpan perSample = TimeSpan.MaxValue;
        long start = time.GetTimestamp();
        for (int done = 0, slice = FirstSlice; done < choice.Length && time.GetElapsedTime(start) < s_measurement; slice *= 2)
        {
            ReadOnlyMemory<int> samples = choice.Slice(done, Math.Min(slice, choice.Length - done));
            long sliceStart = time.GetTimestamp();
            float[] outputs = Run(evaluator, samples, cancellationToken);
            TimeSpan taken = time.GetElapsedTime(sliceStart) * Math.Min(slots, samples.Length) / samples.Length;
            perSample = taken < perSample ? taken : perSample; // the first slice also pays for compiling
            tally = tally.Add(OutcomeTally.Compare(outputs, outputs, session.Data!.LabelsOf(samples.Span), session.Network!.OutputSize, OutputKind.Logits));
            done += samples.Length;
        }

        return (OutcomeMetrics.MeasureAll(tally), perSample, (int)tally.Samples);
    }

    private float[] Run(Evaluator evaluator, ReadOnlyMemory<int> samples, CancellationToken cancellationToken)
    {
        Inference.Network network = session.Network!;
        return evaluator.Run(
            () =>
            {
                Inference.Workspace workspace = network.CreateWorkspace(FirstSlice);
                return (input, count, output) => network.Run(input, count, output, workspace);
            },
            network.OutputSize,
            samples,
            null,
            cancellationToken);
    }

    /// <summary>Makes the cells of one layer, the largest that is not too large, and scales by elements and schemes.</summary>
    private TimeSpan MeasureCells(ImmutableArray<(Weight Weight, ImmutableArray<Scheme> Schemes)> cells, CancellationToken cancellationToken)
    {
        (Weight weight, ImmutableArray<Scheme> schemes) = cells
            .OrderBy(entry => entry.Weight.Shape.ElementCount > LargestCalibration)
            .ThenBy(entry => Math.Abs(LargestCalibration - entry.Weight.Shape.ElementCount))
            .First();
        long start = time.GetTimestamp();
        PreparedWeight prepared = new(weight);
        foreach (Scheme scheme in schemes)
        {
            try
            {
                Compressors.Compress(prepared, scheme, new CompressOptions(session.Model.Target.Arithmetic), cancellationToken);
            }
            catch (SchemeNotApplicableException)
            {
                // Its values cannot take it, which the layer's own job will say; what it took to find out counts.
            }
        }

        double work = cells.Sum(entry => (double)entry.Weight.Shape.ElementCount * entry.Schemes.Length);
        return time.GetElapsedTime(start) * (work / ((double)weight.Shape.ElementCount * schemes.Length));
    }
}
