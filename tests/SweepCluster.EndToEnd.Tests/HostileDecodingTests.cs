using System.Runtime.InteropServices;
using System.Text.Json;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>A small file may stand for very many values: whoever looks at them takes 64 MiB and four times the file, however many they are.</summary>
public sealed class HostileDecodingTests : IDisposable
{
    private const int Rows = 8192, Columns = 4096; // 128 MiB of float32
    private const int Elements = Rows * Columns;
    private const int RecordsBefore = 128; // bytes before the first blob's data

    private static readonly float[] s_table = [-1.5f, 0.25f];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vectors")]
    [InlineData("palette")]
    [InlineData("tables")]
    [InlineData("mask")]
    [InlineData("blocks")]
    public async Task Look_AtFarMoreValuesThanBytes_StaysInBounds(string kind)
    {
        byte[] bits = new byte[Elements / 8];
        new Random(20261121).NextBytes(bits);
        string model = _folder.At("small.mlpackage"), plain = _folder.At("plain.mlpackage"), values = _folder.At("values.npy");
        Func<int, float> expected = Write(kind, bits, model);

        CommandLine decompressed = await RunAsync(SizeOf(model), "decompress", model, "-o", plain);
        CommandLine compared = await RunAsync(2 * SizeOf(model), "compare", model, model, "--format", "json");
        CommandLine inspected = await RunAsync(SizeOf(model), "inspect", model, "--weight", "w", "--values", values, "--format", "json");

        Assert.Equal((0, ""), (decompressed.ExitCode, decompressed.Error));
        Assert.Equal((0, ""), (compared.ExitCode, compared.Error));
        Assert.Equal((0, ""), (inspected.ExitCode, inspected.Error));
        AssertValues(Path.Combine(plain, WirePackage.Weights), RecordsBefore, expected);
        AssertValues(values, new FileInfo(values).Length - (sizeof(float) * (long)Elements), expected);
        using JsonDocument summary = JsonDocument.Parse(inspected.Output), comparison = JsonDocument.Parse(compared.Output);
        Assert.Equal(Elements, summary.RootElement.GetProperty("values").GetProperty("elements").GetInt64());
        Assert.Equal(Enumerable.Range(0, 1 << 16).Append(Elements - 2).Select(expected).Select(BitConverter.SingleToInt32Bits).Distinct().Count(), summary.RootElement.GetProperty("values").GetProperty("distinct").GetInt32());
        Assert.Equal(0, comparison.RootElement.GetProperty("weights")[0].GetProperty("meanSquaredError").GetDouble());
    }

