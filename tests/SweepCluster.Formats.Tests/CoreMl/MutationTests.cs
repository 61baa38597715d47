using System.Globalization;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Damages packages at random, from fixed seeds: each must be read, or be refused with one line.</summary>
/// <remarks>The environment variable <c>SWEEP_FUZZ_CASES</c> asks for a longer run.</remarks>
public class MutationTests
{
    private const long MostBytes = 64L << 20; // and four times the package

    private static readonly int s_cases = int.Parse(Environment.GetEnvironmentVariable("SWEEP_FUZZ_CASES") ?? "500", CultureInfo.InvariantCulture);

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
                new CoreMlPackageFormat().Read(copy);
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
