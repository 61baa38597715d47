using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>How pictures lie in an array.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="IsPlanar">Whether each colour has a plane of its own (nchw), or the colours of a pixel lie side by side (nhwc).</param>
internal readonly record struct SampleLayout(int Width, int Height, int Channels, bool IsPlanar)
{
    /// <summary>Distance of a pixel's colours.</summary>
    public int ChannelStep => IsPlanar ? Width * Height : 1;

    /// <summary>Distance of neighbouring pixels.</summary>
    public int PixelStep => IsPlanar ? 1 : Channels;

    /// <summary>Reads an array's shape: [N, H, W], [N, H, W, C] or [N, C, H, W], C being 1 or 3.</summary>
    /// <param name="shape">The array's shape.</param>
    /// <param name="name"><c>nhwc</c>, <c>nchw</c>, or null: nhwc where the last axis has 1 or 3, else nchw.</param>
    /// <param name="place">Where the array comes from, for messages.</param>
    /// <exception cref="BadInputException">The shape is no such one, or the name is unknown.</exception>
    public static SampleLayout Of(Shape shape, string? name, string place)
    {
        if (name is not (null or "nhwc" or "nchw"))
        {
            throw new BadInputException($"data, layout: found '{name}', expected nhwc or nchw.");
        }

        if (shape.Rank == 3)
        {
            return new(shape[2], shape[1], 1, true);
        }

        bool isInterleaved = shape.Rank == 4 && name != "nchw" && shape[3] is 1 or 3;
        bool isPlanar = shape.Rank == 4 && name != "nhwc" && shape[1] is 1 or 3;
        return isInterleaved ? new(shape[2], shape[1], shape[3], false)
            : isPlanar ? new(shape[3], shape[2], shape[1], true)
            : throw new BadInputException(
                $"{place}: found {shape}, expected pictures {(name is null or "nhwc" ? "[N, H, W, 1 or 3]" : "")}{(name is null ? " or " : "")}{(name is null or "nchw" ? "[N, 1 or 3, H, W]" : "")}.");
    }

    /// <summary>The bytes of one picture with the colours of a pixel side by side; the same memory where they do already.</summary>
    public ReadOnlyMemory<byte> Interleave(ReadOnlyMemory<byte> bytes)
    {
        if (!IsPlanar || Channels == 1)
        {
            return bytes;
        }

        byte[] result = new byte[bytes.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = bytes.Span[(i % Channels * ChannelStep) + (i / Channels)];
        }

        return result;
    }
}
