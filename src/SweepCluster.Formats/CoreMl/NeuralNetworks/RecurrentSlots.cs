using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Lists the weights of recurrent layers: matrices <c>[output, input]</c> and <c>[output, output]</c>, biases and peepholes <c>[output]</c>.</summary>
internal static class RecurrentSlots
{
    private const string Backward = "backward_";

    internal static IEnumerable<WeightSlot> Of(NeuralNetworkLayer layer) => layer.LayerCase switch
    {
        NeuralNetworkLayer.LayerOneofCase.SimpleRecurrent => Simple(layer.SimpleRecurrent),
        NeuralNetworkLayer.LayerOneofCase.Gru => Gru(layer.Gru),
        NeuralNetworkLayer.LayerOneofCase.UniDirectionalLSTM when layer.UniDirectionalLSTM is var lstm =>
            Lstm(lstm.WeightParams, lstm.Params, "", lstm.InputVectorSize, lstm.OutputVectorSize),
        NeuralNetworkLayer.LayerOneofCase.BiDirectionalLSTM when layer.BiDirectionalLSTM is var lstm =>
            lstm.WeightParams.Take(2).SelectMany((weights, index) => Lstm(weights, lstm.Params, index == 0 ? "" : Backward, lstm.InputVectorSize, lstm.OutputVectorSize)),
        _ => [],
    };

    private static IEnumerable<WeightSlot> Simple(SimpleRecurrentLayerParams layer)
    {
        ulong x = layer.InputVectorSize, h = layer.OutputVectorSize;
        return
        [
            WeightSlots.Rows(layer.WeightMatrix, "weightMatrix", "rnn", "weightMatrix", h, x),
            WeightSlots.Rows(layer.RecursionMatrix, "recursionMatrix", "rnn", "recursionMatrix", h, h),
            .. Vectors("rnn", "", h, layer.HasBiasVector, [("biasVector", layer.BiasVector)]),
        ];
    }

    private static IEnumerable<WeightSlot> Gru(GRULayerParams layer)
    {
        ulong x = layer.InputVectorSize, h = layer.OutputVectorSize;
        return
        [
            .. Matrices("gru", "", h, x,
                [
                    ("updateGateWeightMatrix", layer.UpdateGateWeightMatrix), ("resetGateWeightMatrix", layer.ResetGateWeightMatrix), ("outputGateWeightMatrix", layer.OutputGateWeightMatrix),
                ]),
            .. Matrices("gru", "", h, h,
                [
                    ("updateGateRecursionMatrix", layer.UpdateGateRecursionMatrix), ("resetGateRecursionMatrix", layer.ResetGateRecursionMatrix),
                    ("outputGateRecursionMatrix", layer.OutputGateRecursionMatrix),
                ]),
            .. Vectors("gru", "", h, layer.HasBiasVectors,
                [("updateGateBiasVector", layer.UpdateGateBiasVector), ("resetGateBiasVector", layer.ResetGateBiasVector), ("outputGateBiasVector", layer.OutputGateBiasVector)]),
        ];
    }

    private static IEnumerable<WeightSlot> Lstm(LSTMWeightParams? weights, LSTMParams? settings, string prefix, ulong x, ulong h)
    {
        if (weights is null)
        {
            return [];
        }

        return
        [
            .. Matrices("lstm", prefix, h, x,
                [
                    ("inputGateWeightMatrix", weights.InputGateWeightMatrix), ("forgetGateWeightMatrix", weights.ForgetGateWeightMatrix),
                    ("blockInputWeightMatrix", weights.BlockInputWeightMatrix), ("outputGateWeightMatrix", weights.OutputGateWeightMatrix),
                ]),
            .. Matrices("lstm", prefix, h, h,
                [
                    ("inputGateRecursionMatrix", weights.InputGateRecursionMatrix), ("forgetGateRecursionMatrix", weights.ForgetGateRecursionMatrix),
                    ("blockInputRecursionMatrix", weights.BlockInputRecursionMatrix), ("outputGateRecursionMatrix", weights.OutputGateRecursionMatrix),
                ]),
            .. Vectors("lstm", prefix, h, settings?.HasBiasVectors ?? false,
                [
                    ("inputGateBiasVector", weights.InputGateBiasVector), ("forgetGateBiasVector", weights.ForgetGateBiasVector),
                    ("blockInputBiasVector", weights.BlockInputBiasVector), ("outputGateBiasVector", weights.OutputGateBiasVector),
                ]),
            .. Vectors("lstm", prefix, h, settings?.HasPeepholeVectors ?? false,
                [
                    ("inputGatePeepholeVector", weights.InputGatePeepholeVector), ("forgetGatePeepholeVector", weights.ForgetGatePeepholeVector),
                    ("outputGatePeepholeVector", weights.OutputGatePeepholeVector),
                ]),
        ];
    }

    private static IEnumerable<WeightSlot> Matrices(string opType, string prefix, ulong rows, ulong columns, (string Name, WeightParams? Values)[] slots) =>
        slots.Select(slot => WeightSlots.Rows(slot.Values, prefix + slot.Name, opType, prefix + slot.Name, rows, columns));

    private static IEnumerable<WeightSlot> Vectors(string opType, string prefix, ulong length, bool arePresent, (string Name, WeightParams? Values)[] slots) =>
        arePresent ? slots.Select(slot => WeightSlots.Vector(slot.Values, prefix + slot.Name, opType, prefix + slot.Name, length)) : [];
}
