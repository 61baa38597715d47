using System.Collections.Immutable;
using SweepCluster.Formats.Images;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>How a sample becomes the model's input: colour order, size, and <c>value * scale + bias</c>. Without anything stated the values stay raw,
/// 0..255.</summary>
public sealed class Preprocessing
{
    private const int RgbChannels = 3;
    private readonly float[][] _tables; // by output plane, for each of the 256 values of a byte

    private Preprocessing(bool isPicture, ColorOrder colors, int? width, int? height, ImmutableArray<double> scale, ImmutableArray<double> bias)
    {
        IsPicture = isPicture;
        Colors = colors;
        Width = width;
        Height = height;
        Scale = scale;
        Bias = bias;
        _tables = [.. Enumerable.Range(0, Channels).Select(plane => Enumerable.Range(0, 256).Select(value => Convert(value, plane)).ToArray())];
    }

    /// <summary>Whether the model's input is a picture: declared as one, or a tensor [N, 1 or 3, H, W].</summary>
    public bool IsPicture { get; }

    /// <summary>Order of the planes that the model takes.</summary>
    public ColorOrder Colors { get; }

    /// <summary>Columns that the model takes; null where it leaves them open.</summary>
    public int? Width { get; }

    /// <summary>Rows that the model takes; null where it leaves them open.</summary>
    public int? Height { get; }

    /// <summary>Factor on raw values, one for all planes or one for each in the model's order.</summary>
    public ImmutableArray<double> Scale { get; }

    /// <summary>Added after the factor, one for all planes or one for each in the model's order.</summary>
    public ImmutableArray<double> Bias { get; }

    /// <summary>Planes of the model's input.</summary>
    public int Channels => Colors == ColorOrder.Grayscale ? 1 : RgbChannels;

    /// <summary>What the spec states, and for the rest what the model declares.</summary>
    /// <param name="spec">The data part of a spec.</param>
    /// <param name="input">The model's input.</param>
    /// <exception cref="BadInputException">The spec names no known colour order, or gives numbers of another count than planes.</exception>
    public static Preprocessing Create(DataSpec spec, GraphInput input)
    {
        Shape shape = input.Info.Shape;
        bool isTensorPicture = shape.Rank == 4 && shape[1] is 1 or RgbChannels;
        ColorOrder declared = input.Image?.Colors ?? (isTensorPicture && shape[1] == 1 ? ColorOrder.Grayscale : ColorOrder.Rgb);
        ColorOrder colors = spec.Color switch
        {
            null => declared,
            "rgb" => ColorOrder.Rgb,
            "bgr" => ColorOrder.Bgr,
            "grayscale" => ColorOrder.Grayscale,
            _ => throw new BadInputException($"data, color: found '{spec.Color}', expected rgb, bgr or grayscale."),
        };
        bool isPicture = input.Image is not null || isTensorPicture;
        int planes = !isPicture ? 1 : colors == ColorOrder.Grayscale ? 1 : RgbChannels;
        return new(
            isPicture,
            colors,
            input.Image?.Width ?? (isTensorPicture && shape[3] >= 0 ? shape[3] : null),
            input.Image?.Height ?? (isTensorPicture && shape[2] >= 0 ? shape[2] : null),
            Numbers(spec.Scale, "scale", 1, planes),
            Numbers(spec.Bias, "bias", 0, planes));
    }

    /// <summary>One raw value as the model takes it: computed in float64, rounded to float32.</summary>
    internal float Convert(double value, int plane) => (float)((value * Scale[Scale.Length == 1 ? 0 : plane]) + Bias[Bias.Length == 1 ? 0 : plane]);

    /// <summary>The colour of a source picture (0 red, 1 green, 2 blue) that one plane of the input takes.</summary>
    internal int SourceChannel(int plane) => Colors == ColorOrder.Bgr ? RgbChannels - 1 - plane : plane;

    /// <summary>Fits a picture to the size that the model takes.</summary>
    internal Picture Fit(Picture picture) => PictureResizer.Resize(picture, Width ?? picture.Width, Height ?? picture.Height);

    /// <summary>What becomes of a picture that is not as the model takes it.</summary>
    /// <param name="place">Where it comes from.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="channels">Its channels.</param>
    internal IEnumerable<string> Changes(string place, int width, int height, int channels)
    {
        (int toWidth, int toHeight) = (Width ?? width, Height ?? height);
        if ((width, height) != (toWidth, toHeight))
        {
            yield return $"{place}: pictures of {width} x {height} are resized to {toWidth} x {toHeight}, the model's size";
        }

        if (channels != Channels)
        {
            yield return channels == 1 ? $"{place}: gray pictures: the model's three colours all get the gray value" : $"{place}: pictures in colour become gray, as the model takes them";
        }
    }

    /// <summary>Turns bytes into the model's planes.</summary>
    /// <param name="pixels">The picture's bytes.</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="channelStep">Distance of a pixel's channels in <paramref name="pixels"/>.</param>
    /// <param name="pixelStep">Distance of neighbouring pixels.</param>
    /// <param name="destination">Receives <c>[planes, H, W]</c>.</param>
    internal void Apply(ReadOnlySpan<byte> pixels, int channels, int channelStep, int pixelStep, Span<float> destination)
    {
        int area = destination.Length / Channels;
        for (int plane = 0; plane < Channels; plane++)
        {
            float[] table = _tables[plane];
            Span<float> to = destination.Slice(plane * area, area);
            if (Colors == ColorOrder.Grayscale && channels == RgbChannels)
            {
                ApplyLuma(pixels, channelStep, pixelStep, table, to);
                continue;
            }

            ReadOnlySpan<byte> from = pixels[(channels == 1 ? 0 : SourceChannel(plane) * channelStep)..];
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = table[from[i * pixelStep]];
            }
        }
    }

    // Luma of ITU-R BT.601 in fixed point, 16 bits: 0.299 R + 0.587 G + 0.114 B, rounded.
    private static void ApplyLuma(ReadOnlySpan<byte> pixels, int channelStep, int pixelStep, float[] table, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            int at = i * pixelStep;
            int luma = (19595 * pixels[at]) + (38470 * pixels[at + channelStep]) + (7471 * pixels[at + (2 * channelStep)]);
            to[i] = table[(luma + 32768) >> 16];
        }
    }

    private static ImmutableArray<double> Numbers(ImmutableArray<double> given, string key, double otherwise, int planes)
    {
        ImmutableArray<double> numbers = given.IsDefaultOrEmpty ? [otherwise] : given;
        return (numbers.Length == 1 || numbers.Length == planes) && numbers.All(double.IsFinite)
            ? numbers
            : throw new BadInputException(
                $"data, {key}: found {string.Join(", ", numbers)}, expected {(planes == 1 ? "1 finite number" : $"1 or {planes} finite numbers")}.");
    }
}
