using System.Text;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>What a person calls each kind of model.</summary>
internal static class ModelKinds
{
    /// <summary>The kind, as <c>neural network classifier</c>, <c>ML program</c> or <c>tree ensemble regressor</c>.</summary>
    internal static string NameOf(Model model) => model.TypeCase switch
    {
        Model.TypeOneofCase.MlProgram => "ML program",
        Model.TypeOneofCase.None => "model of an unknown kind",
        Model.TypeOneofCase.GlmRegressor => "generalized linear regressor",
        Model.TypeOneofCase.GlmClassifier => "generalized linear classifier",
        var kind => Words(Model.Descriptor.FindFieldByNumber((int)kind).Name),
    };

    /// <summary>The kind with its article.</summary>
    internal static string WithArticle(Model model)
    {
        string name = NameOf(model);
        return "aeioM".Contains(name[0], StringComparison.Ordinal) ? $"an {name}" : $"a {name}";
    }

    /// <summary>Whether this is a neural network, with or without labels around it.</summary>
    internal static bool IsNetwork(Model model) =>
        model.TypeCase is Model.TypeOneofCase.NeuralNetwork or Model.TypeOneofCase.NeuralNetworkClassifier or Model.TypeOneofCase.NeuralNetworkRegressor;

    /// <summary>A name in camel case as words: <c>treeEnsembleClassifier</c> is <c>tree ensemble classifier</c>.</summary>
    private static string Words(string camelCase)
    {
        StringBuilder words = new();
        foreach (char letter in camelCase)
        {
            _ = char.IsAsciiLetterUpper(letter) ? words.Append(' ').Append(char.ToLowerInvariant(letter)) : words.Append(letter);
        }

        return words.ToString();
    }
}
