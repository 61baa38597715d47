using System.Buffers.Binary;
using System.Security.Cryptography;
using SweepCluster.Formats.Images;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Samples in a folder of picture files. Each is decoded and resized when it is first read, and kept as bytes as long as the budget lasts.</summary>
internal sealed class PictureFolderDataset : Dataset
{
    private readonly string _folder;
    private readonly LabelsFile _list;
    private readonly Preprocessing _preprocessing;
    private readonly Picture?[] _kept;
    private long _bytesLeft;
    private (int Width, int Height, int Channels)? _first; // the first picture, once it was read, as its file has it

    /// <inheritdoc/>
    public override long MemoryBytes { get; }

    private PictureFolderDataset(string folder, LabelsFile list, Preprocessing preprocessing, Shape sampleShape, long budgetBytes)
        : base(list.Path, list.Labels, list.Files.Length, sampleShape)
    {
        _folder = folder;
        _list = list;
        _preprocessing = preprocessing;
        _kept = new Picture?[list.Files.Length];
        _bytesLeft = budgetBytes;
        MemoryBytes = Math.Min(budgetBytes, Count * sampleShape.ElementCount);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notices => _first is { } first ? _preprocessing.Changes($"{_folder}, to judge by {_list.Files[0]}", first.Width, first.Height, first.Channels) : [];

    /// <summary>Checks that every listed file exists; decodes the first where the model leaves the size open.</summary>
    /// <param name="folder">The folder that the listed names start from.</param>
    /// <param name="list">Files and labels.</param>
    /// <param name="preprocessing">How a picture becomes the model's input.</param>
    /// <param name="budgetBytes">Most bytes of decoded pictures that are kept.</param>
    /// <exception cref="BadInputException">The model takes no picture, or a file is missing.</exception>
    public static PictureFolderDataset Create(string folder, LabelsFile list, Preprocessing preprocessing, long budgetBytes)
    {
        if (!preprocessing.IsPicture)
        {
            throw new BadInputException($"{folder}: found a folder of pictures, expected an array (.npz or .npy): the model's input is no picture.");
        }

        int missing = Array.FindIndex(list.Files, file => !File.Exists(Path.Combine(folder, file)));
        if (missing >= 0)
        {
            throw new BadInputException($"{list.Path}, line {list.Lines[missing]}: found the file name '{list.Files[missing]}', expected a file in {folder}.");
        }

        int? width = preprocessing.Width, height = preprocessing.Height;
        if (width is null || height is null)
        {
            Picture first = preprocessing.Fit(PictureReader.Read(Path.Combine(folder, list.Files[0])));
            (width, height) = (first.Width, first.Height);
        }

        return new(folder, list, preprocessing, new Shape(preprocessing.Channels, height.Value, width.Value), budgetBytes);
    }

    /// <inheritdoc/>
    private protected override void ReadSample(int index, Span<float> destination)
    {
        Picture picture = Volatile.Read(ref _kept[index]) ?? Decode(index);
        _preprocessing.Apply(picture.Pixels.Span, picture.Channels, 1, picture.Channels, destination);
    }

    /// <inheritdoc/>
    private protected override string ComputeHash()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> label = stackalloc byte[sizeof(int)];
        for (int i = 0; i < Count; i++)
        {
            using FileStream stream = File.OpenRead(Path.Combine(_folder, _list.Files[i]));
            hash.AppendData(SHA256.HashData(stream));
            BinaryPrimitives.WriteInt32LittleEndian(label, _list.Labels[i]);
            hash.AppendData(label);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private Picture Decode(int index)
    {
        string path = Path.Combine(_folder, _list.Files[index]);
        Picture read = PictureReader.Read(path), picture = _preprocessing.Fit(read);
        if (index == 0)
        {
            _first = (read.Width, read.Height, read.Channels);
        }

        if (picture.Width != SampleShape[2] || picture.Height != SampleShape[1])
        {
            throw new BadInputException(
                $"{path}: found {picture.Width} x {picture.Height} pixels, expected {SampleShape[2]} x {SampleShape[1]} as in {_list.Files[0]}: "
                + "the model states no size to resize to.");
        }

        if (Interlocked.Add(ref _bytesLeft, -picture.Pixels.Length) >= 0)
        {
            Volatile.Write(ref _kept[index], picture);
        }
        else
        {
            Interlocked.Add(ref _bytesLeft, picture.Pixels.Length);
        }

        return picture;
    }
}
