namespace SweepCluster.Testing.Packages;

/// <summary>A neural network with every layer that has weights, made on the wire.</summary>
public static class SampleNetwork
{
    /// <summary>Layer, slot, shape, reader and axes of every weight, as the format's description has them: what a reader must find, in order.</summary>
    public static IReadOnlyList<string> Listing =>
    [
        "conv [6, 4, 3, 3] conv.weight 0 1", "conv_bias [6] conv.bias 0 0",
        "deconv [4, 3, 2, 2] conv_transpose.weight 1 0",
        "fc [8, 12] linear.weight 0 1", "fc_bias [8] linear.bias 0 0",
        "mm [5, 7] linear.weight 0 1",
        "embed [6, 10] gather.x 0 1", "embed_bias [6] add.y 0 0",
        "embednd [6, 9] gather.x 0 1",
        "norm_gamma [4] batch_norm.gamma 0 0", "norm_beta [4] batch_norm.beta 0 0", "norm_mean [4] batch_norm.mean 0 0", "norm_variance [4] batch_norm.variance 0 0",
        "layernorm_gamma [3, 4] layer_norm.gamma 0 0", "layernorm_beta [3, 4] layer_norm.beta 0 0",
        "scale [4, 2, 3] mul.y 0 1", "scale_bias [4] add.y 0 0",
        "bias [4, 2, 3] add.y 0 1",
        "const [4, 2, 3] const.val 0 1",
        "constnd [5, 6] const.val 0 1",
        "rnn_weightMatrix [4, 6] rnn.weightMatrix 0 1", "rnn_recursionMatrix [4, 4] rnn.recursionMatrix 0 1", "rnn_biasVector [4] rnn.biasVector 0 0",
        .. new[] { "update", "reset", "output" }.Select(gate => $"gru_{gate}GateWeightMatrix [4, 6] gru.{gate}GateWeightMatrix 0 1"),
        .. new[] { "update", "reset", "output" }.Select(gate => $"gru_{gate}GateRecursionMatrix [4, 4] gru.{gate}GateRecursionMatrix 0 1"),
        .. Lstm("lstm", ""),
        .. Lstm("bilstm", ""),
        .. Lstm("bilstm", "backward_"),
        "prelu_alpha [4] prelu.alpha 0 0",
        "softplus_alpha [4] softplus_parametric.alpha 0 0", "softplus_beta [4] softplus_parametric.beta 0 0",
        "custom_weights_0 [7] custom.weights_0 0 0", "custom_weights_1 [3] custom.weights_1 0 0",
        "conv3d [4, 3, 2, 2, 2] conv.weight 0 1",
        "inner [4, 6] linear.weight 0 1", "inner#2 [4, 6] linear.weight 0 1",
    ];

