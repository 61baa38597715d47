namespace SweepCluster.Formats.Images;

/// <summary>Resizes a whole picture by antialiased bilinear filtering.</summary>
/// <remarks>The triangle filter is widened by the ratio where the picture shrinks. Weights are fixed-point numbers of 22 fractional bits, rows are resized first and
/// rounded to 8 bits, then columns: the arithmetic of Pillow's <c>resize(size, Image.BILINEAR)</c>, to whose results tests hold it exactly. Integer sums: the same
/// bytes on every machine.</remarks>
public static class PictureResizer
{
    private const int FractionBits = 22; // 32 less 8 for the value and 2 for sums beyond 1

    /// <summary>Resizes to a given width and height, without regard to the proportions.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="width">Columns wanted, 1 or more.</param>
    /// <param name="height">Rows wanted, 1 or more.</param>
    /// <returns>The resized picture; the same one where nothing changes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An extent is below 1.</exception>
    public static Picture Resize(Picture picture, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Picture result = picture;
        if (width != result.Width)
        {
            result = new(width, result.Height, result.Channels, ResizeAxis(result, result.Height, result.Width, width, result.Channels));
        }

        if (height != result.Height)
        {
            result = new(result.Width, height, result.Channels, ResizeAxis(result, 1, result.Height, height, result.Width * result.Channels));
        }

        return result;
    }

    // Resizes the middle axis of [outer, from, inner] to [outer, to, inner].
    private static byte[] ResizeAxis(Picture picture, int outer, int from, int to, int inner)
    {
        ReadOnlySpan<byte> source = picture.Pixels.Span;
        byte[] destination = new byte[checked(outer * to * inner)];
        (int First, int[] Weights)[] taps = MakeTaps(from, to);
        for (int line = 0; line < outer; line++)
        {
            ReadOnlySpan<byte> sourceLine = source.Slice(line * from * inner, from * inner);
            Span<byte> destinationLine = destination.AsSpan(line * to * inner, to * inner);
            for (int i = 0; i < to; i++)
            {
                (int first, int[] weights) = taps[i];
                for (int j = 0; j < inner; j++)
                {
                    int sum = 1 << (FractionBits - 1);
                    for (int tap = 0; tap < weights.Length; tap++)
                    {
                        sum += weights[tap] * sourceLine[((first + tap) * inner) + j];
                    }

                    destinationLine[(i * inner) + j] = (byte)Math.Clamp(sum >> FractionBits, 0, 255);
                }
            }
        }

        return destination;
    }

    // For each output place the first input place it reads and the weights from there on; they add up to 1.
    private static (int First, int[] Weights)[] MakeTaps(int from, int to)
    {
        double ratio = (double)from / to;
        double reach = Math.Max(1, ratio);
        (int, int[])[] taps = new (int, int[])[to];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * ratio;
            int first = Math.Max(0, (int)(centre - reach + 0.5));
            int end = Math.Min(from, (int)(centre + reach + 0.5));
            double[] exact = new double[end - first];
            for (int tap = 0; tap < exact.Length; tap++)
            {
                exact[tap] = Math.Max(0, 1 - Math.Abs((first + tap - centre + 0.5) * (1 / reach)));
            }

            double total = exact.Sum();
            taps[i] = (first, Array.ConvertAll(exact, weight => (int)(0.5 + (weight / total * (1 << FractionBits)))));
        }

        return taps;
    }
}
