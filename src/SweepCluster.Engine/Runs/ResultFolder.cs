using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Runs;

/// <summary>A finished sweep on disk: what it asked for, what it found, and the cells that its plans are made of.</summary>
public sealed class ResultFolder
{
    private ResultFolder() => throw new NotImplementedException();

    /// <summary>The folder, absolute.</summary>
    public string Path { get; } = "";

    /// <summary>The request.</summary>
    public SweepSpec Spec => throw new NotImplementedException();

    /// <summary>What a report shows, made again from the journal.</summary>
    public SweepSummary Summary => throw new NotImplementedException();

    /// <summary>Reads a finished sweep back.</summary>
    /// <exception cref="Graphs.BadInputException">The folder holds no sweep, an unfinished one, or a journal that cannot be read; says which.</exception>
    public static Task<ResultFolder> OpenAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Writes the model of one trial, reads it back and compares its weights with those that were measured, bit for bit.</summary>
    /// <param name="trialId">The plan's id, or enough of its first digits to tell it from the others; <c>baseline</c> is not one.</param>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>Bytes of the written model, the report's size.</returns>
    /// <exception cref="Graphs.BadInputException">No such trial, a failed one, the model changed since the sweep, or the path cannot be written.</exception>
    public Task<long> ExportAsync(string trialId, string path, CancellationToken cancellationToken) => throw new NotImplementedException();
}
