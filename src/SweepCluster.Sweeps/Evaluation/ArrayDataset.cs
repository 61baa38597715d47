using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SweepCluster.Formats.Images;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Samples in one array, of which the first axis counts them.</summary>
internal sealed class ArrayDataset : Dataset
{
    private readonly NpyArray _array;
    private readonly Preprocessing _preprocessing;
    private readonly SampleLayout _layout;
    private readonly string _place;
    private readonly float[]? _floats; // the elements as float32 where they are no bytes

    private ArrayDataset(
        string place, NpyArray array, int[] labels, string labelsPlace, Preprocessing preprocessing, SampleLayout layout, Shape sampleShape)
        : base(labelsPlace, labels, array.Shape[0], sampleShape)
    {
        _place = place;
        _array = array;
        _preprocessing = preprocessing;
        _layout = layout;
        _floats = array.Type == ElementType.UInt8 ? null : array.ToFloat32();
    }

    /// <inheritdoc/>
    public override long MemoryBytes => _array.Bytes.Length + (sizeof(float) * (_floats?.LongLength ?? 0));

    /// <inheritdoc/>
    public override IEnumerable<string> Notices => _preprocessing.IsPicture ? _preprocessing.Changes(_place, _layout.Width, _layout.Height, _layout.Channels) : [];

    /// <summary>Checks an array against what the model takes.</summary>
    /// <param name="place">Where the samples come from, for messages.</param>
    /// <param name="array">The samples.</param>
    /// <param name="labelsPlace">Where the labels come from, for messages.</param>
    /// <param name="labels">The labels; null where none are known.</param>
    /// <param name="layoutName"><c>nhwc</c>, <c>nchw</c>, or null to tell it from the shape.</param>
    /// <param name="preprocessing">How a sample becomes the model's input.</param>
    /// <exception cref="BadInputException">The arrays do not fit the model or each other.</exception>
    public static ArrayDataset Create(
        string place, NpyArray array, string labelsPlace, NpyArray? labels, string? layoutName, Preprocessing preprocessing)
    {
        if (array.Type == ElementType.String || array.Shape.Rank < 2 || array.Shape.ElementCount == 0)
        {
            throw new BadInputException($"{place}: found {array.Type.Name()} {array.Shape}, expected numbers [samples, ...].");
        }

        int[] classes = labels is null ? [] : ReadLabels(labelsPlace, labels, array.Shape[0]);
        if (!preprocessing.IsPicture)
        {
            return new(place, array, classes, labelsPlace, preprocessing, default, new Shape(array.Shape.Extents.AsSpan()[1..]));
        }

        SampleLayout layout = SampleLayout.Of(array.Shape, layoutName, place);
        bool isByte = array.Type == ElementType.UInt8;
        int width = preprocessing.Width ?? layout.Width, height = preprocessing.Height ?? layout.Height;
        bool fits = (width == layout.Width && height == layout.Height && preprocessing.Channels == layout.Channels) || isByte;
        return fits
            ? new(place, array, classes, labelsPlace, preprocessing, layout, new Shape(preprocessing.Channels, height, width))
            : throw new BadInputException(
                $"{place}: found {array.Type.Name()} pictures of {layout.Width} x {layout.Height} x {layout.Channels}, "
                + $"expected {width} x {height} x {preprocessing.Channels} (only uint8 pictures are resized or change their number of colours).");
    }

    /// <inheritdoc/>
    private protected override void ReadSample(int index, Span<float> destination)
    {
        int length = (int)(_array.Shape.ElementCount / Count);
        if (_floats is not null)
        {
            ReadFloats(_floats.AsSpan(index * length, length), destination);
            return;
        }

        ReadOnlyMemory<byte> bytes = _array.Bytes.Slice(index * length, length);
        if (!_preprocessing.IsPicture)
        {
            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = _preprocessing.Convert(bytes.Span[i], 0);
            }
        }
        else if (SampleShape[1] == _layout.Height && SampleShape[2] == _layout.Width)
        {
            _preprocessing.Apply(bytes.Span, _layout.Channels, _layout.ChannelStep, _layout.PixelStep, destination);
        }
        else
        {
            Picture picture = _preprocessing.Fit(new(_layout.Width, _layout.Height, _layout.Channels, _layout.Interleave(bytes)));
            _preprocessing.Apply(picture.Pixels.Span, picture.Channels, 1, picture.Channels, destination);
        }
    }

    /// <inheritdoc/>
    private protected override string ComputeHash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"samples {_array.Type.Name()} {_array.Shape}\n"));
        hash.AppendData(_array.Bytes.Span);
        hash.AppendData(Encoding.UTF8.GetBytes($"labels {Labels.Length}\n"));
        hash.AppendData(MemoryMarshal.AsBytes(Labels.Span));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int[] ReadLabels(string place, NpyArray labels, int samples)
    {
        bool isFlat = labels.Shape.Rank == 1 || (labels.Shape.Rank == 2 && labels.Shape[1] == 1);
        if (!isFlat || labels.Type.IsFloat() || labels.Type is ElementType.String or ElementType.Bool)
        {
            throw new BadInputException($"{place}: found {labels.Type.Name()} {labels.Shape}, expected integers [samples].");
        }

        RequireEqualCounts(place, labels.Shape[0], samples);
        try
        {
            return labels.ToInt32();
        }
        catch (OverflowException error)
        {
            throw new BadInputException($"{place}: found a label beyond 32 bits, expected class numbers.", error);
        }
    }

    private void ReadFloats(ReadOnlySpan<float> values, Span<float> destination)
    {
        int planes = _preprocessing.IsPicture ? _preprocessing.Channels : 1;
        int area = destination.Length / planes;
        for (int plane = 0; plane < planes; plane++)
        {
            int start = _preprocessing.IsPicture ? (planes == 1 ? 0 : _preprocessing.SourceChannel(plane)) * _layout.ChannelStep : 0;
            int step = _preprocessing.IsPicture ? _layout.PixelStep : 1;
            for (int i = 0; i < area; i++)
            {
                destination[(plane * area) + i] = _preprocessing.Convert(values[start + (i * step)], plane);
            }
        }
    }
}
