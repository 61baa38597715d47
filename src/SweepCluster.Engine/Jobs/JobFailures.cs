using System.Text.RegularExpressions;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Jobs;

/// <summary>Which errors belong to a job, and which to the silo or its store.</summary>
internal static class JobFailures
{
    private static readonly Regex s_random = new("[0-9a-f]{32}", RegexOptions.CultureInvariant); // names of temporary files

    /// <summary>Whether the job would fail like this on every silo, so that the failure is its result. Lost services, lost files, full disks and exhausted memory are not; nor is anything that stops a coordinator, nor the uncompressed model, on which everything else rests.</summary>
    internal static bool BelongsTo(JobKind kind, Exception error) => kind != JobKind.Coordinate && error switch
    {
        OperationCanceledException or IOException or UnauthorizedAccessException or OutOfMemoryException => false,
        StoreConflictException or ResultConflictException or SweepSetAsideException or BlobUnavailableException or BaselineFailedException => false,
        SweepException known => !known.IsTransient,
        _ => true,
    };

    /// <summary>Whether an error ends an attempt alone, so that the job may come to a result here or elsewhere later. Not if the store is lost, and not if it says that this program computes wrongly.</summary>
    internal static bool MayPass(Exception error) => error is not (StoreUnavailableException or ResultConflictException);

    /// <summary>The failure on one line, as every store can hold it.</summary>
    /// <param name="error">The error.</param>
    /// <param name="folder">A folder of this process's own: of a path in it the last name alone is told, so that the failure reads the same wherever it happened. Null: there is none.</param>
    internal static string Describe(Exception error, string? folder)
    {
        string text = Describe(error);
        return folder is null ? text : Regex.Replace(
            text, $@"{Regex.Escape(folder)}(?:[^\s'""]*[\\/])?(?<name>[^\s'""]*)", path => s_random.Replace(path.Groups["name"].Value, "*"), RegexOptions.CultureInvariant);
    }

    /// <summary>The failure on one line, as every store can hold it.</summary>
    internal static string Describe(Exception error) => OneLine.Of(error is SweepException ? error.Message : $"{error.GetType().Name}: {error.Message}");
}
