using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Specs.Yaml;

/// <summary>Collects every fault of a document, so that all are reported at once.</summary>
internal sealed class SpecFaults
{
    private readonly List<(SpecPlace Place, string Message)> _faults = [];

    /// <summary>Whether there is none so far.</summary>
    public bool None => _faults.Count == 0;

    /// <summary>Records one fault.</summary>
    /// <param name="place">Where.</param>
    /// <param name="message">What was found and what was expected, one line without a full stop.</param>
    public void Add(SpecPlace place, string message)
    {
        (SpecPlace, string) fault = (place, NearName.Ended(message));
        if (!_faults.Contains(fault))
        {
            _faults.Add(fault);
        }
    }

    /// <summary>Throws if there is any fault: first those of the first source, line by line.</summary>
    /// <exception cref="BadInputException">One line for each fault.</exception>
    public void Throw()
    {
        if (None)
        {
            return;
        }

        List<string> sources = [.. _faults.Select(fault => fault.Place.Source).Distinct()];
        throw new BadInputException(string.Join('\n', _faults
            .OrderBy(fault => fault.Place.Source.StartsWith("--", StringComparison.Ordinal))
            .ThenBy(fault => sources.IndexOf(fault.Place.Source))
            .ThenBy(fault => fault.Place.Line)
            .Select(fault => $"{fault.Place}: {fault.Message}")));
    }
}
