namespace SweepCluster.Formats.Images;

/// <summary>A picture in memory: 8 bits a channel, row by row, the channels of a pixel side by side.</summary>
public sealed class Picture
{
    /// <summary>A picture over pixels that the caller will not change.</summary>
    /// <param name="width">Columns, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="channels">Channels of a pixel: 1 (grey) or 3 (red, green, blue).</param>
    /// <param name="pixels">Exactly <c>height * width * channels</c> bytes, <c>[height, width, channels]</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is below 1, or <paramref name="channels"/> is neither 1 nor 3.</exception>
    /// <exception cref="ArgumentException">The number of bytes is another.</exception>
    public Picture(int width, int height, int channels, ReadOnlyMemory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "A picture has 1 or 3 channels.");
        }

        if (pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"{width} x {height} pixels of {channels} bytes take {(long)width * height * channels} bytes, found {pixels.Length}.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Channels = channels;
        Pixels = pixels;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Channels of a pixel: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>The pixels, <c>[height, width, channels]</c>.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }
}
