using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Which samples serve what: the two ends of one random order, disjoint, so that what is chosen is confirmed on samples that the choice did not see.
/// Asking for more keeps what fewer had, in its place.</summary>
public sealed class SampleSplit
{
    private readonly int[] _order;
    private readonly int _probe;
    private readonly int _choice;
    private readonly int[] _confirm;

    private SampleSplit(int[] order, int probe, int choice, int confirm)
    {
        _order = order;
        _probe = probe;
        _choice = choice;
        _confirm = [.. order.Reverse().Take(confirm)];
    }

    /// <summary>Samples of each probe: the first of <see cref="Choice"/>.</summary>
    public ReadOnlyMemory<int> Probe => _order.AsMemory(0, _probe);

    /// <summary>Samples that every trial is measured on.</summary>
    public ReadOnlyMemory<int> Choice => _order.AsMemory(0, _choice);

    /// <summary>Samples that the choice has not seen: from the end of the order.</summary>
    public ReadOnlyMemory<int> Confirm => _confirm;

    /// <summary>Shuffles the samples and cuts off the parts.</summary>
    /// <param name="count">Samples of the data.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <param name="probe">Samples of a probe, 0 to <paramref name="choice"/>.</param>
    /// <param name="choice">Samples of the choice, 1 or more.</param>
    /// <param name="confirm">Samples of the confirmation, 0 or more.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="BadInputException">The parts do not fit into the data or into each other.</exception>
    public static SampleSplit Create(int count, long seed, int probe, int choice, int confirm, string place = "samples")
    {
        if (choice < 1 || confirm < 0 || (long)choice + confirm > count)
        {
            throw new BadInputException(
                $"{place}: found {choice} for the choice and {confirm} for the confirmation, expected at least 1 and 0, together at most the {count} of the data.");
        }

        if (probe < 0 || probe > choice)
        {
            throw new BadInputException($"{place}: found {probe} for a probe, expected 0 to {choice}, the samples of the choice that it is a part of.");
        }

        return new(SampleOrder.Shuffle(count, seed), probe, choice, confirm);
    }
}
