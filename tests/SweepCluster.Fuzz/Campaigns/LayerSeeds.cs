using SweepCluster.Fuzz.Cases;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Fuzz.Campaigns;

/// <summary>Neural networks that have every kind of layer: each reads one picture without any settings, and two with some numbers in the fields that settings often have.</summary>
internal static class LayerSeeds
{
    private const int LayersPerModel = 10;
    private const int Plain = 500;

    // The fields of a layer's kinds in the format's description.
    private static readonly int[] s_kinds =
    [
        100, 120, 130, 140, 150, 160, 165, 170, 175, 180, 190, 200, 210, 211, 212, 220, 230, 231, 240, 245, 250, 260, 261, 270, 280, 290, 300, 301, 310, 320, 330, 340, 345, 350, 400, 410, 420,
        430, 500, 600, 605, 615, 620, 625, 635, 640, 660, 665, 670, 680, 685, 700, 710, 715, 720, 730, 735, 740, 750, 755, 760, 770, 775, 780, 790, 795, 815, 820, 825, 827, 830, 832, 840, 845,
        850, 855, 865, 870, 875, 880, 885, 890, 895, 900, 905, 920, 925, 930, 935, 940, 945, 950, 952, 954, 960, 965, 975, 980, 985, 995, 1000, 1005, 1015, 1020, 1025, 1040, 1045, 1065, 1070,
        1080, 1085, 1090, 1100, 1105, 1110, 1120, 1125, 1130, 1135, 1140, 1145, 1150, 1155, 1170, 1175, 1180, 1190, 1195, 1200, 1210, 1215, 1220, 1230, 1250, 1255, 1260, 1265, 1270, 1275, 1280,
        1285, 1290, 1295, 1313, 1315, 1320, 1325, 1330, 1350, 1400, 1450, 1455, 1460, 1461, 1465, 1466, 1470, 1471,
    ];

    /// <summary>The models.</summary>
    public static IEnumerable<FuzzCase> All() => s_kinds.Chunk(LayersPerModel).Select(kinds => new FuzzCase(new Dictionary<string, byte[]> { [FuzzCase.SingleFile] = Model(kinds) }));

    private static byte[] Model(int[] kinds) => Wire.Of(
        (1, 4), (2, Wire.Of((1, Picture("x")), (1, Picture("z")), (10, Picture("y")))), (Plain, Wire.Repeated(1, kinds.SelectMany(Layers).Select(layer => (WireValue)layer))));

    private static byte[][] Layers(int kind) =>
    [
        Wire.Of((1, $"one{kind}"), (2, "x"), (3, $"a{kind}"), (kind, Array.Empty<byte>())),
        Wire.Of((1, $"two{kind}"), (2, "x"), (2, "z"), (3, $"b{kind}"), (kind, Wire.Of((1, 1), (2, 2), (3, 1), (10, 1), (20, 2)))),
    ];

    private static byte[] Picture(string name) => Wire.Of((1, name), (3, Wire.Of((5, Wire.Of((1, Wire.Packed(4, 6, 2)), (2, 65568))))));
}
