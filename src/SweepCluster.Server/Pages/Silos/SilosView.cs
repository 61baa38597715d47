using SweepCluster.Reports.Formatting;
using SweepCluster.Server.Pages.Live;

namespace SweepCluster.Server.Pages.Silos;

/// <summary>The silos, live.</summary>
internal sealed class SilosView(SiloLook look, RenderShelf shelf) : ILiveView
{
    private long _number;

    /// <inheritdoc/>
    public async Task<PageView> NextAsync(long seen, CancellationToken cancellationToken)
    {
        SiloBoard board = await look.ReadAsync(cancellationToken);
        PagePart part = await shelf.RenderAsync<SiloTable>(board, "silos", "", () => new Dictionary<string, object?> { ["Board"] = board });
        long slots = board.Silos.Sum(silo => (long)silo.Status.Silo.Capacity.Slots);
        string said = $"{Quantities.Count(board.Silos.Length, "silo")}, {Quantities.Count(slots, "slot")}";
        return new PageView(++_number, $"{Quantities.Count(board.Silos.Length, "silo")} · Silos", said, [part]) { Pause = TimeSpan.FromSeconds(2) };
    }
}