    /// <summary>The network.</summary>
    public static byte[] Content() => WireNetwork.Network(
        WireNetwork.Convolution("conv", 6, 4, 1, 3, false, Values(216), Values(6)),
        WireNetwork.Convolution("deconv", 6, 4, 2, 2, true, Values(48)),
        WireNetwork.InnerProduct("fc", 12, 8, Values(96), Values(8)),
        WireNetwork.Layer("mm", 1045, Wire.Of((5, 7), (6, 5), (8, Values(35)))),
        WireNetwork.Layer("embed", 150, Wire.Of((1, 10), (2, 6), (10, 1), (20, Values(60)), (21, Values(6)))),
        WireNetwork.Layer("embednd", 1040, Wire.Of((1, 9), (2, 6), (20, Values(54)))),
        WireNetwork.Layer("norm", 160, Wire.Of((1, 4), (15, Values(4)), (16, Values(4)), (17, Values(4)), (18, Values(4)))),
        WireNetwork.Layer("layernorm", 1350, Wire.Of((1, Wire.Packed(3, 4)), (3, Values(12)), (4, Values(12)))),
        WireNetwork.Layer("scale", 245, Wire.Of((1, Wire.Packed(4, 2, 3)), (2, Values(24)), (3, 1), (4, Wire.Packed(4)), (5, Values(4)))),
        WireNetwork.Layer("bias", 250, Wire.Of((1, Wire.Packed(4, 2, 3)), (2, Values(24)))),
        WireNetwork.Layer("const", 290, Wire.Of((1, Wire.Packed(4, 2, 3)), (2, Values(24)))),
        WireNetwork.Layer("constnd", 1070, Wire.Of((1, Wire.Packed(5, 6)), (2, Values(30)))),
        WireNetwork.Layer("rnn", 400, Wire.Of((1, 6), (2, 4), (20, 1), (30, Values(24)), (31, Values(16)), (32, Values(4)))),
        WireNetwork.Layer("gru", 410, Wire.Of((1, 6), (2, 4), (30, Values(24)), (31, Values(24)), (32, Values(24)), (50, Values(16)), (51, Values(16)), (52, Values(16)))),
        WireNetwork.Layer("lstm", 420, Wire.Of((1, 6), (2, 4), (15, Wire.Of((20, 1), (40, 1))), (20, LstmWeights()))),
        WireNetwork.Layer("bilstm", 430, Wire.Of((1, 6), (2, 4), (15, Wire.Of((20, 1), (40, 1))), (20, LstmWeights()), (20, LstmWeights()))),
        WireNetwork.Layer("prelu", 130, Wire.Of((25, Wire.Of((1, Values(4)))))),
        WireNetwork.Layer("softplus", 130, Wire.Of((71, Wire.Of((1, Values(4)), (2, Values(4)))))),
        WireNetwork.Layer("custom", 500, Wire.Of((10, "Own"), (20, Values(7)), (20, Values(3)), (30, Wire.Of((1, "z"), (2, Wire.Of((20, "last"))))), (30, Wire.Of((1, "a"), (2, Wire.Of((20, "first"))))))),
        WireNetwork.Layer("conv3d", 1471, Wire.Of((1, 4), (2, 3), (10, 1), (20, 2), (21, 2), (22, 2), (60, Values(96)))),
        WireNetwork.Layer("choice", 605, Wire.Of(
            (1, WireNetwork.Network(WireNetwork.InnerProduct("inner", 6, 4, Values(24)))), (2, WireNetwork.Network(WireNetwork.InnerProduct("inner", 6, 4, Values(24)))))),
        WireNetwork.Layer("unknown", 1999, Wire.Of((1, 5), (77, "kept"))));

    private static IEnumerable<string> Lstm(string layer, string direction) =>
    [
        .. new[] { "inputGate", "forgetGate", "blockInput", "outputGate" }.Select(gate => $"{layer}_{direction}{gate}WeightMatrix [4, 6] lstm.{direction}{gate}WeightMatrix 0 1"),
        .. new[] { "inputGate", "forgetGate", "blockInput", "outputGate" }.Select(gate => $"{layer}_{direction}{gate}RecursionMatrix [4, 4] lstm.{direction}{gate}RecursionMatrix 0 1"),
        .. new[] { "inputGate", "forgetGate", "blockInput", "outputGate" }.Select(gate => $"{layer}_{direction}{gate}BiasVector [4] lstm.{direction}{gate}BiasVector 0 0"),
        .. new[] { "inputGate", "forgetGate", "outputGate" }.Select(gate => $"{layer}_{direction}{gate}PeepholeVector [4] lstm.{direction}{gate}PeepholeVector 0 0"),
    ];

    private static byte[] LstmWeights() => Wire.Of(
        (1, Values(24)), (2, Values(24)), (3, Values(24)), (4, Values(24)), (20, Values(16)), (21, Values(16)), (22, Values(16)), (23, Values(16)),
        (40, Values(4)), (41, Values(4)), (42, Values(4)), (43, Values(4)), (60, Values(4)), (61, Values(4)), (62, Values(4)));

    // Both signs, no two alike.
    private static byte[] Values(int count) => WireNetwork.Dense(Enumerable.Range(0, count).Select(i => MathF.Sin((i * 1.7f) + count) * (1 + (i % 5))));
}
