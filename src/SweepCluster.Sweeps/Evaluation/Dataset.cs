using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Samples, with or without labels, each of which can be read as the model's input.</summary>
public abstract class Dataset
{
    private readonly string _labelsPlace;
    private readonly int[] _labels;
    private readonly Lazy<string> _hash;

    /// <summary>Samples of one shape.</summary>
    /// <param name="labelsPlace">Where the labels come from, for messages.</param>
    /// <param name="labels">One for each sample; empty where none are known.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="sampleShape">Shape of one sample as the model takes it.</param>
    private protected Dataset(string labelsPlace, int[] labels, int count, Shape sampleShape)
    {
        _labelsPlace = labelsPlace;
        _labels = labels;
        _hash = new(ComputeHash);
        Count = count;
        SampleShape = sampleShape;
    }

    /// <summary>Number of samples, 1 or more.</summary>
    public int Count { get; }

    /// <summary>The right class of each sample; empty where none are known.</summary>
    public ReadOnlyMemory<int> Labels => _labels;

    /// <summary>Whether the right classes are known.</summary>
    public bool HasLabels => _labels.Length > 0;

    /// <summary>Bytes of memory that the samples take, at most: as they are held, not as a file has them.</summary>
    public abstract long MemoryBytes { get; }

    /// <summary>What becomes of the samples on their way to the model that a person may not expect: another size, other colours. Of files that were not read yet nothing is known.</summary>
    public virtual IEnumerable<string> Notices => [];

    /// <summary>Shape of one sample without the batch axis: <c>[planes, H, W]</c> of a picture.</summary>
    public Shape SampleShape { get; }

    /// <summary>SHA-256, in hexadecimal, over the content: samples in their order and labels. Depends neither on where the files lie nor on what they are called.</summary>
    /// <remarks>Computed when it is first asked for; a folder's files are all read for it.</remarks>
    public string Hash => _hash.Value;

    /// <summary>The model's input for one sample.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="destination">Receives exactly <c>SampleShape.ElementCount</c> values: float32, row-major, pictures in planes.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="BadInputException">The sample's file is missing or damaged.</exception>
    /// <remarks>Safe for several threads at once.</remarks>
    public void Read(int index, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (destination.Length != SampleShape.ElementCount)
        {
            throw new ArgumentException($"A sample has {SampleShape.ElementCount} values, found room for {destination.Length}.", nameof(destination));
        }

        ReadSample(index, destination);
    }

    /// <summary>The labels of some samples, in their order; empty where none are known.</summary>
    /// <param name="samples">Indices of samples.</param>
    public int[] LabelsOf(ReadOnlySpan<int> samples)
    {
        int[] labels = new int[HasLabels ? samples.Length : 0];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = _labels[samples[i]];
        }

        return labels;
    }

    /// <summary>Checks that every label is a class of the model.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="BadInputException">A label lies outside.</exception>
    public void CheckLabels(int classes)
    {
        int wrong = Array.FindIndex(_labels, label => label < 0 || label >= classes);
        if (wrong >= 0)
        {
            throw new BadInputException(
                $"{_labelsPlace}, sample {wrong}: found the label {_labels[wrong]}, expected 0 to {classes - 1}, the classes of the model.");
        }
    }

    /// <summary>Reads one sample; index and length are checked.</summary>
    private protected abstract void ReadSample(int index, Span<float> destination);

    /// <summary>Computes <see cref="Hash"/>.</summary>
    private protected abstract string ComputeHash();

    /// <summary>Refuses labels of another count than samples.</summary>
    private protected static void RequireEqualCounts(string place, int labels, int samples)
    {
        if (labels != samples)
        {
            throw new BadInputException($"{place}: found {labels} labels and {samples} samples, expected one label for each sample.");
        }
    }
}
