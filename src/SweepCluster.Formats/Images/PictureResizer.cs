using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Formats.Images;

/// <summary>Resizes a whole picture by antialiased bilinear filtering.</summary>
/// <remarks>The triangle filter is widened by the ratio where the picture shrinks. Weights are fixed-point numbers of 22 fractional bits, rows are resized first and
/// rounded to 8 bits, then columns: the arithmetic of Pillow's <c>resize(size, Image.BILINEAR)</c>, to whose results tests hold it exactly. Integer sums: the same
/// bytes on every machine.</remarks>
public static class PictureResizer
{
    private const int FractionBits = 22; // 32 less 8 for the value and 2 for sums beyond 1
    private const int Half = 1 << (FractionBits - 1);

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
            result = new(width, result.Height, result.Channels, ResizeRows(result, width));
        }

        if (height != result.Height)
        {
            result = new(result.Width, height, result.Channels, ResizeColumns(result, height));
        }

        return result;
    }

    private static byte[] ResizeRows(Picture picture, int width)
    {
        int channels = picture.Channels;
        byte[] destination = new byte[checked(picture.Height * width * channels)];
        Taps[] taps = MakeTaps(picture.Width, width);
        for (int row = 0; row < picture.Height; row++)
        {
            ReadOnlySpan<byte> from = picture.Pixels.Span.Slice(row * picture.Width * channels, picture.Width * channels);
            Span<byte> to = destination.AsSpan(row * width * channels, width * channels);
            for (int i = 0; i < taps.Length; i++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    to[(i * channels) + channel] = Weigh(from[((taps[i].First * channels) + channel)..], channels, taps[i].Weights);
                }
            }
        }

        return destination;
    }

    private static byte[] ResizeColumns(Picture picture, int height)
    {
        int length = picture.Width * picture.Channels;
        byte[] destination = new byte[checked(height * length)];
        Taps[] taps = MakeTaps(picture.Height, height);
        for (int row = 0; row < height; row++)
        {
            ReadOnlySpan<byte> from = picture.Pixels.Span[(taps[row].First * length)..];
            Span<byte> to = destination.AsSpan(row * length, length);
            for (int i = Vector128.IsHardwareAccelerated ? WeighVector128(from, length, taps[row].Weights, to) : 0; i < length; i++)
            {
                to[i] = Weigh(from[i..], length, taps[row].Weights);
            }
        }

        return destination;
    }

    // The definition: values a fixed step apart, weighed, summed and rounded. Weights are not negative and add up to 1, so the sum stays in range.
    private static byte Weigh(ReadOnlySpan<byte> from, int step, int[] weights)
    {
        int sum = Half;
        int at = 0;
        foreach (int weight in weights)
        {
            sum += weight * from[at];
            at += step;
        }

        return (byte)(sum >> FractionBits);
    }

    // Sixteen neighbouring values a step. Returns how many were done.
    private static int WeighVector128(ReadOnlySpan<byte> from, int step, int[] weights, Span<byte> to)
    {
        ref byte source = ref MemoryMarshal.GetReference(from);
        ref byte target = ref MemoryMarshal.GetReference(to);
        int i = 0;
        for (; i <= to.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector128<int> sum0 = Vector128.Create(Half), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            for (int tap = 0; tap < weights.Length; tap++)
            {
                Vector128<int> weight = Vector128.Create(weights[tap]);
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)((tap * step) + i)));
                (Vector128<uint> value0, Vector128<uint> value1) = Vector128.Widen(low);
                (Vector128<uint> value2, Vector128<uint> value3) = Vector128.Widen(high);
                sum0 += value0.AsInt32() * weight;
                sum1 += value1.AsInt32() * weight;
                sum2 += value2.AsInt32() * weight;
                sum3 += value3.AsInt32() * weight;
            }

            Vector128<ushort> first = Vector128.Narrow((sum0 >> FractionBits).AsUInt32(), (sum1 >> FractionBits).AsUInt32());
            Vector128<ushort> second = Vector128.Narrow((sum2 >> FractionBits).AsUInt32(), (sum3 >> FractionBits).AsUInt32());
            Vector128.Narrow(first, second).StoreUnsafe(ref target, (nuint)i);
        }

        return i;
    }

    // For each output place the first input place it reads and the weights from there on; they add up to 1.
    private static Taps[] MakeTaps(int from, int to)
    {
        double ratio = (double)from / to;
        double reach = Math.Max(1, ratio);
        Taps[] taps = new Taps[to];
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
            taps[i] = new(first, Array.ConvertAll(exact, weight => (int)(0.5 + (weight / total * (1 << FractionBits)))));
        }

        return taps;
    }

    /// <summary>What one output place reads.</summary>
    private readonly record struct Taps(int First, int[] Weights);
}
