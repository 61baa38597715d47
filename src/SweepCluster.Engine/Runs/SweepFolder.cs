using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Engine.Runs;

/// <summary>Where a sweep's files are in its result folder, and whether a folder may be used for a sweep.</summary>
internal sealed class SweepFolder
{
    internal SweepFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        State = System.IO.Path.Combine(Path, ".sweep");
    }

    /// <summary>The result folder, absolute.</summary>
    internal string Path { get; }

    /// <summary>What the engine keeps: journal, lock, blobs.</summary>
    internal string State { get; }

    internal string Blobs => System.IO.Path.Combine(State, "blobs");

    /// <summary>The request as it was run last: where model and data lie now, which is no part of a sweep and may change.</summary>
    internal string Request => System.IO.Path.Combine(State, "request.json");

    internal string Temporary => System.IO.Path.Combine(State, "tmp");

    internal string TimingLog => System.IO.Path.Combine(State, "timings");

    internal string Timings => System.IO.Path.Combine(Path, "timings.json");

    /// <summary>Whether there is a journal.</summary>
    internal bool HasJournal => File.Exists(JournalStore.PathIn(State));

    /// <summary>A request's spec with the paths of what was brought here with the sweep: they start from <see cref="State"/>, others are absolute.</summary>
    internal SweepSpec Place(SweepSpec spec) => System.IO.Path.IsPathRooted(spec.Model) ? spec : Bundles.Place(spec, State);

    /// <summary>Removes models that a killed process had written for a user's command. Only while this process holds the folder.</summary>
    internal void RemoveTemporary()
    {
        if (Directory.Exists(Temporary))
        {
            Directory.Delete(Temporary, recursive: true);
        }
    }

    /// <summary>Refuses a folder that holds anything but a sweep. Writes nothing.</summary>
    /// <exception cref="BadInputException">It does.</exception>
    internal void CheckUsable()
    {
        if (File.Exists(Path))
        {
            throw new BadInputException($"{Path}: found a file, expected an empty or absent folder.");
        }

        if (Directory.Exists(Path) && !HasJournal)
        {
            string[] others = [.. Directory.EnumerateFileSystemEntries(Path).Where(entry => entry != State).Order(StringComparer.Ordinal)];
            if (others.Length > 0)
            {
                throw new BadInputException(
                    $"{Path}: found {others.Length} entries and no sweep ('{System.IO.Path.GetFileName(others[0])}', ..), expected an empty or absent folder.");
            }
        }
    }

    /// <summary>Refuses a folder that holds another sweep, or the same one unfinished unless it is to be resumed. Writes nothing.</summary>
    /// <exception cref="BadInputException">It does; says what differs.</exception>
    internal async Task AdmitAsync(SweepRecord sweep, bool resume, CancellationToken cancellationToken)
    {
        if (!HasJournal)
        {
            return;
        }

        await using JournalStore store = JournalStore.OpenReadOnly(State);
        ImmutableArray<SweepRecord> held = await store.ListSweepsAsync(cancellationToken);
        if (held.IsEmpty)
        {
            return;
        }

        if (held[0].Id != sweep.Id)
        {
            throw new BadInputException(
                $"{Path}: found the sweep '{held[0].Name}' of {Difference(held[0], sweep)}, expected this sweep or an empty or absent folder.");
        }

        // A finished one needs no --resume: there is nothing to go on with, and its result is what was asked for.
        SweepStatus status = await store.ReadStatusAsync(sweep.Id, cancellationToken);
        if (!resume && !status.IsFinished)
        {
            throw new BadInputException(
                $"{Path}: found this sweep with {status.Results} of {status.Jobs} jobs recorded, expected --resume to go on, or an empty or absent folder.");
        }
    }

    private static string Difference(SweepRecord held, SweepRecord wanted)
    {
        List<string> parts = [];
        if (held.Spec != wanted.Spec)
        {
            parts.Add("another spec");
        }

        if (held.ModelHash != wanted.ModelHash)
        {
            parts.Add("another model");
        }

        if (held.DataHash != wanted.DataHash)
        {
            parts.Add("other data");
        }

        if (held.Version != wanted.Version)
        {
            parts.Add($"version {held.Version}, this is {wanted.Version}");
        }

        return string.Join(" and ", parts);
    }
}
