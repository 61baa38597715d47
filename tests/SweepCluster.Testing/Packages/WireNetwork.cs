using System.Buffers.Binary;
using System.Text;

namespace SweepCluster.Testing.Packages;

/// <summary>Makes neural networks on the wire, with nothing of the product's in between. Field numbers and packing follow the format's description.</summary>
public static class WireNetwork
{
    /// <summary>Field of a plain network in a model.</summary>
    public const int Plain = 500;

    /// <summary>Field of a classifier in a model.</summary>
    public const int Classifier = 403;

    /// <summary>Field of a regressor in a model.</summary>
    public const int Regressor = 303;

    /// <summary>Field of a pipeline in a model.</summary>
    public const int Pipeline = 202;

    /// <summary>Little-endian float32 numbers.</summary>
    public static byte[] Floats(params IEnumerable<float> values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>Weights stored as float32.</summary>
    public static byte[] Dense(params IEnumerable<float> values) => Wire.Of((1, Floats(values)));

    /// <summary>Weights stored as float16.</summary>
    public static byte[] Halves(params IEnumerable<float> values) => Wire.Of((2, values.SelectMany(value => BitConverter.GetBytes((Half)value)).ToArray()));

    /// <summary>Weights stored as unsigned codes with scales and biases; no biases where there are none.</summary>
    public static byte[] Linear(int bits, int[] codes, float[] scales, float[] biases) =>
        Wire.Of((30, MostFirst(bits, codes)), (40, Wire.Of((1, bits), (101, Wire.Join(Wire.Of((1, Floats(scales))), biases.Length == 0 ? [] : Wire.Of((2, Floats(biases))))))));

    /// <summary>Weights stored as indices into a table.</summary>
    public static byte[] LookUp(int bits, int[] indices, float[] table) => Wire.Of((30, MostFirst(bits, indices)), (40, Wire.Of((1, bits), (102, Wire.Of((1, Floats(table)))))));

    /// <summary>Packs codes as text of ones and zeros says it: the highest bit of the first code first, the last byte filled up with zeros.</summary>
    public static byte[] MostFirst(int bits, int[] codes)
    {
        StringBuilder text = new();
        foreach (int code in codes)
        {
            text.Append(Convert.ToString(code, 2).PadLeft(bits, '0'));
        }

        while (text.Length % 8 != 0)
        {
            text.Append('0');
        }

        return [.. Enumerable.Range(0, text.Length / 8).Select(i => Convert.ToByte(text.ToString(8 * i, 8), 2))];
    }

    /// <summary>One layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="field">Field of its kind.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="input">The blob that it reads.</param>
    /// <param name="output">The blob that it gives.</param>
    public static byte[] Layer(string name, int field, byte[] parameters, string input = "x", string? output = null) =>
        Wire.Of((1, name), (2, input), (3, output ?? name + "_out"), (field, parameters));

    /// <summary>An inner product of <c>[outputs, inputs]</c>.</summary>
    public static byte[] InnerProduct(string name, int inputs, int outputs, byte[] weights, byte[]? bias = null, string input = "x", string? output = null) => Layer(
        name, 140, bias is null ? Wire.Of((1, inputs), (2, outputs), (20, weights)) : Wire.Of((1, inputs), (2, outputs), (10, 1), (20, weights), (21, bias)), input, output);

    /// <summary>A convolution; kernel extents are square.</summary>
    public static byte[] Convolution(string name, int outputs, int kernelChannels, int groups, int kernel, bool isTransposed, byte[] weights, byte[]? bias = null) => Layer(
        name, 100,
        Wire.Join(
            Wire.Of((1, outputs), (2, kernelChannels), (10, groups), (20, Wire.Packed(kernel, kernel)), (50, Array.Empty<byte>())),
            isTransposed ? Wire.Of((60, 1)) : [],
            bias is null ? Wire.Of((90, weights)) : Wire.Of((70, 1), (90, weights), (91, bias))));

    /// <summary>A network, to be put in a model or in a layer.</summary>
    public static byte[] Network(params IEnumerable<byte[]> layers) => Wire.Repeated(1, layers.Select(layer => (WireValue)layer));

    /// <summary>A model with one array in and one out.</summary>
    /// <param name="version">Its specification version.</param>
    /// <param name="kind">Field of its kind.</param>
    /// <param name="content">The network or pipeline.</param>
    /// <param name="input">Feature that it takes.</param>
    /// <param name="output">Feature that it gives.</param>
    public static byte[] Model(int version, int kind, byte[] content, string input = "x", string output = "y") => Wire.Of(
        (1, version), (2, Wire.Of((1, Feature(input)), (10, Feature(output)), (100, Wire.Of((1, "made by a test"))))), (kind, content));

    /// <summary>The values of a stored weight, from the bytes of its message alone.</summary>
    /// <param name="weight">The message.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="channelOf">Index of the scale that an element takes, where there are several.</param>
    public static float[] Decode(WireMessage weight, int count, Func<int, int> channelOf)
    {
        if (weight.Has(1))
        {
            return [.. Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadSingleLittleEndian(weight.Bytes(1).Span[(4 * i)..]))];
        }

        if (weight.Has(2))
        {
            return [.. Enumerable.Range(0, count).Select(i => (float)BinaryPrimitives.ReadHalfLittleEndian(weight.Bytes(2).Span[(2 * i)..]))];
        }

        WireMessage quantization = WireMessage.Parse(weight.Bytes(40));
        int bits = (int)quantization.Number(1);
        string stream = string.Concat(weight.Bytes(30).ToArray().Select(part => Convert.ToString(part, 2).PadLeft(8, '0')));
        int[] codes = [.. Enumerable.Range(0, count).Select(i => Convert.ToInt32(stream.Substring(i * bits, bits), 2))];
        if (quantization.Has(102))
        {
            float[] table = Singles(WireMessage.Parse(quantization.Bytes(102)).Bytes(1));
            return [.. codes.Select(code => table[code])];
        }

        WireMessage linear = WireMessage.Parse(quantization.Bytes(101));
        float[] scales = Singles(linear.Bytes(1)), biases = Singles(linear.Bytes(2));
        return [.. codes.Select((code, i) =>
        {
            int channel = scales.Length == 1 ? 0 : channelOf(i);
            float product = code * scales[channel];
            return biases.Length == 0 ? product : product + biases[channel];
        })];
    }

    private static byte[] Feature(string name) => Wire.Of((1, name), (3, Wire.Of((5, Wire.Of((1, Wire.Packed(4)), (2, 65568))))));

    private static float[] Singles(ReadOnlyMemory<byte> bytes) => [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.Span[(4 * i)..]))];
}
