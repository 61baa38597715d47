using System.Globalization;
using Google.Protobuf;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Damages packages at random, from fixed seeds: each must be read, or be refused with one line.</summary>
/// <remarks>The environment variable <c>SWEEP_FUZZ_CASES</c> asks for a longer run.</remarks>
public class MutationTests
{
    private const long MostBytes = 64L << 20; // and four times the package

    private static readonly int s_cases = int.Parse(Environment.GetEnvironmentVariable("SWEEP_FUZZ_CASES") ?? "300", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("iOS18_fp16_joint_prune0.5_kmeans4", "Data/com.apple.CoreML/model.mlmodel")]
    [InlineData("iOS16_fp16_quantize_int8_linear_per_channel", "Data/com.apple.CoreML/model.mlmodel")]
    [InlineData("iOS18_fp16_palettize_kmeans4_g8", "Data/com.apple.CoreML/weights/weight.bin")]
    [InlineData("iOS16_fp16_palettize_kmeans4", "Manifest.json")]
    public void Read_DamagedFile_IsReadOrRefusedInOneLine(string package, string file)
    {
        using TemporaryFolder folder = new();
        string copy = folder.Copy(FixturePackages.PathOf(package));
        string path = Path.Combine(copy, file);
        byte[] original = File.ReadAllBytes(path);
        long limit = MostBytes + (4 * PackageChecks.SizeOf(copy));
        int refused = 0;
        for (int seed = 0; seed < s_cases; seed++)
        {
            File.WriteAllBytes(path, Damage(original, new Random(seed)));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                new CoreMlFormat().Read(copy);
            }
            catch (BadInputException exception)
            {
                refused++;
                Assert.False(exception.Message.Any(char.IsControl), $"seed {seed}: {exception.Message}");
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}: {exception}");
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < limit, $"seed {seed}: too much memory");
        }

        Assert.NotEqual(0, refused);
    }

    public static TheoryData<string> Compressed =>
        [.. FixturePackages.Everyday.Select(path => Path.GetFileNameWithoutExtension(path)!).Where(name => !name.EndsWith("base", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Compressed))]
    public void Read_OddOperandOfACompressedWeight_IsReadOrRefusedInOneLine(string package)
    {
        using TemporaryFolder folder = new();
        string copy = folder.Copy(FixturePackages.PathOf(package));
        string path = Path.Combine(copy, "Data", "com.apple.CoreML", "model.mlmodel");
        Model original = CoreMlReader.Parse(path);
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

    private static byte[] Damage(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    for (int i = 0; i < length; i++)
                    {
                        bytes[at + i] = 0xFF; // a long varint
                    }

                    break;
                case 5:
                    for (int i = 0; i < length; i++)
                    {
                        bytes[at + i] = bytes[random.Next(bytes.Count)];
                    }

                    break;
                default:
                    bytes.RemoveRange(at, random.Next(20) == 0 ? bytes.Count - at : 1);
                    break;
            }
        }

        return [.. bytes];
    }
}
