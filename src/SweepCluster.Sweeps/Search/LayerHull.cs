namespace SweepCluster.Sweeps.Search;

/// <summary>The lower convex hull of a layer's options in the plane of bytes and damage, walked from the untouched layer to the smallest option on it.</summary>
/// <remarks>Only options on the hull are best for some price of a byte; along it the price rises with each step.
/// Source: Y. Shoham, A. Gersho, "Efficient bit allocation for an arbitrary set of quantizers", IEEE Trans. ASSP 36 (1988) 1445.</remarks>
internal static class LayerHull
{
    /// <summary>The steps along the hull, cheapest first.</summary>
    /// <param name="layer">Number of the layer.</param>
    /// <param name="options">Its options; the first is where the walk begins.</param>
    public static List<LayerMove> Walk(int layer, IReadOnlyList<LayerOption> options)
    {
        List<LayerMove> moves = [];
        double price = 0; // rounding must not let a later step look cheaper than the one that it needs
        for (LayerOption at = options[0]; Next(layer, at, options) is LayerMove move; at = move.To)
        {
            price = Math.Max(price, move.Price);
            moves.Add(move with { Price = price });
        }

        return moves;
    }

    // The step of the lowest price to a smaller option; of equal prices the farthest, then the first listed.
    private static LayerMove? Next(int layer, LayerOption at, IReadOnlyList<LayerOption> options)
    {
        LayerMove? best = null;
        foreach (LayerOption option in options)
        {
            if (option.Bytes >= at.Bytes)
            {
                continue;
            }

            long saved = at.Bytes - option.Bytes;
            LayerMove move = new(layer, option, saved, option.Damage - at.Damage, (option.Damage - at.Damage) / saved);
            if (best is not LayerMove current || move.Price < current.Price || (move.Price == current.Price && move.BytesSaved > current.BytesSaved))
            {
                best = move;
            }
        }

        return best;
    }
}
