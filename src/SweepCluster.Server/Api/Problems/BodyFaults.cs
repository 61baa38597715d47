using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Api.Problems;

/// <summary>Says in our own words what the framework found wrong with a request, without names of the program's types.</summary>
internal static partial class BodyFaults
{
    /// <summary>What was wrong.</summary>
    internal static string Of(BadHttpRequestException error) => error.InnerException is JsonException json ? Of(json)
        : Parameter().Match(error.Message) is { Success: true } parameter ? $"{parameter.Groups[1].Value}: found '{OneLine.Of(Shorten(parameter.Groups[2].Value))}', expected {Expected(parameter.Groups[0].Value)}."
        : Body().IsMatch(error.Message) ? "body: found none, expected one as /openapi.json has it."
        : OneLine.Of(error.Message);

    private static string Of(JsonException error)
    {
        string place = error.Path is { Length: > 1 } path ? OneLine.Of(Shorten(path)) : "body";
        return Unknown().Match(error.Message) is { Success: true } unknown ? $"{place}: found the key '{OneLine.Of(Shorten(unknown.Groups[1].Value))}', expected one of those in /openapi.json."
            : Required().Match(error.Message) is { Success: true } required ? $"{place}: found no {required.Groups[1].Value}, expected it."
            : Kind().IsMatch(error.Message) ? $"{place}: found a value of another kind, expected that of /openapi.json."
            : Twice().Match(error.Message) is { Success: true } twice ? $"{place}: found the key '{OneLine.Of(Shorten(twice.Groups[1].Value))}' twice, expected it once."
            : Null().IsMatch(error.Message) ? $"{place}: found null, expected a value."
            : $"{place}: found text that is no JSON, line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.";
    }

    private static string Expected(string parameter) => parameter.Contains("<int>", StringComparison.Ordinal) || parameter.Contains("<long>", StringComparison.Ordinal) ? "a whole number" : "another value";

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "..";

    [GeneratedRegex("^Failed to bind parameter \"[^\"]* (\\w+)\" from \"(.*)\"\\.$", RegexOptions.Singleline)]
    private static partial Regex Parameter();

    [GeneratedRegex("^(Implicit body|Required parameter|Failed to read)")]
    private static partial Regex Body();

    [GeneratedRegex("^The JSON property '(.*?)' could not be mapped", RegexOptions.Singleline)]
    private static partial Regex Unknown();

    [GeneratedRegex("missing required properties including: (.*?)\\.", RegexOptions.Singleline)]
    private static partial Regex Required();

    [GeneratedRegex("^The JSON value (could not be converted|is not in a supported)")]
    private static partial Regex Kind();

    [GeneratedRegex("^Duplicate property '(.*?)'", RegexOptions.Singleline)]
    private static partial Regex Twice();

    [GeneratedRegex("doesn't allow (setting )?null values|does not allow null")]
    private static partial Regex Null();
}
