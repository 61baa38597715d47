namespace SweepCluster.Numerics.Elementwise;

/// <summary>Moves samples between layouts: plain <c>[C, H, W]</c>, planar, blocked. Values are not changed.</summary>
public static class MapLayout
{
    /// <summary>Writes zeros into the margin of every sample.</summary>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public static void ClearMargin(FeatureMap map, Span<float> values, int samples)
    {
        map.Check(values.Length, samples, nameof(values));
        if (!map.HasMargin)
        {
            return;
        }

        int left = map.Left * map.Lanes, right = map.Right * map.Lanes, inside = map.Width * map.Lanes;
        for (int sample = 0; sample < samples; sample++)
        {
            for (int block = 0; block < map.Blocks; block++)
            {
                Span<float> plane = values.Slice(checked((sample * map.SampleLength) + (block * map.BlockPitch)), map.BlockPitch);
                plane[..(map.Top * map.RowPitch)].Clear();
                plane[((map.Top + map.Height) * map.RowPitch)..].Clear();
                for (int row = 0; row < map.Height; row++)
                {
                    Span<float> line = plane.Slice((map.Top + row) * map.RowPitch, map.RowPitch);
                    line[..left].Clear();
                    line[(left + inside)..].Clear();
                }
            }
        }
    }

    /// <summary>Writes zeros into the lanes that fill up the last block of every sample. The margin is untouched.</summary>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public static void ClearUnusedLanes(FeatureMap map, Span<float> values, int samples)
    {
        map.Check(values.Length, samples, nameof(values));
        int used = map.Channels % map.Lanes, unused = map.Lanes - used;
        if (used == 0)
        {
            return;
        }

        for (int sample = 0; sample < samples; sample++)
        {
            for (int row = 0; row < map.Height; row++)
            {
                Span<float> line = values.Slice((sample * map.SampleLength) + map.Offset(map.Channels, row, 0), ((map.Width - 1) * map.Lanes) + unused);
                for (int at = 0; at < line.Length; at += map.Lanes)
                {
                    line.Slice(at, unused).Clear();
                }
            }
        }
    }

    /// <summary>Copies samples from one map to another of the same channels, height and width; lanes that fill up the last block become 0 where the last channel is among the copied ones. The margin is untouched.</summary>
    /// <param name="from">Layout of <paramref name="source"/>.</param>
    /// <param name="source">Samples to read.</param>
    /// <param name="to">Layout of <paramref name="destination"/>.</param>
    /// <param name="destination">Receives the samples; must not overlap.</param>
    /// <param name="samples">How many, 0 or more.</param>
    /// <param name="firstChannel">Channel of the destination that receives the first channel of the source; a multiple of the lanes unless both are planar.</param>
    /// <exception cref="ArgumentException">A span is too short, or the maps do not fit.</exception>
    public static void Copy(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> destination, int samples, int firstChannel = 0)
    {
        from.Check(source.Length, samples, nameof(source));
        to.Check(destination.Length, samples, nameof(destination));
        if (from.Height != to.Height || from.Width != to.Width || firstChannel + from.Channels > to.Channels)
        {
            throw new ArgumentException($"Channels {firstChannel}.. of {to} cannot take {from}.");
        }

        bool sameLanes = from.Lanes == to.Lanes && firstChannel % to.Lanes == 0 && (from.Channels % from.Lanes == 0 || firstChannel + from.Channels == to.Channels);
        for (int sample = 0; sample < samples; sample++)
        {
            ReadOnlySpan<float> one = source.Slice(checked(sample * from.SampleLength), from.SampleLength);
            Span<float> other = destination.Slice(checked(sample * to.SampleLength), to.SampleLength);
            if (sameLanes)
            {
                CopyRows(from, one, to, other, firstChannel / to.Lanes);
            }
            else
            {
                CopyElements(from, one, to, other, firstChannel);
            }
        }

        if (firstChannel + from.Channels == to.Channels)
        {
            ClearUnusedLanes(to, destination, samples);
        }
    }

    /// <summary>Copies the channels, rows and columns of each sample to plain <c>[n, C, H, W]</c>.</summary>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void ToPlain(FeatureMap from, ReadOnlySpan<float> source, Span<float> plain, int samples)
    {
        from.Check(source.Length, samples, nameof(source));
        int length = checked(from.Channels * from.Height * from.Width);
        for (int sample = 0; sample < samples; sample++)
        {
            ReadOnlySpan<float> one = source.Slice(checked(sample * from.SampleLength), from.SampleLength);
            Span<float> other = plain.Slice(checked(sample * length), length);
            int i = 0;
            for (int channel = 0; channel < from.Channels; channel++)
            {
                for (int row = 0; row < from.Height; row++)
                {
                    int at = from.Offset(channel, row, 0);
                    for (int column = 0; column < from.Width; column++, at += from.Lanes)
                    {
                        other[i++] = one[at];
                    }
                }
            }
        }
    }

    private static void CopyRows(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> destination, int firstBlock)
    {
        int length = from.Width * from.Lanes;
        for (int block = 0; block < from.Blocks; block++)
        {
            for (int row = 0; row < from.Height; row++)
            {
                source.Slice((block * from.BlockPitch) + from.Origin + (row * from.RowPitch), length)
                    .CopyTo(destination[(((firstBlock + block) * to.BlockPitch) + to.Origin + (row * to.RowPitch))..]);
            }
        }
    }

    private static void CopyElements(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> destination, int firstChannel)
    {
        for (int channel = 0; channel < from.Channels; channel++)
        {
            for (int row = 0; row < from.Height; row++)
            {
                int read = from.Offset(channel, row, 0), write = to.Offset(firstChannel + channel, row, 0);
                for (int column = 0; column < from.Width; column++)
                {
                    destination[write + (column * to.Lanes)] = source[read + (column * from.Lanes)];
                }
            }
        }
    }
}
