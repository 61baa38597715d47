using Google.Protobuf;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Puts odd values in place of every operand of compressed weights: each must be read, or be refused with one line. Damage of every other kind is the fuzzer's.</summary>
public class MutationTests
{
    public static TheoryData<string> Compressed =>
        [.. FixturePackages.Everyday.Select(path => Path.GetFileNameWithoutExtension(path)!).Where(name => !name.EndsWith("base", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Compressed))]
    public void Read_OddOperandOfACompressedWeight_IsReadOrRefusedInOneLine(string package)
    {
        using TemporaryFolder folder = new();
        string copy = folder.Copy(FixturePackages.PathOf(package));
        string path = Path.Combine(copy, "Data", "com.apple.CoreML", "model.mlmodel");
        Model original = CoreMlDocument.Parse(path);
        Function main = original.MlProgram.Functions["main"];
        int index = main.BlockSpecializations[main.Opset].Operations.ToList().FindIndex(operation => operation.Type.StartsWith("constexpr_", StringComparison.Ordinal));
        int refused = 0;
        for (int at = index; at < index + 2; at++)
        {
            Operation operation = main.BlockSpecializations[main.Opset].Operations[at];
            foreach (string operand in operation.Inputs.Keys.Concat(operation.Attributes.Keys))
            {
                foreach (Value odd in OddValues())
                {
                    Model model = original.Clone();
                    Operation changed = model.MlProgram.Functions["main"].BlockSpecializations[main.Opset].Operations[at];
                    if (changed.Attributes.ContainsKey(operand))
                    {
                        changed.Attributes[operand] = odd;
                    }
                    else
                    {
                        changed.Inputs[operand] = PackageBuilder.Inline(odd);
                    }

                    File.WriteAllBytes(path, model.ToByteArray());
                    Exception? fault = Record.Exception(() => new CoreMlFormat().Read(copy));
                    Assert.True(fault is null or BadInputException, $"{operation.Type}, {operand}, {odd}: {fault}");
                    refused += fault is null ? 0 : 1;
                }
            }
        }

        Assert.NotEqual(0, refused);
    }

    private static IEnumerable<Value> OddValues()
    {
        foreach (ElementType type in new[] { ElementType.Float32, ElementType.Int32, ElementType.UInt8, ElementType.UInt1 })
        {
            foreach (int[] extents in new int[][] { [], [0], [0, 3], [1, 1, 1, 1] })
            {
                Shape shape = new(extents);
                byte[] bytes = new byte[type.ByteCount(shape.ElementCount)];
                yield return PackageBuilder.Immediate(new TensorData(type, shape, bytes));
                Array.Fill(bytes, (byte)0xFF);
                yield return PackageBuilder.Immediate(new TensorData(type, shape, bytes));
            }
        }

        yield return ValueWriter.Text("text");
        yield return new Value();
        Value huge = PackageBuilder.Immediate(new TensorData(ElementType.Float32, new Shape(1), new byte[4]));
        huge.Type = MilTypes.TensorOf(ElementType.Float32, new Shape(int.MaxValue, int.MaxValue));
        yield return huge;
    }
}