    // Writes a package and gives the value of each element, worked out from what was written.
    private static Func<int, float> Write(string kind, byte[] bits, string path)
    {
        WireBlobs blobs = new();
        byte[][] output = [Mil.Named("w", Mil.Tensor("fp32", Rows, Columns))];
        byte[][] operations;
        Func<int, float> value;
        int Bit(int at) => (bits[at >> 3] >> (at & 7)) & 1;
        switch (kind)
        {
            case "vectors": // 64 values for a bit
                float[] vectors = [.. Enumerable.Range(0, 128).Select(i => (i % 3) - (i / 64) + 0.5f)];
                operations =
                [
                    Mil.Operation("constexpr_lut_to_dense", output,
                    [
                        ("indices", Mil.Inline(Mil.Blob(blobs, "uint1", [Rows / 64, Columns], bits[..(Elements / 64 / 8)]))), ("lut", Mil.Inline(Mil.Floats([1, 1, 2, 64], vectors))),
                        ("vector_axis", Mil.Inline(Mil.Ints([], 0))),
                    ]),
                ];
                value = i => vectors[(Bit((i / Columns / 64 * Columns) + (i % Columns)) * 64) + (i / Columns % 64)];
                break;
            case "palette":
                operations = [Mil.Operation("constexpr_lut_to_dense", output, [("indices", Mil.Inline(Mil.Blob(blobs, "uint1", [Rows, Columns], bits))), ("lut", Mil.Inline(Mil.Floats([1, 1, 2, 1], s_table)))])];
                value = i => s_table[Bit(i)];
                break;
            case "tables": // of codes, one for every 8 values
                byte[] codes = [.. Enumerable.Range(0, Elements / 8).Select(i => (byte)(i * 37))];
                operations =
                [
                    Mil.Operation("constexpr_blockwise_shift_scale", [Mil.Named("t", Mil.Tensor("fp32", Rows, Columns / 8, 2, 1))],
                        [("data", Mil.Inline(Mil.Blob(blobs, "int4", [Rows, Columns / 8, 2, 1], codes))), ("scale", Mil.Inline(Mil.Floats([1, 1, 1, 1], 0.5f)))]),
                    Mil.Operation("constexpr_lut_to_dense", output, [("indices", Mil.Inline(Mil.Blob(blobs, "uint1", [Rows, Columns], bits))), ("lut", Mil.Read("t"))]),
                ];
                value = i => ((((codes[i / 8] >> (4 * Bit(i))) & 15) ^ 8) - 8) * 0.5f;
                break;
            case "mask": // that keeps one value
                byte[] mask = new byte[bits.Length];
                mask[^1] = 0x40;
                operations =
                [
                    Mil.Operation("constexpr_sparse_to_dense", output,
                        [("mask", Mil.Inline(Mil.Blob(blobs, "uint1", [Rows, Columns], mask))), ("nonzero_data", Mil.Inline(Mil.Floats([1], 7)))]),
                ];
                value = i => i == Elements - 2 ? 7 : 0;
                break;
            default:
                float[] scales = [.. Enumerable.Range(0, Rows).Select(row => (row % 5) - 2.5f)];
                operations =
                [
                    Mil.Operation("constexpr_blockwise_shift_scale", output,
                        [("data", Mil.Inline(Mil.Blob(blobs, "uint1", [Rows, Columns], bits))), ("scale", Mil.Inline(Mil.Floats([Rows, 1], scales)))]),
                ];
                value = i => Bit(i) * scales[i / Columns];
                break;
        }

        byte[] linear = Mil.Operation("linear", [Mil.Named("y", Mil.Tensor("fp32", 1, Rows))], [("x", Mil.Read("x")), ("weight", Mil.Read("w"))]);
        byte[] main = Mil.Function("CoreML8", [Mil.Named("x", Mil.Tensor("fp32", 1, Columns))], ("CoreML8", Mil.Block([.. operations, linear], ["y"])));
        WirePackage.Of(Mil.Model(9, [], ("main", main)), blobs).Write(path);
        return value;
    }

    private static async Task<CommandLine> RunAsync(long fileBytes, params string[] arguments)
    {
        Dictionary<string, string> heap = new(StringComparer.Ordinal) { ["DOTNET_GCHeapHardLimit"] = $"0x{(64L << 20) + (4 * fileBytes):x}", ["DOTNET_PROCESSOR_COUNT"] = "2" };
        using SweepProcess process = new([], heap, arguments);
        return await process.FinishAsync();
    }

    private static void AssertValues(string path, long start, Func<int, float> expected)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read);
        file.Position = start;
        float[] piece = new float[1 << 16];
        for (int at = 0; at < Elements; at += piece.Length)
        {
            file.ReadExactly(MemoryMarshal.AsBytes(piece.AsSpan()));
            for (int i = 0; i < piece.Length; i++)
            {
                if (BitConverter.SingleToInt32Bits(piece[i]) != BitConverter.SingleToInt32Bits(expected(at + i)))
                {
                    Assert.Fail($"{Path.GetFileName(path)}, value {at + i}: {piece[i]}, expected {expected(at + i)}");
                }
            }
        }
    }

    private static long SizeOf(string package) => new DirectoryInfo(package).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
