using System.Text.Json;
using SweepCluster.Engine.Blobs;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>What was uploaded with a form that was not handed in yet: the form has the name of a list in the store, so nobody uploads twice.</summary>
internal static class KeptFiles
{
    private const int HashDigits = 64;

    /// <summary>Keeps a list.</summary>
    internal static Task<string> KeepAsync(FormFiles files, IBlobStore blobs, CancellationToken cancellationToken) =>
        blobs.PutAsync(JsonSerializer.SerializeToUtf8Bytes(files), cancellationToken);

    /// <summary>Reads a list; null where the form has none.</summary>
    /// <exception cref="BadInputException">It is not there any more.</exception>
    internal static async Task<FormFiles?> FindAsync(string field, string kept, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (kept.Length == 0)
        {
            return null;
        }

        try
        {
            if (kept.Length == HashDigits && kept.All(char.IsAsciiHexDigitLower)
                && JsonSerializer.Deserialize<FormFiles>((await blobs.GetAsync(kept, cancellationToken)).Span) is { Name: not null, Settings.IsDefault: false, Files.IsDefault: false } files
                && files.Files.All(file => file is { Path: not null, Parts.IsDefault: false }))
            {
                return files; // any blob can be named here: what is in the lists is checked as that of any request
            }
        }
        catch (Exception error) when (error is BlobUnavailableException or JsonException)
        {
            // Said below.
        }

        throw new BadInputException($"{field}: what was uploaded is not there any more, expected it once again.");
    }
}
