using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Unrolled programs: many small operations, whose messages take many times their length.</summary>
public sealed class ManyOperationsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(12_000, 1)]
    [InlineData(21_000, 4096)] // 32 MiB of weights
    public void Read_ThousandsOfOperations_AreRead(int count, int rows)
    {
        string path = Program(count, rows, out _);

        Assert.Equal(count + 1, _format.Read(path).Nodes.Length);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(4000)]
    public void Of_Operations_IsWhatReadingThemAllocates(int count)
    {
        string path = Program(count, 1, out byte[] model);
        _format.Read(path); // what is made once
        long before = GC.GetAllocatedBytesForCurrentThread();

        _format.Read(path);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before - (3 * model.Length) - 60_000;
        Assert.InRange(MessageCost.Of(model, Model.Descriptor, long.MaxValue), allocated * 0.95, (allocated * 1.4) + 200_000);
    }

    // The weights were a part of what the program might take; what is left of them allows for less.
    [Fact]
    public void Write_OperationsThatTheSmallerModelDoesNotAllow_AreReadBackAllTheSame()
    {
        Graph graph = _format.Read(Program(21_000, 4096, out _));
        Weight weight = Assert.Single(graph.Weights);
        TensorData indices = new(ElementType.UInt1, weight.Shape, new byte[weight.Shape.ElementCount / 8]);
        PalettizedWeight palette = new(weight.Shape, indices, new PaletteTable(TensorData.FromFloats(ElementType.Float32, new Shape(1, 1, 2, 1), [0f, 1f])));

        Dictionary<string, CompressedWeight> replacements = new() { ["w"] = palette };
        ModelTarget target = _format.ResolveTarget(graph, null);
        string? warning = _format.Warns(graph, replacements, target);
        _format.Write(graph, replacements, target, _folder.At("small.mlpackage"), default);

        Assert.StartsWith("the result is checked as any, but no command will read it again: its program would take more than ", warning, StringComparison.Ordinal);
        Assert.Null(_format.Warns(graph, new Dictionary<string, CompressedWeight>(), target));
        Assert.EndsWith("and one more for each 2500 bytes of weights).", Assert.Throws<BadInputException>(() => _format.Read(_folder.At("small.mlpackage"))).Message, StringComparison.Ordinal);
    }

    private string Program(int count, int rows, out byte[] model)
    {
        const int Columns = 2048;
        WireBlobs blobs = new();
        byte[] type = Mil.Tensor("fp32", 1, rows);
        List<byte[]> operations =
        [
            Mil.Const("w", Mil.Blob(blobs, "fp32", [rows, Columns], new byte[4 * rows * Columns]), Mil.Tensor("fp32", rows, Columns)),
            Mil.Operation("linear", [Mil.Named("r0", type)], [("x", Mil.Read("x")), ("weight", Mil.Read("w"))], [("name", Mil.Text("r0"))]),
        ];
        for (int i = 1; i <= count; i++)
        {
            operations.Add(Mil.Operation("relu", [Mil.Named($"r{i}", type)], [("x", Mil.Read($"r{i - 1}"))], [("name", Mil.Text($"r{i}"))]));
        }

        model = Mil.Model(9, [], ("main", Mil.Function("CoreML8", [Mil.Named("x", Mil.Tensor("fp32", 1, Columns))], ("CoreML8", Mil.Block(operations, [$"r{count}"])))));
        return WirePackage.Of(model, blobs).Write(_folder.At("many.mlpackage"));
    }
}
