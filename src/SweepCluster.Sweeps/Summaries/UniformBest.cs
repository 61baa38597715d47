using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>The smallest drop that a uniform plan has at each size or below.</summary>
internal sealed class UniformBest
{
    private readonly long[] _sizes;
    private readonly double[] _drops; // the smallest of the plans up to this size

    /// <summary>Takes the uniform plans among trials.</summary>
    public UniformBest(IEnumerable<TrialSummary> trials)
    {
        TrialSummary[] uniform = [.. trials.Where(trial => trial is { Kind: PlanKind.Uniform, Choice: not null }).OrderBy(trial => trial.SizeBytes)];
        _sizes = Array.ConvertAll(uniform, trial => trial.SizeBytes);
        _drops = Array.ConvertAll(uniform, trial => trial.Choice!.Drop.Value);
        for (int i = 1; i < _drops.Length; i++)
        {
            _drops[i] = _drops[i - 1] <= _drops[i] || double.IsNaN(_drops[i]) ? _drops[i - 1] : _drops[i];
        }
    }

    /// <summary>Whether a trial is a mixed plan that no uniform one is at least as small and at least as good as.</summary>
    public bool IsBeatenBy(TrialSummary trial)
    {
        if (trial is not { Kind: PlanKind.Mixed, Choice: MetricSummary choice })
        {
            return false;
        }

        int after = Array.BinarySearch(_sizes, trial.SizeBytes + 1, AtLeast.Order); // sizes are whole numbers
        int last = (after < 0 ? ~after : after) - 1;
        return last < 0 || !(_drops[last] <= choice.Drop.Value);
    }

    /// <summary>Never finds its value, so that a search ends at the first place of a value that is not smaller.</summary>
    private sealed class AtLeast : IComparer<long>
    {
        public static AtLeast Order { get; } = new();

        public int Compare(long x, long y) => x < y ? -1 : 1;
    }
}
