using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Tests.Fixtures;
using SweepCluster.Testing;

namespace SweepCluster.Sweeps.Tests.Specs;

public class SpecFuzzTests
{
    // Whatever is written, the reader gives a spec or says what is wrong: no other exception, and no empty message.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_DamagedSpecs_AreReadOrRefusedInWords(int seed)
    {
        Random random = new(seed);
        string sound = File.ReadAllText(Path.Combine(SharedData.Samples, "quickstart.yaml"));
        const string Letters = "[]{}:,-#&*!|>'\"%@` \n\t?~0aé\0";
        using TemporarySpecs folder = new(sound);
        for (int round = 0; round < 400; round++)
        {
            char[] text = sound.ToCharArray();
            for (int edit = random.Next(1, 5); edit > 0; edit--)
            {
                text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            }

            string spec = new string(text)[..random.Next(text.Length / 2, text.Length)];
            File.WriteAllText(folder.Path, spec);
            Exception? fault = Record.Exception(() => SpecReader.Read(folder.Path, []));
            Assert.True(fault is null or BadInputException { Message.Length: > 20 }, $"{fault}\n{spec}");
        }
    }
}
