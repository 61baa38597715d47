using System.Runtime.InteropServices;

namespace SweepCluster.Testing.Packages;

/// <summary>Small neural networks and a pipeline of them, made on the wire: weights as float32, float16, and in linear and look-up-table codes of every width.</summary>
public static class SampleNetworks
{
    private const int Outputs = 4;
    private const int Inputs = 6;

    /// <summary>Every one, by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new SortedDictionary<string, byte[]>(Make().ToDictionary(entry => entry.Name, entry => entry.Model), StringComparer.Ordinal);

    private static IEnumerable<(string Name, byte[] Model)> Make()
    {
        yield return ("float32", Network(1, Wire.Of((1, Floats(Outputs * Inputs)))));
        yield return ("float16", Network(2, Wire.Of((2, SamplePrograms.Elements("fp16", Outputs * Inputs)))));
        for (int bits = 1; bits <= 8; bits++)
        {
            byte[] codes = new byte[((Outputs * Inputs * bits) + 7) / 8];
            new Random(bits).NextBytes(codes);
            yield return ($"linear {bits}", Network(3, Wire.Of((30, codes), (40, Wire.Of((1, bits), (101, Wire.Of((1, Floats(Outputs)), (2, Floats(Outputs)))))))));
            yield return ($"table {bits}", Network(3, Wire.Of((30, codes), (40, Wire.Of((1, bits), (102, Wire.Of((1, Floats(1 << bits)))))))));
        }

        byte[] stage = Network(3, Wire.Of((1, Floats(Outputs * Inputs))));
        yield return ("pipeline", Wire.Of((1, 3), (2, Description()), (202, Wire.Of((1, stage), (1, Network(3, Wire.Of((1, Floats(Outputs * Inputs))))), (2, "first"), (2, "second")))));
        yield return ("classifier", Wire.Of((1, 3), (2, Description()), (403, Wire.Join(
            Wire.Of((1, Layer(Wire.Of((1, Floats(Outputs * Inputs)))))),
            Wire.Of((100, Wire.Repeated(1, "a", "b", "c", "d")))))));
    }

    private static byte[] Network(int version, byte[] weights) => Wire.Of((1, version), (2, Description()), (500, Wire.Of((1, Layer(weights)))));

    private static byte[] Layer(byte[] weights) => Wire.Of(
        (1, "linear"), (2, "x"), (3, "y"), (140, Wire.Of((1, Inputs), (2, Outputs), (10, 1), (20, weights), (21, Wire.Of((1, Floats(Outputs)))))));

    private static byte[] Description() => Wire.Of((1, Feature("x", Inputs)), (10, Feature("y", Outputs)));

    private static byte[] Feature(string name, int extent) => Wire.Of((1, name), (3, Wire.Of((5, Wire.Of((1, Wire.Packed(extent)), (2, 65568))))));

    private static byte[] Floats(int count) => MemoryMarshal.AsBytes<float>(Enumerable.Range(1, count).Select(i => i / 16f).ToArray()).ToArray();
}
