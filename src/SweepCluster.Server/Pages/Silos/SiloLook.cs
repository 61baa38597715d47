using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Pages.Silos;

/// <summary>Looks at the silos, at most once a second for all who ask.</summary>
internal sealed class SiloLook(ServerParts parts, ServerOptions options) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _looking = new(1);
    private SiloBoard? _board;
    private long _at;

    /// <summary>The silos now, or as they were a moment ago.</summary>
    internal async Task<SiloBoard> ReadAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_board is null || options.Time.GetElapsedTime(_at) >= s_fresh)
            {
                _board = await LookAsync(cancellationToken);
                _at = options.Time.GetTimestamp();
            }

            return _board;
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _looking.Dispose();

    private async Task<SiloBoard> LookAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<SiloStatus> silos = await parts.Store.ListSilosAsync(cancellationToken);
        ImmutableArray<HeldJob> held = await parts.Store.ListHeldAsync(cancellationToken);
        Dictionary<string, string> names = (await parts.Store.ListSweepsAsync(cancellationToken)).ToDictionary(sweep => sweep.Id, sweep => sweep.Name, StringComparer.Ordinal);
        return new SiloBoard(WorkingSilo.Of(silos, held), held, names, SweepModel.Version);
    }
}
