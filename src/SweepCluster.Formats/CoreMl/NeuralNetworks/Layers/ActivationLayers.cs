using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using Kind = SweepCluster.Formats.CoreMl.Protos.ActivationParams.NonlinearityTypeOneofCase;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Functions of each element.</summary>
internal static class ActivationLayers
{
    internal static Blob Activation(LayerScope scope)
    {
        Blob x = scope.Input();
        ActivationParams activation = scope.Layer.Activation;
        return activation.NonlinearityTypeCase switch
        {
            Kind.Linear => AlphaBeta(scope, "linear_activation", x, activation.Linear),
            Kind.ReLU => scope.EachElement("relu", x),
            Kind.LeakyReLU => Alpha(scope, "leaky_relu", x, activation.LeakyReLU.Alpha),
            Kind.ThresholdedReLU => Alpha(scope, "thresholded_relu", x, activation.ThresholdedReLU.Alpha),
            Kind.PReLU => WithChannels(scope, "prelu", x, ("alpha", scope.Weight("alpha"))),
            Kind.Tanh => scope.EachElement("tanh", x),
            Kind.ScaledTanh => AlphaBeta(scope, "scaled_tanh", x, activation.ScaledTanh),
            Kind.Sigmoid => scope.EachElement("sigmoid", x),
            Kind.SigmoidHard => AlphaBeta(scope, "sigmoid_hard", x, activation.SigmoidHard),
            Kind.ELU => Alpha(scope, "elu", x, activation.ELU.Alpha),
            Kind.Softsign => scope.EachElement("softsign", x),
            Kind.Softplus => scope.EachElement("softplus", x),
            Kind.ParametricSoftplus => WithChannels(scope, "softplus_parametric", x, ("alpha", scope.Weight("alpha")), ("beta", scope.Weight("beta"))),
            _ => throw new LayerOpaqueException(),
        };
    }

    internal static Blob Unary(LayerScope scope)
    {
        UnaryFunctionLayerParams unary = scope.Layer.Unary;
        float scale = unary.Scale == 0f ? 1f : unary.Scale, epsilon = unary.Epsilon == 0f ? 1e-6f : unary.Epsilon;
        Blob x = scope.Input();
        if (scale != 1f || unary.Shift != 0f)
        {
            x = scope.EachElement("linear_activation", x, ("alpha", Constants.Number(scale)), ("beta", Constants.Number(unary.Shift)));
        }

        return unary.Type switch
        {
            UnaryFunctionLayerParams.Types.Operation.Sqrt => scope.EachElement("sqrt", x),
            UnaryFunctionLayerParams.Types.Operation.Rsqrt => scope.EachElement("rsqrt", x, ("epsilon", Constants.Number(epsilon))),
            UnaryFunctionLayerParams.Types.Operation.Inverse => scope.EachElement("inverse", x, ("epsilon", Constants.Number(epsilon))),
            UnaryFunctionLayerParams.Types.Operation.Power => scope.EachElement("pow", x, ("y", Constants.Number(unary.Alpha))),
            UnaryFunctionLayerParams.Types.Operation.Exp => scope.EachElement("exp", x),
            UnaryFunctionLayerParams.Types.Operation.Log => scope.EachElement("log", x, ("epsilon", Constants.Number(0f))),
            UnaryFunctionLayerParams.Types.Operation.Abs => scope.EachElement("abs", x),
            UnaryFunctionLayerParams.Types.Operation.Threshold => Alpha(scope, "threshold", x, unary.Alpha),
            _ => throw new LayerOpaqueException(),
        };
    }

    internal static Blob Clip(LayerScope scope) => scope.EachElement(
        "clip", scope.Input(), ("alpha", Constants.Number(scope.Layer.Clip.MinVal)), ("beta", Constants.Number(scope.Layer.Clip.MaxVal)));

    internal static Blob ClampedRelu(LayerScope scope) => scope.EachElement(
        "clamped_relu", scope.Input(), ("alpha", Constants.Number(scope.Layer.ClampedReLU.Alpha)), ("beta", Constants.Number(scope.Layer.ClampedReLU.Beta)));

    internal static Blob Gelu(LayerScope scope) => scope.EachElement("gelu", scope.Input(), ("mode", Constants.Text(scope.Layer.Gelu.Mode switch
    {
        GeluLayerParams.Types.GeluMode.Exact => "EXACT",
        GeluLayerParams.Types.GeluMode.TanhApproximation => "TANH_APPROXIMATION",
        GeluLayerParams.Types.GeluMode.SigmoidApproximation => "SIGMOID_APPROXIMATION",
        _ => throw new LayerOpaqueException(),
    })));

    private static Blob Alpha(LayerScope scope, string type, Blob x, float alpha) => scope.EachElement(type, x, ("alpha", Constants.Number(alpha)));

    private static Blob AlphaBeta(LayerScope scope, string type, Blob x, AlphaBetaActivation activation) =>
        scope.EachElement(type, x, ("alpha", Constants.Number(activation.Alpha)), ("beta", Constants.Number(activation.Beta)));

    // One number for each channel, or one for all.
    private static Blob WithChannels(LayerScope scope, string type, Blob x, params ReadOnlySpan<(string Input, Operand? Operand)> inputs)
    {
        Blob picture = scope.Picture(x);
        return scope.Unpicture(scope.EachElement(type, picture, inputs), x);
    }
}
