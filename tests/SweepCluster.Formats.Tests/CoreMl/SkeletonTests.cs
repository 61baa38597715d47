using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Formats.CoreMl.Skeletons;
using SweepCluster.Formats.Files;
using SweepCluster.Fuzz.Cases;
using SweepCluster.Fuzz.Mutations;
using SweepCluster.Graphs;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>A model whose weights stay where they lie is the model that the protobuf library reads, whatever the bytes: the same message, the same words where they are none, and the same bytes when it is written.</summary>
public sealed class SkeletonTests : IDisposable
{
    private const int MutatedEach = 250;

    private readonly TemporaryFolder _folder = new();
    private int _inPlace; // cases whose weights stayed in the file

    public static TheoryData<string> Networks => [.. SampleNetworks.All.Keys, "every layer", "every weight twice"];

    public static TheoryData<string> Given =>
    [
        "data/squeezenet11-imagenet/neural-network/SqueezeNet11_nn.mlmodel",
        "data/native/mnist-ph1ps/MNIST.mlmodel",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Networks))]
    public void Parse_Mutated_IsWhatTheLibraryReads(string name)
    {
        byte[] source = BytesOf(name);
        Random random = new(name.Length + source.Length);
        CaseMutator mutator = new(random);
        FuzzCase[] cases = [.. SampleNetworks.All.Values.Append(source).Select(CaseOf)];
        FuzzCase mutated = CaseOf(source);
        int read = 0;
        AssertSame(source);
        for (int i = 0; i < MutatedEach; i++)
        {
            mutated = mutator.Mutate(random.Next(3) == 0 ? mutated : cases[^1], cases[random.Next(cases.Length)]); // now and then one that is damaged already
            read += AssertSame(mutated.Files[FuzzCase.SingleFile]) ? 1 : 0;
        }

        Assert.InRange(read, MutatedEach / 10, MutatedEach - 1); // of both kinds
        Assert.InRange(_inPlace, read / 2, read + 1);
    }

    [Theory, MemberData(nameof(Given)), Trait("Needs", "shared")]
    public void Parse_GivenNetworks_IsWhatTheLibraryReads(string model)
    {
        byte[] bytes = File.ReadAllBytes(SharedData.PathOf(model.Split('/')));

        Assert.True(AssertSame(bytes));
        for (int cut = 1; cut < 40; cut++)
        {
            AssertSame(bytes[..(bytes.Length * cut / 40)]);
        }
    }

    // Fields of a weight's message as they should not be, and as they may be: each within a layer, beside a weight that is sound.
    [Theory]
    [InlineData("value twice", "12 10 000102030405060708090A0B0C0D0E0F 12 11 FF0102030405060708090A0B0C0D0E0F10")]
    [InlineData("value, then an empty one", "12 10 000102030405060708090A0B0C0D0E0F 12 00")]
    [InlineData("value with the length of a reference", "12 10 00000000000000000800000000000000")]
    [InlineData("value shorter than a reference", "12 0F 000102030405060708090A0B0C0D0E")]
    [InlineData("list in three parts, one of them empty", "0A 10 000102030405060708090A0B0C0D0E0F 0A 00 0A 10 101112131415161718191A1B1C1D1E1F")]
    [InlineData("floats one by one", "0D 00000080 0D 0000C03F")]
    [InlineData("value in a group", "63 12 10 000102030405060708090A0B0C0D0E0F 64")]
    [InlineData("value behind a group", "63 08 01 64 12 10 000102030405060708090A0B0C0D0E0F")]
    [InlineData("group in a group", "63 6B 12 10 000102030405060708090A0B0C0D0E0F 6C 64")]
    [InlineData("group without an end", "63 12 10 000102030405060708090A0B0C0D0E0F")]
    [InlineData("group with another's end", "63 12 10 000102030405060708090A0B0C0D0E0F 6C")]
    [InlineData("end of no group", "64 12 10 000102030405060708090A0B0C0D0E0F")]
    [InlineData("length in more bytes than it needs", "12 90 80 80 00 000102030405060708090A0B0C0D0E0F")]
    [InlineData("length in ten bytes", "12 90 80 80 80 80 80 80 80 80 00 000102030405060708090A0B0C0D0E0F")]
    [InlineData("length of eleven bytes", "12 90 80 80 80 80 80 80 80 80 80 00 000102030405060708090A0B0C0D0E0F")]
    [InlineData("length whose high bits are dropped", "12 90 80 80 80 10 000102030405060708090A0B0C0D0E0F")]
    [InlineData("length that is negative", "12 FF FF FF FF 0F 000102030405060708090A0B0C0D0E0F")]
    [InlineData("tag in more bytes than it needs", "92 80 00 10 000102030405060708090A0B0C0D0E0F")]
    [InlineData("tag whose high bits are dropped", "92 80 80 80 10 10 000102030405060708090A0B0C0D0E0F")]
    [InlineData("field 0", "02 10 000102030405060708090A0B0C0D0E0F")]
    [InlineData("value behind the end", "12 7F 000102030405060708090A0B0C0D0E0F")]
    [InlineData("value of another wire type", "10 05 11 0001020304050607 15 00010203")]
    [InlineData("number without an end", "10 FF")]
    [InlineData("wire type 7", "17")]
    public void Parse_OddWeight_IsWhatTheLibraryReads(string what, string hex)
    {
        byte[] odd = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), sound = WireNetwork.Dense(1, 2, 3, 4, 5, 6);
        foreach (byte[] layer in (byte[][])[WireNetwork.InnerProduct("fc", 2, 3, odd, sound), WireNetwork.InnerProduct("fc", 2, 3, sound, odd), WireNetwork.Layer("own", 500, Wire.Of((20, sound), (20, odd), (20, sound)))])
        {
            AssertSame(WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(WireNetwork.InnerProduct("first", 2, 3, sound), layer)), what);
        }
    }

    // The second message of a field is merged into the first; a layer of another kind takes the first one's place.
    [Fact]
    public void Parse_MessagesThatAreMerged_IsWhatTheLibraryReads()
    {
        byte[] one = WireNetwork.Dense(1, 2, 3, 4, 5, 6), other = Wire.Of((2, new byte[17]), (30, new byte[16]));
        byte[] merged = Wire.Of((1, "fc"), (140, Wire.Of((1, 2), (20, one))), (140, Wire.Of((2, 3), (20, other), (21, one))));
        byte[] replaced = Wire.Of((1, "fc"), (140, Wire.Of((1, 2), (20, one))), (150, Wire.Of((2, 3), (20, other))));

        Assert.True(AssertSame(WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(merged, replaced))));
        Assert.True(AssertSame(Wire.Join(
            WireNetwork.Model(3, WireNetwork.Plain, WireNetwork.Network(merged)), Wire.Of((WireNetwork.Plain, WireNetwork.Network(replaced))), Wire.Of((WireNetwork.Classifier, WireNetwork.Network(merged))))));
    }

    // Messages of networks within networks, as deep as the library goes, and deeper.
    [Theory]
    [InlineData(20, true)]
    [InlineData(33, true)]
    [InlineData(34, false)]
    [InlineData(60, false)]
    public void Parse_NestedNetworks_AreReadAsDeepAsTheLibraryReadsThem(int depth, bool isRead)
    {
        byte[] network = WireNetwork.Network(WireNetwork.InnerProduct("fc", 2, 3, WireNetwork.Dense(1, 2, 3, 4, 5, 6)));
        for (int i = 1; i < depth; i++)
        {
            network = WireNetwork.Network(WireNetwork.Layer("choice", 605, Wire.Of((1, network))));
        }

        Assert.Equal(isRead, AssertSame(WireNetwork.Model(3, WireNetwork.Plain, network)));
    }

    // Whether what the library reads is read, or both refuse it in the same words.
    private bool AssertSame(byte[] bytes, string? what = null)
    {
        string path = _folder["case.mlmodel"];
        File.WriteAllBytes(path, bytes);
        Model? expected = null;
        string? fault = null;
        try
        {
            expected = Model.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            fault = $"{path}: found bytes that are no protobuf message ({exception.Message.TrimEnd('.')}), expected a Core ML model.";
        }
        catch (IndexOutOfRangeException)
        {
            fault = $"{path}: found bytes that are no protobuf message (a length reaches behind their end), expected a Core ML model.";
        }

        if (expected is null || bytes.Length == 0)
        {
            Assert.Equal(fault ?? $"{path}: found an empty file, expected a Core ML model.", Assert.Throws<BadInputException>(() => ModelParser.ParseOwn(path)).Message);
            return false;
        }

        (Model model, FileBytes? weights) = ModelParser.ParseOwn(path);
        _inPlace += weights is null ? 0 : 1;
        using (weights)
        {
            Assert.True(expected.Equals(model), what ?? Convert.ToHexString(bytes));
            ModelMessage message = new(model.Clone());
            using MemoryStream written = new();
            message.WriteTo(written);
            Assert.Equal(Bytes(expected), written.ToArray());
            Assert.Equal(written.Length, message.Length);
            Assert.True(message.IsSame(model, CancellationToken.None));
        }

        return true;
    }

    private static byte[] Bytes(Model model)
    {
        byte[] bytes = new byte[model.CalculateSize()];
        using CodedOutputStream coded = new(bytes) { Deterministic = true };
        model.WriteTo(coded);
        return bytes;
    }

    private static FuzzCase CaseOf(byte[] model) => new(new Dictionary<string, byte[]> { [FuzzCase.SingleFile] = model });

    private static byte[] BytesOf(string name) => name switch
    {
        "every layer" => WireNetwork.Model(3, WireNetwork.Plain, SampleNetwork.Content()),
        "every weight twice" => Wire.Join(WireNetwork.Model(3, WireNetwork.Classifier, SampleNetwork.Content()), Wire.Of((WireNetwork.Classifier, SampleNetwork.Content()))),
        _ => SampleNetworks.All[name],
    };
}
