using System.Collections.Immutable;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Runs;

/// <summary>The journals of other result folders, which a sweep grows out of. Read only.</summary>
internal sealed class EarlierJournals : IAsyncDisposable
{
    private EarlierJournals(ImmutableArray<JournalStore> journals) => Journals = journals;

    /// <summary>One for each folder.</summary>
    internal ImmutableArray<JournalStore> Journals { get; }

    /// <summary>Opens them.</summary>
    /// <exception cref="BadInputException">A folder holds no sweep.</exception>
    internal static async Task<EarlierJournals> OpenAsync(IEnumerable<SweepFolder> folders)
    {
        List<JournalStore> opened = [];
        try
        {
            foreach (SweepFolder folder in folders)
            {
                opened.Add(folder.HasJournal
                    ? JournalStore.OpenReadOnly(folder.State)
                    : throw new BadInputException($"--grow {folder.Path}: found no sweep, expected the result folder of one."));
            }
        }
        catch
        {
            await CloseAsync(opened);
            throw;
        }

        return new EarlierJournals([.. opened]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync(Journals);

    private static async ValueTask CloseAsync(IEnumerable<JournalStore> journals)
    {
        foreach (JournalStore journal in journals)
        {
            await journal.DisposeAsync();
        }
    }
}
