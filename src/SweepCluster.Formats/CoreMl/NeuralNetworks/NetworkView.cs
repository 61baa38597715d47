using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>What a plain network, a classifier and a regressor have alike, and what a classifier adds.</summary>
/// <param name="Layers">The layers, in the order in which they run.</param>
/// <param name="Preprocessing">What is done to inputs first.</param>
/// <param name="ArrayMapping">How arrays become blobs.</param>
/// <param name="ImageMapping">How pictures become blobs.</param>
internal sealed record NetworkView(
    IList<NeuralNetworkLayer> Layers, IList<NeuralNetworkPreprocessing> Preprocessing, NeuralNetworkMultiArrayShapeMapping ArrayMapping, NeuralNetworkImageShapeMapping ImageMapping)
{
    /// <summary>Class labels of a classifier, whole numbers as text; null elsewhere.</summary>
    internal ImmutableArray<string>? ClassLabels { get; private init; }

    /// <summary>Name of the output that holds a classifier's probabilities; empty for the last layer's.</summary>
    internal string ProbabilityBlob { get; private init; } = "";

    /// <summary>The network of a model; null where it is of another kind.</summary>
    internal static NetworkView? Of(Model model) => model.TypeCase switch
    {
        Model.TypeOneofCase.NeuralNetwork => Of(model.NeuralNetwork),
        Model.TypeOneofCase.NeuralNetworkClassifier when model.NeuralNetworkClassifier is var classifier =>
            new NetworkView(classifier.Layers, classifier.Preprocessing, classifier.ArrayInputShapeMapping, classifier.ImageInputShapeMapping)
            {
                ClassLabels = classifier.ClassLabelsCase switch
                {
                    NeuralNetworkClassifier.ClassLabelsOneofCase.StringClassLabels => [.. classifier.StringClassLabels.Vector],
                    NeuralNetworkClassifier.ClassLabelsOneofCase.Int64ClassLabels =>
                        [.. classifier.Int64ClassLabels.Vector.Select(label => label.ToString(CultureInfo.InvariantCulture))],
                    _ => null,
                },
                ProbabilityBlob = classifier.LabelProbabilityLayerName,
            },
        Model.TypeOneofCase.NeuralNetworkRegressor when model.NeuralNetworkRegressor is var regressor =>
            new NetworkView(regressor.Layers, regressor.Preprocessing, regressor.ArrayInputShapeMapping, regressor.ImageInputShapeMapping),
        _ => null,
    };

    /// <summary>A network inside a layer, or a plain one.</summary>
    internal static NetworkView Of(NeuralNetwork network) =>
        new(network.Layers, network.Preprocessing, network.ArrayInputShapeMapping, network.ImageInputShapeMapping);
}
